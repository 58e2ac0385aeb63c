/// The task that a file of labelled texts makes.
struct TrainingTask {
  let definition: TaskDefinition
  /// Whether the pattern was given and is not the usual one.
  let hasOwnPattern: Bool

  /// The only pattern: a template of the user's, or the text and a question mark.
  static let pattern = "words"

  /// Describes the files' task.
  ///
  /// The words that stand for the labels are the labels themselves unless `words` names others, as
  /// `No,Yes` in the order of the labels or as `bad=No,good=Yes`.
  ///
  /// - Parameters:
  ///   - fields: Names of the texts, which the template may hold in braces.
  ///   - labels: In their order.
  ///   - template: What surrounds the texts; nil for `{text} ?` and `{text} {pair} ?`.
  ///   - words: For labels whose names the model should not say; nil for the names.
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
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let pairs = parts.map { part in
      part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
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
