import Experiments
import Formats

extension PublishedBlock {
  static func evaluated(
    _ blocks: [PublishedBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.compactMap { block in
      evaluation.published.first { $0.label == block.label }
        .map { EvaluatedReference(block: block, numbers: $0) }
    }
  }
}

/// Numbers that others published.
private struct EvaluatedReference: EvaluatedBlock {
  let block: PublishedBlock
  let numbers: PublishedNumbers

  var label: String { block.label }

  func html(in setting: PageSetting) -> HTML {
    PublishedRenderer(prose: setting.prose).table(block, numbers).html
  }

  var json: JSONText {
    .map([
      "label": .text(numbers.label), "source": .text(numbers.source),
      "numbers": .list(
        numbers.numbers.map { number in
          .map([
            "method": .text(number.method), "shots": .integer(number.shots),
            "metric": .text(number.metric.description), "value": JSONText(number.value),
            "sd": JSONText(number.spread), "runs": JSONText(number.runs),
          ])
        }),
    ])
  }
}

/// Makes a table of published numbers with their source.
struct PublishedRenderer {
  let prose: Prose

  func table(_ block: PublishedBlock, _ numbers: PublishedNumbers) -> TableComponent {
    let entry = prose.references.entry(ofBlock: block.label)
    return TableComponent(
      anchor: entry?.anchor ?? block.label, noun: "Reference", number: entry?.number ?? 0,
      caption: block.caption.map { "<span>\(prose.html($0))</span>" }
        ?? "<span>Published numbers.</span>",
      grid: grid(numbers), notes: [notes(numbers)], footer: ResultFooter())
  }

  private func grid(_ numbers: PublishedNumbers) -> TableGrid {
    let (metrics, shots) = (numbers.metrics, numbers.shots)
    let hasGroups = metrics.count > 1 && shots.count > 1
    var headers: [[TableGrid.HeaderCell]] = []
    if hasGroups {
      headers.append(
        [.init("")] + metrics.map { .init("\($0.fullWords)", span: shots.count) })
    }
    let columns = metrics.flatMap { metric in shots.map { (metric: metric, shots: $0) } }
    headers.append(
      [.init("method")]
        + columns.map { column in
          .init(shots.count > 1 ? "\(column.shots)" : "\(column.metric.fullWords)")
        })
    let rows = numbers.methods.map { method -> TableGrid.Row in
      TableGrid.Row(
        [.text("\(method)")]
          + columns.map { column in
            guard let number = numbers.number(column.metric, of: method, shots: column.shots) else {
              return .missing(reason: "not published, or not listed here")
            }
            return .published("\(Self.text(number))", title: number.title)
          })
    }
    return TableGrid(
      alignments: [.text] + columns.map { _ in .number }, headerRows: headers, rows: rows)
  }

  /// The number with its spread, without the unit that the table states once.
  static func text(_ number: PublishedNumbers.Number) -> String {
    let format = number.metric.defaultFormat
    let text =
      number.spread.map { format.string(number.value, spread: $0) } ?? format.string(number.value)
    return format.bare(text)
  }

  private func notes(_ numbers: PublishedNumbers) -> HTML {
    let source = prose.html(InlineMarkdown.inlines(numbers.source, file: numbers.label))
    var parts: [HTML] = ["Published, not measured here. Source: \(source)."]
    if numbers.shots.count > 1 { parts.append("Columns are numbers of examples.") }
    if let only = numbers.shots.first, numbers.shots.count == 1 {
      parts.append("At \(only) examples.")
    }
    if numbers.metrics.contains(where: { $0.defaultFormat.style == .percent }) {
      let isAll = numbers.metrics.allSatisfy { $0.defaultFormat.style == .percent }
      parts.append(isAll ? "In percent." : "Shares are in percent.")
    }
    if numbers.numbers.contains(where: { $0.spread != nil }) {
      parts.append("Mean ± standard deviation over runs.")
    }
    return parts.joined(separator: " ")
  }
}

extension PublishedNumbers.Number {
  /// "published mean of 10 runs".
  fileprivate var title: String {
    runs.map { "published mean of \($0) \($0 == 1 ? "run" : "runs")" } ?? "published"
  }
}
