import Experiments
import Formats

/// Numbers that others published, to show beside measured ones without confusion.
package struct PublishedNumbers: Hashable, Sendable {
  package struct Number: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let metric: MetricPath
    package let value: Double
    /// Standard deviation over the published runs.
    let spread: Double?
    /// How many runs the number is the mean of.
    package let runs: Int?
  }

  /// Of the reference block.
  package let label: String
  /// Where the numbers were published, such as "Hu and others 2021, arXiv:2106.09685", as Markdown.
  package let source: String
  /// In the order of the source.
  package let numbers: [Number]

  /// ``source`` without its links.
  var sourceText: String {
    InlineMarkdown.inlines(source, file: label).map(\.plainText).joined()
  }

  /// In the order of first appearance.
  var methods: [String] { Self.distinct(numbers.map(\.method)) }
  var shots: [Int] { Set(numbers.map(\.shots)).sorted() }
  var metrics: [MetricPath] { Self.distinct(numbers.map(\.metric)) }

  /// The number of one method at one number of examples; nil where none was published.
  func number(_ metric: MetricPath, of method: String, shots: Int) -> Number? {
    numbers.first { $0.metric == metric && $0.method == method && $0.shots == shots }
  }

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
