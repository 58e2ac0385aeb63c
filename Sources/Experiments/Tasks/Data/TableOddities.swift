import Foundation

/// What is odd about labelled texts and is easily overlooked.
package struct TableOddities: Hashable, Sendable {
  /// Each in one sentence, the gravest first.
  package private(set) var sentences: [String] = []

  /// Looks at the labels of a file as they are written, in which nothing says what they should be.
  ///
  /// - Parameters:
  ///   - labels: Of every row.
  ///   - texts: Of every row.
  ///   - header: The names of all columns, of JSON those of the first object.
  init(labels: [String], texts: [[String]], header: [String]) {
    addRepeatedHeader(labels, texts, header)
    addRepeatedNames(header)
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    addAlike(counts)
    addAbsent(counts)
    addNumbers(counts)
    addTexts(texts, labels)
  }

  /// Looks at examples of a task, whose labels are declared.
  init(_ examples: [Example], labels: [String], header: [String] = []) {
    addRepeatedNames(header)
    let counts = Dictionary(examples.map { (labels[$0.label], 1) }, uniquingKeysWith: +)
    addAlike(counts)
    addAbsent(counts)
    addTexts(examples.map(\.fields), examples.map { labels[$0.label] })
  }

  private mutating func addRepeatedHeader(
    _ labels: [String], _ texts: [[String]], _ header: [String]
  ) {
    let repeated = zip(labels, texts).count { label, texts in
      header.contains(label) && texts.allSatisfy(header.contains)
    }
    guard repeated > 0 else { return }
    sentences.append("\(Self.rows(repeated)) the header again, as an example")
  }

  private mutating func addRepeatedNames(_ header: [String]) {
    var seen: Set<String> = []
    var repeated: [String] = []
    for name in header where !seen.insert(name).inserted && !repeated.contains(name) {
      repeated.append(name)
    }
    guard !repeated.isEmpty else { return }
    sentences.append(
      "several columns are called \(Self.list(repeated)); the first of each is read")
  }

  /// Labels that differ in what people do not mean: case, white space, the form of an accent, `1.0`.
  private mutating func addAlike(_ counts: [String: Int]) {
    let groups = Dictionary(grouping: counts.keys, by: Self.meaning).values
      .filter { $0.count > 1 }.map { $0.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
      .sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }
    for group in groups {
      sentences.append(
        "the labels \(Self.list(group)) are different classes, and look like one "
          + "(\(group.map { "\(counts[$0] ?? 0)" }.joined(separator: " and ")) rows)")
    }
  }

  private static func meaning(_ label: String) -> String {
    let text = label.trimmingCharacters(in: .whitespacesAndNewlines)
    if let number = Double(text), number.isFinite {
      return Int(exactly: number).map(String.init) ?? "\(number)"
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.precomposedStringWithCompatibilityMapping.lowercased()
  }

  private static let absent: Set<String> = [
    "nan", "null", "none", "na", "n/a", "-1", "-1.0", "?", "-", "unknown", "undefined",
  ]

  private mutating func addAbsent(_ counts: [String: Int]) {
    let found = counts.keys.filter {
      Self.absent.contains($0.trimmingCharacters(in: .whitespaces).lowercased())
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for label in found {
      sentences.append(
        "\(Self.rows(counts[label] ?? 0)) the label '\(label)', which is a class like any other here"
      )
    }
  }

  private mutating func addNumbers(_ counts: [String: Int]) {
    let numbers = counts.keys.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == counts.count, numbers.count > 10 else { return }
    sentences.append(
      "the labels are \(numbers.count) different numbers, each a class of its own: a measurement is "
        + "no class")
  }

  private mutating func addTexts(_ texts: [[String]], _ labels: [String]) {
    let empty = texts.count { $0.contains { $0.allSatisfy(\.isWhitespace) } }
    if empty > 0 { sentences.append("\(Self.rows(empty)) an empty text") }
    var first: [[String]: String] = [:]
    var contradictions: [String] = []
    for (fields, label) in zip(texts, labels) {
      if let known = first[fields] {
        if known != label { contradictions.append(fields.joined(separator: " / ")) }
      } else {
        first[fields] = label
      }
    }
    guard let example = contradictions.first else { return }
    sentences.append(
      "\(contradictions.count == 1 ? "1 row repeats" : "\(contradictions.count) rows repeat") a text "
        + "with another label, such as '\(example.prefix(60))'")
  }

  /// "3 rows have".
  private static func rows(_ count: Int) -> String {
    count == 1 ? "1 row has" : "\(count) rows have"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).map { "'\($0)'" }
    let more = names.count > 4 ? ["\(names.count - 4) more"] : []
    let all = shown + more
    return all.count == 1
      ? all[0] : all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
  }
}
