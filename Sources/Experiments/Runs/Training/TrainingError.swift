/// Why a method cannot be trained, or a trained model cannot be used.
package struct TrainingError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case noFile
    case unknownFormat(String)
    case noRows
    case noColumn(String, header: [String])
    case emptyLabel
    case oneClass(String)
    case tooManyClasses(Int)
    case unknownLabel(String, known: [String])
    case missingPair
    case takenColumn(String)
    case tableOnStandardInput
    case unwritableFile(String)
    case grid
    case noModel(method: String)
    case unusedWithoutModel(option: String, method: String)
    case nothingLeft(heldOut: Int)
    case nothingToChooseOn
    case noDropout(method: String)
    case malformedWords(String, why: String)
    case noStart
    case otherLabels([String], examples: [String])
    case wrongAdapter(kind: String, adaptation: String)
    case contradictedAdapter(option: String, given: String, stored: String)
    case misfitAdapter(String)
    case folderExists
    case unwritableFolder(String)
    case notSavable(String)
    case noTrainedModel
    case unknownSchema(String)
    case malformedRecord(String)
    case otherBase(expected: String)
    case malformedLine(String)
  }

  package let reason: Reason
  package let file: String?
  /// From 1.
  package let line: Int?
  /// From 1, in bytes.
  package let column: Int?

  package init(_ reason: Reason, file: String? = nil, line: Int? = nil, column: Int? = nil) {
    self.reason = reason
    self.file = file
    self.line = line
    self.column = column
  }
}

extension TrainingError: CustomStringConvertible {
  /// `file:line:column: error: what` and a line of help, as compilers print them.
  package var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap(\.self)
      .joined(separator: ":")
    return (place.isEmpty ? "" : place + ": ") + "error: \(message)\n  help: \(help)"
  }

  /// What is wrong, without place and help.
  package var message: String {
    switch reason {
    case .noFile: "there is no such file"
    case .unknownFormat(let ending):
      ending.isEmpty
        ? "the file name has no extension, which decides its format"
        : "'.\(ending)' is not a format for examples"
    case .noRows: "the file has no examples"
    case .noColumn(let name, _): "the header has no column '\(name)'"
    case .emptyLabel: "the label is empty"
    case .oneClass(let label): "every example has the label '\(label)'"
    case .tooManyClasses(let count):
      "the file has \(count) different labels; at most 255 are supported"
    case .unknownLabel(let label, _): "no training example has the label '\(label)'"
    case .missingPair: "the model was trained on pairs, and the second text is missing"
    case .takenColumn(let name): "the file has a column '\(name)' already"
    case .tableOnStandardInput: "this looks like the header of a table"
    case .unwritableFile(let why): "the file cannot be written: \(why)"
    case .grid: "a grid of settings is not supported here"
    case .noModel(let method): "method '\(method)' needs a model"
    case .unusedWithoutModel(let option, let method):
      "method '\(method)' reads the texts alone, so \(option) has no effect"
    case .nothingLeft(let heldOut):
      "with \(heldOut) examples held out, a class has no training examples left"
    case .nothingToChooseOn: "there is no file to choose an epoch on"
    case .noDropout(let method): "method '\(method)' has no dropout"
    case .malformedWords(let text, _): "'\(text)' does not give a label word for each label"
    case .noStart: "there is neither an adapter nor a head to start from"
    case .otherLabels(let stored, let examples):
      "the head's classes are \(list(stored)), but the examples have \(list(examples))"
    case .wrongAdapter(let kind, let adaptation):
      "the adapter is \(kind), but the method trains '\(adaptation)'"
    case .contradictedAdapter(let option, let given, let stored):
      "'\(option)' is set to \(given), but the adapter to start from has \(stored)"
    case .misfitAdapter(let why): "the adapter to start from does not fit: \(why)"
    case .folderExists: "this path already exists"
    case .unwritableFolder(let why): "the folder cannot be written: \(why)"
    case .notSavable(let why): "the trained model cannot be saved: \(why)"
    case .noTrainedModel: "the folder contains no trained model"
    case .unknownSchema(let schema): "the record has the unknown schema '\(schema)'"
    case .malformedRecord(let why): "the record cannot be read: \(why)"
    case .otherBase: "the base model is not the one that the training started from"
    case .malformedLine(let why): "the line is not an example: \(why)"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .noFile: "check the path"
    case .unknownFormat:
      "name it .tsv, .csv or .jsonl according to its format, with .gz or .zip after that if it is "
        + "compressed"
    case .noRows: "write a header, and below it one example per line"
    case .noColumn(_, let header):
      "its columns are \(list(header)); name the right ones with --text, --pair and --label"
    case .emptyLabel: "give every example the name of its class"
    case .oneClass: "training needs examples of at least two classes"
    case .tooManyClasses: "is 'label' the right column?"
    case .unknownLabel(_, let known): "the labels are \(list(known))"
    case .missingPair: "write both texts with a TAB between them, or {\"text\":…,\"pair\":…}"
    case .takenColumn: "rename the column, or leave it out"
    case .tableOnStandardInput:
      "name the file: ftreport predict MODEL FILE.csv -o OUT.csv keeps its rows and columns"
    case .unwritableFile: "check that the folder exists, is writable and has enough space"
    case .grid: "only reports have grids; give one value"
    case .noModel: "name a Hugging Face folder, or 'builtin', with --model"
    case .unusedWithoutModel(let option, _): "leave \(option) out"
    case .nothingLeft: "set 'validation' to a smaller number"
    case .nothingToChooseOn: "give one with --eval, or set selection=best-held-out"
    case .noDropout: "leave 'dropout' out, or set it to 0"
    case .malformedWords(_, let why): why
    case .noStart:
      "name an adapter's folder in PEFT's layout, or a safetensors file with 'score.weight'"
    case .otherLabels:
      "name the examples' labels as the head's classes are named, in id2label of its config.json"
    case .wrongAdapter: "choose the method that trained it, or merge it with 'model convert' first"
    case .contradictedAdapter(let option, _, _): "leave '\(option)' out"
    case .misfitAdapter: "an adapter can only continue training with the model it was made for"
    case .folderExists: "name another folder, or remove this one first"
    case .unwritableFolder: "check that the parent folder exists, is writable and has enough space"
    case .notSavable: "train without --save, or choose another method"
    case .noTrainedModel: "name a folder that 'ftreport train --save' wrote"
    case .unknownSchema: "it was written by a newer version of ftreport"
    case .malformedRecord: "train the model again"
    case .otherBase(let expected): "use \(expected) unchanged, or name the model with --base"
    case .malformedLine:
      "write a text, two texts with a TAB between them, or {\"text\":…,\"pair\":…}"
    }
  }

  /// A mistake in a file that belongs to no task.
  static func of(_ error: TaskError, in path: String) -> any Error {
    switch error.reason {
    case .emptyFile: TrainingError(.noRows, file: path)
    case .missingColumn(let names, let header):
      TrainingError(.noColumn(names[0], header: header), file: path, line: error.line)
    default: TaskError(error.reason, file: path, line: error.line, column: error.column)
    }
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
