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
