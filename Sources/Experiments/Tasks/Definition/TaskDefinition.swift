import Crypto
import Formats
import Foundation

/// A classification task as data: files, columns, classes, evaluation sets and patterns.
///
/// ``TaskFile`` reads one from the YAML that people write; as `Codable` it travels to workers.
/// ``validated()`` checks whether its parts fit together.
package struct TaskDefinition: Codable, Hashable, Sendable {
  /// How sources name the task: `cola`.
  package var name: String
  /// The classes; class `i` is the element at index `i`.
  package var labels: [String]
  /// Names of the input texts in their usual order, as patterns name them: `premise`, `hypothesis`.
  package var fields: [String]
  /// Every file the task reads, by role; ``trainingRole`` is the pool that samples are drawn from.
  package var files: [DataFile]
  package var evaluations: [EvaluationDefinition]
  package var patterns: [PatternDefinition]
  /// Name of the pattern used when a source asks for none.
  package var defaultPattern: String
  /// Information about the task for people; it does not affect results.
  package var about: TaskAbout

  /// The tag that says which rows belong together, as those of one author do; no tag that a task file
  /// declares has this name.
  static let groupingTag = "(group)"

  /// The role of the file that few-shot samples are drawn from.
  package static let trainingRole = "train"

  package init(
    name: String, labels: [String], fields: [String], files: [DataFile],
    evaluations: [EvaluationDefinition], patterns: [PatternDefinition], defaultPattern: String,
    about: TaskAbout = TaskAbout()
  ) {
    self.name = name
    self.labels = labels
    self.fields = fields
    self.files = files
    self.evaluations = evaluations
    self.patterns = patterns
    self.defaultPattern = defaultPattern
    self.about = about
  }
}

extension TaskDefinition {
  /// Name of the pattern that joins the input texts with a space and has no label words.
  package static let plainPattern = "plain"

  /// Every pattern by name, `plain` first, ready for a message that lists them.
  package var patternNames: [String] { [Self.plainPattern] + patterns.map(\.name) }

  /// The pattern called `name`, or the default one, ready to render examples.
  ///
  /// `plain` exists for every task: the input texts separated by one space, no label words.
  ///
  /// - Parameter name: A pattern of this task; nil means ``defaultPattern``.
  /// - Returns: The compiled pattern.
  /// - Throws: ``TaskError`` if there is no such pattern or its template names an unknown field.
  package func pattern(named name: String? = nil) throws(TaskError) -> Pattern {
    let wanted = name ?? defaultPattern
    if let definition = patterns.first(where: { $0.name == wanted }) {
      return try Pattern(definition, of: self)
    }
    guard wanted == Self.plainPattern else {
      throw TaskError(.unknownPattern(wanted, known: patternNames), task: self.name)
    }
    let template = fields.map { "{\($0)}" }.joined(separator: " ")
    return try Pattern(PatternDefinition(wanted, template, labelWords: []), of: self)
  }

  /// This definition, once its parts are known to fit together.
  ///
  /// - Returns: The same definition.
  /// - Throws: ``TaskError`` with ``TaskError/Reason/invalidDefinition(_:)`` naming the first misfit.
  func validated() throws(TaskError) -> TaskDefinition {
    if let misfit = firstMisfit() { throw TaskError(.invalidDefinition(misfit), task: name) }
    for definition in patterns { _ = try Pattern(definition, of: self) }
    _ = try pattern()
    return self
  }

  private func firstMisfit() -> String? {
    if !(2...255).contains(labels.count) { return "it needs 2 to 255 labels" }
    if fields.isEmpty { return "it has no input field" }
    let setNames = evaluations.flatMap { [$0.name] + $0.subsets.map(\.name) }
    for (what, names) in [
      ("label", labels), ("field", fields), ("file role", files.map(\.role)),
      ("evaluation set", setNames), ("pattern", patterns.map(\.name)),
    ] {
      if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
        return "the \(what) '\(twice)' is listed twice"
      }
    }
    for file in files {
      if let misfit = firstMisfit(of: file) { return misfit }
    }
    let roles = files.map(\.role)
    for role in [Self.trainingRole] + evaluations.map(\.file) where !roles.contains(role) {
      return "no file has the role '\(role)'"
    }
    for evaluation in evaluations {
      let tags = files.first { $0.role == evaluation.file }?.tags.keys.sorted() ?? []
      let used =
        (evaluation.filters + evaluation.subsets.map(\.filter)).flatMap(\.tags.keys)
        + evaluation.stratifyBy
      if let missing = used.sorted().first(where: { !tags.contains($0) }) {
        return "set '\(evaluation.name)' uses the tag '\(missing)', which file role "
          + "'\(evaluation.file)' does not declare"
      }
    }
    return nil
  }

  /// Why a file cannot be part of this task, or nil.
  func firstMisfit(of file: DataFile) -> String? {
    if let generator = file.generator {
      if !file.candidates.isEmpty {
        return "file role '\(file.role)' has both files and the generator '\(generator)'"
      }
      if GeneratedData.named(generator)?.text(role: file.role) == nil {
        return "generator '\(generator)' makes nothing for file role '\(file.role)'"
      }
    } else if file.candidates.isEmpty {
      return "file role '\(file.role)' names no file"
    }
    if let missing = fields.first(where: { file.fields[$0] == nil }) {
      return "file role '\(file.role)' has no column for the field '\(missing)'"
    }
    let classes = Set(
      file.labels.values.compactMap { if case .label(let label) = $0 { label } else { nil } })
    if let outside = classes.sorted().first(where: { !labels.indices.contains($0) }) {
      return "file role '\(file.role)' maps to class \(outside), but there are \(labels.count)"
    }
    let columns = Array(file.fields.values) + Array(file.tags.values) + [file.label]
    for case .number(let number) in columns where number < 1 {
      return "file role '\(file.role)' names column \(number); columns count from 1"
    }
    if file.format == .jsonl {
      for case .number(let number) in columns {
        return "file role '\(file.role)' names column \(number); the rows of JSON Lines have names"
      }
      return nil
    }
    for case .named(let names) in columns where !file.hasHeader {
      return "file role '\(file.role)' names a column '\(names.first ?? "")' but has no header"
    }
    return nil
  }
}

