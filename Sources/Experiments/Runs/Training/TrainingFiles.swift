import Formats
import Foundation

/// The labelled texts a method is trained on outside a report, and the sets it is scored on.
package struct TrainingFiles: Hashable, Sendable {
  /// `text`, and `pair` where the training file has it.
  package let fields: [String]
  /// The distinct labels of the training file in ascending order.
  ///
  /// The order is that of numbers where all are whole numbers, else of their UTF-8 bytes; that of the
  /// file plays no part.
  package let labels: [String]
  package let training: [Example]
  package let evaluations: [EvaluationSet]

  /// Reads all files; the labels are those of the training file.
  ///
  /// - Parameters:
  ///   - training: A file of examples of at least two classes.
  ///   - evaluations: Files to score, named as they are given.
  /// - Throws: ``TrainingError`` or ``TaskError`` with file, line and column.
  package init(training: String, evaluations: [String]) throws {
    let file = try LabelledFile(training)
    labels = Self.ordered(Set(file.rows.map(\.label)))
    guard labels.count > 1 else { throw TrainingError(.oneClass(labels[0]), file: training) }
    guard labels.count <= 255 else {
      throw TrainingError(.tooManyClasses(labels.count), file: training)
    }
    fields = file.hasPair ? LabelledFile.fields : [LabelledFile.fields[0]]
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    self.training = file.rows.map { Example(fields: $0.texts, label: places[$0.label] ?? 0) }
    var sets: [EvaluationSet] = []
    for path in evaluations {
      let file = try LabelledFile(path, needsPair: fields.count == 2)
      var examples: [Example] = []
      for row in file.rows {
        guard let label = places[row.label] else {
          throw TrainingError(
            .unknownLabel(row.label, known: labels), file: path, line: row.line)
        }
        examples.append(Example(fields: Array(row.texts.prefix(fields.count)), label: label))
      }
      sets.append(EvaluationSet(name: path, domain: .inDomain, examples: examples))
    }
    self.evaluations = sets
  }

  private static func ordered(_ labels: Set<String>) -> [String] {
    let numbers = labels.compactMap { label in Int(label).map { (label, $0) } }
    if numbers.count == labels.count {
      return numbers.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }.map(\.0)
    }
    return labels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// A file of labelled texts with the columns `text`, `label` and perhaps `pair`; others are ignored.
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

  static let fields = ["text", "pair"]
  private static let label = "label"

  let hasPair: Bool
  /// In the order of the file; at least one.
  let rows: [Row]

  /// Reads and checks a whole file.
  ///
  /// - Parameters:
  ///   - path: As the user named it, for messages.
  ///   - needsPair: Whether `pair` has to be there.
  /// - Throws: ``TrainingError`` or ``TaskError`` with the place of the first mistake.
  init(_ path: String, needsPair: Bool = false) throws {
    let url = URL(fileURLWithPath: path)
    guard let format = DataFormat(pathExtension: url.pathExtension) else {
      throw TrainingError(.unknownFormat(url.pathExtension), file: path)
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError(.noFile, file: path)
    }
    do throws(TaskError) {
      let table = try DataTable(url, format: format)
      let names = try table.columnNames()
      hasPair = names.contains(Self.fields[1])
      let texts = needsPair || hasPair ? Self.fields : [Self.fields[0]]
      rows = try table.rows(of: (texts + [Self.label]).map { .named([$0]) }).map { row in
        Row(texts: Array(row.texts.dropLast()), label: row.texts[texts.count], line: row.line)
      }
    } catch {
      if case .emptyFile = error.reason { throw TrainingError(.noRows, file: path) }
      throw TaskError(error.reason, file: path, line: error.line, column: error.column)
    }
    guard !rows.isEmpty else { throw TrainingError(.noRows, file: path) }
    if let row = rows.first(where: \.label.isEmpty) {
      throw TrainingError(.emptyLabel, file: path, line: row.line)
    }
  }
}

/// The task that a file of labelled texts makes.
struct TrainingTask {
  let definition: TaskDefinition
  /// Whether the pattern was given and is not the usual one.
  let hasOwnPattern: Bool

  /// The only pattern: a template of the user's, or the text and a question mark.
  static let pattern = "words"

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

  /// Divides the training file as the method asks.
  ///
  /// - Parameters:
  ///   - files: Of the training.
  ///   - method: May hold some examples out, or choose epochs on the first evaluation file.
  ///   - seed: Decides which examples are held out.
  /// - Throws: ``TaskError`` where there are too few to hold out, ``TrainingError`` where there is no
  ///   evaluation file to choose on.
  init(_ files: TrainingFiles, method: Method, seed: UInt64) throws {
    let heldOut = try FewShotSampler.heldOut(
      method.heldOut, from: files.training, labels: files.labels, outside: [], per: .class,
      seed: Int(truncatingIfNeeded: seed))
    let taken = Set(heldOut)
    sample = files.training.indices.filter { !taken.contains($0) }.map { files.training[$0] }
    guard Set(sample.map(\.label)).count == files.labels.count else {
      throw TrainingError(.nothingLeft(heldOut: heldOut.count))
    }
    pool = TrainingPool(files.training, sample: [], heldOut: heldOut)
    switch ModelSelection(method.options) {
    case .last: judged = []
    case .bestHeldOut: judged = pool.heldOut
    case .bestInDomain:
      guard let first = files.evaluations.first else { throw TrainingError(.nothingToChooseOn) }
      judged = first.examples
    }
  }
}
