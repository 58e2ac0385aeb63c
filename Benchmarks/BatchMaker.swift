import Engine
import Foundation

/// Makes the benchmark's batches from the data sets' own sentences.
///
/// The sentences are evenly spaced lines of a file, from the first line for which the batch's number
/// of tokens and its longest sequence are closest to their means over all such choices: as
/// ordinary a batch as the file has, both for a side that pads and for one that does not.
struct BatchMaker {
  private let tokenizer: any Tokenizer
  private let data: URL
  private static let sequences = 32
  private static let demonstrations = 16

  /// Loads OPT's tokenizer below the data folder.
  init(data: URL) throws {
    self.data = data
    tokenizer = try TokenizerLoader.load(from: data.appendingPathComponent("tokenizers/opt"))
  }

  /// Writes `cola.json`, `icl.json` and `mnli.json` into `folder`.
  func write(to folder: URL) throws {
    let labelTokens = try ["ĠNo", "ĠYes"].map { word in
      guard let id = tokenizer.id(of: word) else { throw BenchmarkError("no token '\(word)'") }
      return Int(id)
    }
    let cola = ordinary(try colaTexts("in_domain_train"), Self.sequences) {
      tokenizer.encode($0, addingSpecialTokens: true)
    }
    let mnli = ordinary(try mnliTexts(), Self.sequences) {
      tokenizer.encode($0, addingSpecialTokens: true)
    }
    let queries = ordinary(try colaTexts("in_domain_train"), Self.sequences) {
      tokenizer.encode($0 + " ?", addingSpecialTokens: false)
    }
    let demonstrations = ordinary(try colaTexts("in_domain_dev"), Self.demonstrations) {
      tokenizer.encode($0 + " ?", addingSpecialTokens: false)
    }
    let separator = tokenizer.encode("\n\n", addingSpecialTokens: false)
    let begin = tokenizer.encode("", addingSpecialTokens: true)
    let prefix = demonstrations.reduce(begin) { prefix, demonstration in
      prefix + demonstration.ids + [Int32(labelTokens[demonstration.label])] + separator
    }
    for (name, prefix, examples) in [
      ("cola", [], cola), ("icl", prefix, queries), ("mnli", [], mnli),
    ] {
      try TokenBatch(
        prefix: prefix, sequences: examples.map(\.ids), labels: examples.map(\.label),
        labelTokens: labelTokens
      ).write(to: folder.appendingPathComponent("\(name).json"))
    }
  }

  private struct Example {
    let ids: [Int32]
    let label: Int
  }

  private func ordinary(
    _ texts: [(text: String, label: Int)], _ count: Int, encode: (String) -> [Int32]
  ) -> [Example] {
    let examples = texts.map { Example(ids: encode($0.text), label: $0.label) }
    let step = examples.count / count
    let choices = (0..<step).map { first in (0..<count).map { examples[first + $0 * step] } }
    let totals = choices.map { Double($0.reduce(0) { $0 + $1.ids.count }) }
    let longest = choices.map { Double($0.map(\.ids.count).max() ?? 0) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let (meanTotal, meanLongest) = (mean(totals), mean(longest))
    let distances = choices.indices.map {
      abs(totals[$0] - meanTotal) + abs(longest[$0] - meanLongest)
    }
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return choices[best]
  }

  private func colaTexts(_ name: String) throws -> [(text: String, label: Int)] {
    try rows("cola/\(name).tsv").map { ($0[3], $0[1] == "1" ? 1 : 0) }
  }

  private func mnliTexts() throws -> [(text: String, label: Int)] {
    try rows("mnli/train_subset.tsv").dropFirst().map {
      ("\($0[1]) \($0[2])", $0[3] == "entailment" ? 1 : 0)
    }
  }

  /// The cells of a tab-separated file whose rows have four columns.
  private func rows(_ path: String) throws -> [[String]] {
    let url = data.appendingPathComponent(path)
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 4 else { throw BenchmarkError("\(url.path): '\(line)'") }
      return cells
    }
  }
}