/// An evaluation set, and its parts that are reported separately.
package struct EvaluationDefinition: Codable, Hashable, Sendable {
  /// How sources name the set: `in-domain`, `ood`, `hans-subsequence`.
  package var name: String
  package var domain: EvaluationDomain
  /// Role of the file the rows come from.
  package var file: String
  /// Which rows of the file belong to the set; nil means all.
  package var filter: RowFilter?
  /// Tags whose combinations keep their shares when a limit draws fewer rows; the class always does.
  package var stratifyBy: [String]
  /// Parts of this set that get metrics of their own from the same predictions.
  package var subsets: [SubsetDefinition]

  package init(
    name: String, domain: EvaluationDomain, file: String, filter: RowFilter? = nil,
    stratifyBy: [String] = [], subsets: [SubsetDefinition] = []
  ) {
    self.name = name
    self.domain = domain
    self.file = file
    self.filter = filter
    self.stratifyBy = stratifyBy
    self.subsets = subsets
  }

  /// The filter as a list, so that it can be walked with those of the subsets.
  var filters: [RowFilter] { filter.map { [$0] } ?? [] }
}

/// Whether a set resembles the training pool.
package enum EvaluationDomain: String, Codable, Hashable, Sendable, CaseIterable {
  case inDomain = "in-domain"
  case outOfDomain = "ood"
}

/// A named part of an evaluation set, with metrics from the same predictions.
package struct SubsetDefinition: Codable, Hashable, Sendable {
  package var name: String
  package var filter: RowFilter

  package init(name: String, filter: RowFilter) {
    self.name = name
    self.filter = filter
  }
}

/// Chooses rows by the text of tag columns and by class; every condition must hold.
package struct RowFilter: Codable, Hashable, Sendable {
  package var tags: [String: String]
  package var label: Int?

  package init(tags: [String: String] = [:], label: Int? = nil) {
    self.tags = tags
    self.label = label
  }
}

/// Information about a task for people; it does not affect results.
package struct TaskAbout: Codable, Hashable, Sendable {
  /// One line that describes the task.
  package var title: String?
  /// The paper or page the task comes from.
  package var citation: String?
  /// The licence of the files, if known.
  package var licence: String?
  /// Where to get the task's files.
  package var downloads: [Download]

  package init(
    title: String? = nil, citation: String? = nil, licence: String? = nil,
    downloads: [Download] = []
  ) {
    self.title = title
    self.citation = citation
    self.licence = licence
    self.downloads = downloads
  }
}

/// Where to get some of a task's files.
package struct Download: Codable, Hashable, Sendable {
  package enum Source: Codable, Hashable, Sendable {
    /// A file to fetch, with the SHA-256 of its bytes where it is known.
    case address(String, sha256: String?)
    /// Something only a person can do, in words.
    case byHand(String)
  }

  package var source: Source
  /// Whether the address holds a zip archive, whose members ``files`` are.
  package var isArchive: Bool
  /// Paths below the data folder that it provides; those of an archive are its members' names too.
  package var files: [String]

  package init(_ source: Source, isArchive: Bool = false, files: [String]) {
    self.source = source
    self.isArchive = isArchive
    self.files = files
  }

  /// Whether a path names a file below the folder it is relative to, however it is read.
  static func isInside(_ path: String) -> Bool {
    path.split(atByte: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.equals(bytes: ".") && !part.equals(bytes: "..")
        // What begins with a hyphen is an option to the programs that fetch and unpack.
        && !part.starts(withBytes: "-") && part.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
  }
}

extension TaskDefinition {
  /// SHA-256 of all of the definition that can change a result: with another template, column or label
  /// word every cell has another key, with another path, note or title it keeps its own.
  var digest: String {
    get throws {
      var essence = self
      essence.about = TaskAbout()
      for i in essence.files.indices { essence.files[i].candidates = [] }
      return SHA256.hash(data: try JSONCoding.data(of: essence)).hexadecimal
    }
  }
}
