import Formats
import Foundation

/// The labelled texts a method is trained on outside a report, and the sets it is scored on.
package struct TrainingFiles: Hashable, Sendable {
  /// Of a file `text`, and `pair` where it has it; of a task its own.
  package let fields: [String]
  /// Of a task its own; of a file its distinct labels in ascending order.
  ///
  /// The order is that of numbers where all are whole numbers, else of their UTF-8 bytes; that of the
  /// file plays no part.
  package let labels: [String]
  package let training: [Example]
  package let evaluations: [EvaluationSet]
  /// What is odd about the files, each with its path in front.
  package let oddities: [String]
  /// What the columns of a file to predict are called.
  let columns: ExampleColumns
  /// What ``training`` was drawn from; nil for a file, which is all there is.
  let drawn: Drawn?

  /// Where a sample comes from.
  struct Drawn: Hashable, Sendable {
    let pool: [Example]
    /// Places of the sample, in the order of training.
    let places: [Int]
    let counting: ShotCounting
  }

  /// Reads what a request names.
  ///
  /// - Throws: ``TrainingError`` or ``TaskError`` with file, line and column.
  init(_ request: TrainingRequest) throws {
    guard let task = request.task else {
      try self.init(
        training: request.training, evaluations: request.evaluations, columns: request.columns)
      return
    }
    try self.init(task, evaluations: request.evaluations, seed: request.seed)
  }

  /// Draws a sample as a report's cell does.
  ///
  /// - Parameters:
  ///   - sample: Of which task, and how large.
  ///   - evaluations: Names of the task's sets to score; none for all.
  ///   - seed: Of the cell.
  /// - Throws: ``TaskError``.
  init(_ sample: TaskSample, evaluations: [String], seed: UInt64) throws {
    let loaded = try TaskLoader(folder: sample.folder)
      .load(sample.definition, sets: evaluations.isEmpty ? nil : evaluations)
    fields = loaded.definition.fields
    labels = loaded.definition.labels
    let drawn = try loaded.sample(
      shots: sample.shots ?? loaded.training.count, per: sample.counting,
      seed: Int(truncatingIfNeeded: seed))
    training = drawn.examples
    self.drawn = Drawn(pool: loaded.training, places: drawn.indices, counting: sample.counting)
    self.evaluations = loaded.evaluations
    oddities = []
    columns = ExampleColumns(of: loaded.definition)
  }

  /// Reads all files; the labels are those of the training file.
  ///
  /// - Parameters:
  ///   - training: A file of examples of at least two classes.
  ///   - evaluations: Files to score, named as they are given.
  ///   - columns: What the columns are called in all of them.
  /// - Throws: ``TrainingError`` or ``TaskError`` with file, line and column.
  package init(
    training: String, evaluations: [String], columns: ExampleColumns = ExampleColumns()
  ) throws {
    let file = try LabelledFile(training, columns: columns)
    labels = Self.ordered(Set(file.rows.map(\.label)))
    guard labels.count > 1 else { throw TrainingError(.oneClass(labels[0]), file: training) }
    guard labels.count <= 255 else {
      throw TrainingError(.tooManyClasses(labels.count), file: training)
    }
    fields = file.hasPair ? ExampleColumns.fields : [ExampleColumns.fields[0]]
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    self.training = file.rows.map { Example(fields: $0.texts, label: places[$0.label] ?? 0) }
    var oddities = file.oddities.map { "\(training): \($0)" }
    let trained = Set(self.training.map(\.normalizedText))
    var sets: [EvaluationSet] = []
    for path in evaluations {
      let file = try LabelledFile(path, columns: columns, needsPair: fields.count == 2)
      var examples: [Example] = []
      for row in file.rows {
        guard let label = places[row.label] else {
          throw TrainingError(
            .unknownLabel(row.label, known: labels), file: path, line: row.line)
        }
        examples.append(Example(fields: Array(row.texts.prefix(fields.count)), label: label))
      }
      sets.append(EvaluationSet(name: path, domain: .inDomain, examples: examples))
      oddities += file.oddities.map { "\(path): \($0)" }
      let shared = examples.count { trained.contains($0.normalizedText) }
      if shared > 0 {
        oddities.append(
          "\(path): \(shared) of the \(examples.count) examples are in the training file too")
      }
    }
    self.evaluations = sets
    self.oddities = oddities
    self.columns = columns
    drawn = nil
  }

  static func ordered(_ labels: Set<String>) -> [String] {
    let numbers = labels.compactMap { label in Int(label).map { (label, $0) } }
    if numbers.count == labels.count {
      return numbers.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }.map(\.0)
    }
    return labels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// What the columns of examples are called outside a report.
package struct ExampleColumns: Codable, Hashable, Sendable {
  /// Names of an example's texts in templates.
  static let fields = ["text", "pair"]

  package var text = fields[0]
  /// Nil for `pair`, where a file has it.
  package var pair: String?
  package var label = "label"

  package init(text: String = fields[0], pair: String? = nil, label: String = "label") {
    self.text = text
    self.pair = pair
    self.label = label
  }

  /// The columns of a task's training file; a column that has only a number is called like the field.
  init(of task: TaskDefinition) {
    let file = task.files.first { $0.role == TaskDefinition.trainingRole }
    func column(_ field: String) -> String {
      if case .named(let names)? = file?.fields[field], let name = names.first { return name }
      return field
    }
    text = task.fields.first.map(column) ?? text
    pair = task.fields.count > 1 ? column(task.fields[1]) : nil
    if case .named(let names)? = file?.label, let name = names.first { label = name }
  }

  /// The columns of an example's texts.
  ///
  /// - Parameter count: 1 or 2.
  /// - Returns: As many names.
  func texts(_ count: Int) -> [String] { Array([text, pair ?? Self.fields[1]].prefix(count)) }
}

extension DataTable {
  /// Opens a file whose ending says its format, or a folder that `datasets` saved.
  ///
  /// - Parameter path: As the user named it, for messages.
  /// - Returns: The file.
  /// - Throws: ``TrainingError`` for a file that is not there or has another ending, ``TaskError``.
  static func named(_ path: String) throws -> DataTable {
    let url = URL(fileURLWithPath: path)
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isFolder.boolValue { return try DataTable(DatasetFolder.file(in: url)) }
    guard let format = DataFormat(path: path) else {
      throw TrainingError(.unknownFormat(url.pathExtension), file: path)
    }
    guard isThere else { throw TrainingError(.noFile, file: path) }
    return try DataTable(url, format: format)
  }
}

/// A file of labelled texts; columns that are not asked for are ignored.
///
/// The extension decides the format: see ``DataFormat``. TSV and CSV begin with a header.
struct LabelledFile {
  /// One example as written.
  struct Row: Hashable {
    /// The text, and the one it is paired with.
    let texts: [String]
    let label: String
    /// From 1.
    let line: Int
  }

  let hasPair: Bool
  /// In the order of the file; at least one.
  let rows: [Row]
  /// What is odd about it.
  let oddities: [String]

  /// Reads and checks a whole file.
  ///
  /// - Parameters:
  ///   - path: As the user named it, for messages.
  ///   - columns: What its columns are called.
  ///   - needsPair: Whether the second text has to be there.
  /// - Throws: ``TrainingError`` or ``TaskError`` with the place of the first mistake.
  init(
    _ path: String, columns: ExampleColumns = ExampleColumns(), needsPair: Bool = false
  ) throws {
    let table = try DataTable.named(path)
    let names: [String]
    do throws(TaskError) {
      names = try table.columnNames()
      hasPair = columns.pair != nil || names.contains(ExampleColumns.fields[1])
      let texts = columns.texts(needsPair || hasPair ? 2 : 1)
      rows = try table.rows(of: (texts + [columns.label]).map { .named([$0]) }).map { row in
        Row(texts: Array(row.texts.dropLast()), label: row.texts[texts.count], line: row.line)
      }
    } catch {
      throw TrainingError.of(error, in: path)
    }
    guard !rows.isEmpty else { throw TrainingError(.noRows, file: path) }
    if let row = rows.first(where: \.label.isEmpty) {
      throw TrainingError(.emptyLabel, file: path, line: row.line)
    }
    oddities =
      TableOddities(labels: rows.map(\.label), texts: rows.map(\.texts), header: names).sentences
  }
}

/// The task that a file of labelled texts makes.
struct TrainingTask {
  let definition: TaskDefinition
  /// Whether the pattern was given and is not the usual one.
  let hasOwnPattern: Bool

  /// The only pattern: a template of the user's, or the text and a question mark.
  static let pattern = "words"

  /// The task of a request.
  init(of files: TrainingFiles, _ request: TrainingRequest) throws {
    if let task = request.task {
      self.init(task.definition)
    } else {
      try self.init(
        fields: files.fields, labels: files.labels, template: request.pattern, words: request.words)
    }
  }

  /// A task that has patterns of its own.
  init(_ definition: TaskDefinition) {
    self.definition = definition
    hasOwnPattern = false
  }

  /// Describes the files' task.
  ///
  /// The label words are the labels themselves unless `words` sets others, as
  /// `No,Yes` in the order of the labels or as `bad=No,good=Yes`.
  ///
  /// - Parameters:
  ///   - fields: Names of the texts, which the template may hold in braces.
  ///   - labels: In their order.
  ///   - template: What surrounds the texts; nil for `{text} ?` and `{text} {pair} ?`.
  ///   - words: Label words in place of the labels; nil for the labels themselves.
  /// - Throws: ``TrainingError`` for words that do not fit, ``TaskError`` for such a template.
  init(fields: [String], labels: [String], template: String?, words: String?) throws {
    let usual = (fields.map { "{\($0)}" } + ["?"]).joined(separator: " ")
    let labelWords = try words.map { try Self.words($0, of: labels) } ?? labels
    hasOwnPattern = template != nil
    definition = TaskDefinition(
      name: "train", labels: labels, fields: fields, files: [], evaluations: [],
      patterns: [
        PatternDefinition(Self.pattern, template ?? usual, labelWords: labelWords)
      ], defaultPattern: Self.pattern)
    _ = try definition.pattern()
  }

  private static func words(_ text: String, of labels: [String]) throws(TrainingError) -> [String] {
    let parts = text.split(atByte: ",", omittingEmptySubsequences: false).map(String.init)
    let pairs = parts.map { part in
      part.split(atByte: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    func malformed(_ why: String) -> TrainingError {
      TrainingError(.malformedWords(text, why: why))
    }
    guard parts.count == labels.count else {
      throw malformed("the labels are \(labels.joined(separator: ", ")): give a word for each")
    }
    guard pairs.allSatisfy({ $0.allSatisfy { !$0.isEmpty } }) else {
      throw malformed("one of the words is empty")
    }
    guard pairs.contains(where: { $0.count == 2 }) else { return parts }
    var words: [String] = []
    for label in labels {
      guard let pair = pairs.first(where: { $0.count == 2 && $0[0] == label }) else {
        throw malformed("the label '\(label)' has no word")
      }
      words.append(pair[1])
    }
    return words
  }
}

/// What a training reads of its files: the examples it learns from, and those it chooses an epoch on.
struct TrainingMaterial {
  /// In the order of the file.
  let sample: [Example]
  /// For what reads texts without labels: those of the whole training file.
  let pool: TrainingPool
  /// Examples that epochs are chosen on, where the method chooses any.
  let judged: [Example]

  /// Divides the training file as the method asks, or draws from the pool what a cell would.
  ///
  /// - Parameters:
  ///   - files: Of the training.
  ///   - method: May hold some examples out, or choose epochs on the first evaluation file.
  ///   - seed: Decides which examples are held out.
  /// - Throws: ``TaskError`` where there are too few to hold out, ``TrainingError`` where there is no
  ///   evaluation file to choose on.
  init(_ files: TrainingFiles, method: Method, seed: UInt64) throws {
    let heldOut = try FewShotSampler.heldOut(
      method.heldOut, from: files.drawn?.pool ?? files.training, labels: files.labels,
      outside: files.drawn?.places ?? [], per: files.drawn?.counting ?? .class,
      seed: Int(truncatingIfNeeded: seed))
    if let drawn = files.drawn {
      sample = files.training
      pool = TrainingPool(drawn.pool, sample: drawn.places, heldOut: heldOut)
    } else {
      let taken = Set(heldOut)
      sample = files.training.indices.filter { !taken.contains($0) }.map { files.training[$0] }
      guard Set(sample.map(\.label)).count == files.labels.count else {
        throw TrainingError(.nothingLeft(heldOut: heldOut.count))
      }
      pool = TrainingPool(files.training, sample: [], heldOut: heldOut)
    }
    switch ModelSelection(method.options) {
    case .last: judged = []
    case .bestHeldOut: judged = pool.heldOut
    case .bestInDomain:
      guard let first = files.evaluations.first else { throw TrainingError(.nothingToChooseOn) }
      judged = first.examples
    }
  }
}
