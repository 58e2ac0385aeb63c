import Foundation

/// Turns texts into rows of weighted terms, as scikit-learn's `TfidfVectorizer` does.
///
/// Texts are put in lower case. Words are runs of two or more letters, digits and `_`. A term's weight is
/// `(1 + ln tf) · (ln((1 + n) / (1 + df)) + 1)`, where `df` of the `n` texts it learned from contain it
/// (sublinear term frequency, smoothed idf); a row's weights have the length 1. Terms that it has not seen
/// are left out.
struct TermVectorizer: Sendable {
  enum Terms: Hashable, Sendable {
    /// Words, and pairs of words that follow each other.
    case words
    /// Two to five characters within a word and the blanks around it (`char_wb`).
    case characters
  }

  enum Weighting: Hashable, Sendable {
    case tfidf
    /// One for each term that a text contains.
    case presence
  }

  private let terms: Terms
  private let weighting: Weighting
  /// Columns by term, in the order of their scalars.
  private let columns: [String: Int32]
  private let idf: [Double]

  var count: Int { columns.count }

  /// Learns the terms of texts.
  init(_ terms: Terms, _ weighting: Weighting = .tfidf, of texts: [String]) {
    (self.terms, self.weighting) = (terms, weighting)
    var frequency: [String: Int] = [:]
    for text in texts {
      for term in Set(Self.terms(of: text, terms)) { frequency[term, default: 0] += 1 }
    }
    let sorted = frequency.keys.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    columns = Dictionary(
      uniqueKeysWithValues: sorted.enumerated().map { ($1, Int32($0)) })
    let count = Double(texts.count)
    idf = sorted.map { log((1 + count) / (1 + Double(frequency[$0] ?? 0))) + 1 }
  }

  /// The weights of a text's known terms, by ascending column.
  func row(_ text: String) -> [(column: Int32, value: Double)] {
    var counts: [Int32: Int] = [:]
    for term in Self.terms(of: text, terms) {
      if let column = columns[term] { counts[column, default: 0] += 1 }
    }
    let row = counts.sorted { $0.key < $1.key }
    guard weighting == .tfidf else { return row.map { ($0.key, 1) } }
    let weights = row.map { (1 + log(Double($0.value))) * idf[Int($0.key)] }
    let length = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return zip(row, weights).map { ($0.key, length > 0 ? $1 / length : 0) }
  }

  private static func terms(of text: String, _ terms: Terms) -> [String] {
    let scalars = Array(text.lowercased().unicodeScalars)
    switch terms {
    case .words:
      let words = scalars.split { !isWordScalar($0) }.filter { $0.count > 1 }.map(string)
      return words + zip(words, words.dropFirst()).map { "\($0) \($1)" }
    case .characters:
      return scalars.split { $0.properties.isWhitespace }.flatMap(characterTerms)
    }
  }

  /// As scikit-learn counts them: a word shorter than a term is that term, once.
  private static func characterTerms(_ word: ArraySlice<Unicode.Scalar>) -> [String] {
    let padded = [" "] + word + [" "]
    var result: [String] = []
    for length in 2...5 {
      guard length < padded.count else {
        result.append(string(padded[...]))
        break
      }
      for start in 0...(padded.count - length) {
        result.append(string(padded[start..<(start + length)]))
      }
    }
    return result
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// What `\w` matches in Python.
  private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: scalar == "_"
    }
  }
}

extension [TermVectorizer] {
  /// Rows of all vectorizers' terms, one after the other.
  func rows(_ texts: [String]) -> FeatureRows {
    let starts = reduce(into: [Int32(0)]) { $0.append(($0.last ?? 0) + Int32($1.count)) }
    let rows = texts.map { text in
      zip(self, starts).flatMap { vectorizer, start in
        vectorizer.row(text).map { (column: $0.column + start, value: $0.value) }
      }
    }
    return FeatureRows(rows, columns: Swift.max(1, Int(starts.last ?? 0)))
  }
}
