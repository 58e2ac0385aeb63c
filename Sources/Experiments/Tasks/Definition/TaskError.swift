import Formats

/// What is wrong with a task or one of its files, where, and what to do about it.
package struct TaskError: Error, Hashable, Sendable {
  /// In place of a class where examples of all count.
  static let anyClass = "any"

  package enum Reason: Hashable, Sendable {
    case unknownTask(String, known: [String])
    case unknownPattern(String, known: [String])
    case unknownField(String, pattern: String, known: [String])
    case unknownSet(String, known: [String])
    case invalidDefinition(String)
    case missingFile(role: String, tried: [String], folder: String)
    case unreadableFile(String)
    case emptyFile
    case missingColumn(names: [String], header: [String])
    case wrongColumnCount(found: Int, needed: Int, format: DataFormat = .tsv)
    /// A row that breaks the rules of its format.
    case malformedRow(String, help: String)
    case missingMember(names: [String], members: [String])
    case invalidUTF8
    case unknownLabel(String, known: [String])
    case emptySet(String)
    case tooFewExamples(label: String, available: Int, needed: Int)
    case invalidShots(Int)
    /// More texts an example than a model is trained on outside of a report.
    case tooManyFields(Int)
  }

  package let reason: Reason
  package let task: String?
  package let file: String?
  /// From 1.
  package let line: Int?
  /// From 1, in bytes.
  package let column: Int?

  package init(
    _ reason: Reason, task: String? = nil, file: String? = nil, line: Int? = nil,
    column: Int? = nil
  ) {
    self.reason = reason
    self.task = task
    self.file = file
    self.line = line
    self.column = column
  }

  /// The same error with the file filled in if it is missing.
  func `in`(_ file: String) -> TaskError {
    TaskError(reason, task: task, file: self.file ?? file, line: line, column: column)
  }

  /// The same error with task and file filled in where they are missing.
  func of(_ task: String, file: String? = nil) -> TaskError {
    TaskError(
      reason, task: self.task ?? task, file: self.file ?? file, line: line, column: column)
  }
}

extension TaskError: CustomStringConvertible {
  /// `file:line:column: error: what` and a line of help, as compilers print them.
  package var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap(\.self)
      .joined(separator: ":")
    let subject = task.map { "task '\($0)': " } ?? ""
    return (place.isEmpty ? "" : place + ": ") + "error: \(subject)\(message)\n  help: \(help)"
  }

  /// What is wrong, without place and help.
  package var message: String {
    switch reason {
    case .unknownTask(let name, _): "there is no task '\(name)'"
    case .unknownPattern(let name, _): "there is no pattern '\(name)'"
    case .unknownField(let name, let pattern, _):
      "pattern '\(pattern)' names the field '{\(name)}', which the task does not have"
    case .unknownSet(let name, _): "there is no evaluation set '\(name)'"
    case .invalidDefinition(let what): "the task's definition is inconsistent: \(what)"
    case .missingFile(let role, _, let folder): "no file for '\(role)' in \(folder)"
    case .unreadableFile(let why): "the file cannot be read: \(why)"
    case .emptyFile: "the file has no rows"
    case .missingColumn(let names, _):
      "the header has no column '\(names.joined(separator: "' or '"))'"
    case .wrongColumnCount(let found, let needed, _):
      "the row has \(found) \(found == 1 ? "column" : "columns"), \(needed) are needed"
    case .malformedRow(let what, _): what
    case .tooManyFields(let count):
      "the task has \(count) texts an example, and 'ftreport train' takes one or two"
    case .missingMember(let names, _):
      "the row has no value for '\(names.joined(separator: "' or '"))'"
    case .invalidUTF8: "the text is not valid UTF-8"
    case .unknownLabel(let text, _): "'\(text)' is not a label of the task"
    case .emptySet(let name): "no row of the file belongs to the evaluation set '\(name)'"
    case .tooFewExamples(let label, let available, let needed):
      (label == Self.anyClass ? "the pool" : "class '\(label)'")
        + " has \(available) training example\(available == 1 ? "" : "s"), "
        + "\(needed) \(needed == 1 ? "is" : "are") needed"
    case .invalidShots(let shots): "\(shots) shots were asked for"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .unknownTask(let name, let known):
      Suggestion.closest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "the tasks are \(known.joined(separator: ", "))"
    case .unknownPattern(let name, let known):
      Suggestion.closest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "its patterns are \(known.joined(separator: ", "))"
    case .unknownField(_, _, let known): "its fields are \(known.joined(separator: ", "))"
    case .unknownSet(_, let known): "its sets are \(known.joined(separator: ", "))"
    case .invalidDefinition: "correct the task's definition"
    case .missingFile(_, let tried, _):
      "put one of \(tried.joined(separator: ", ")) there, or name another folder with 'data:'"
    case .unreadableFile: "check that it is a regular file and that you can read it"
    case .emptyFile: "the download may be incomplete; fetch the file again"
    case .missingColumn(let names, let header):
      names.lazy.compactMap { Suggestion.closest(to: $0, in: header) }.first
        .map { "the task uses it; did you mean '\($0)'?" }
        ?? "it has \(header.joined(separator: ", "))"
    case .wrongColumnCount(_, _, .csv):
      "put cells that contain a comma, a quote or a line end in double quotes"
    case .wrongColumnCount:
      "columns are separated by TAB and never quoted; was the file saved by a spreadsheet?"
    case .malformedRow(_, let help): help
    case .tooManyFields: "reports can train on it"
    case .missingMember(_, let members):
      members.isEmpty ? "the row is empty" : "it has \(members.joined(separator: ", "))"
    case .invalidUTF8: "convert the file, for example with 'iconv -f latin1 -t utf-8'"
    case .unknownLabel(_, let known):
      "the label column may contain \(known.joined(separator: ", "))"
    case .emptySet: "the file may be incomplete; fetch it again"
    case .tooFewExamples(_, let available, _):
      available == 0
        ? "every class needs at least one training example"
        : "ask for fewer shots, or use a larger training file"
    case .invalidShots: "a sample needs at least one example"
    }
  }
}
