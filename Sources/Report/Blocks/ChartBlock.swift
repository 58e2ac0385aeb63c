/// A figure of one or more experiments.
package struct ChartBlock: ReportBlock, Hashable {
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case lineInterval = "line-interval"
    case dotInterval = "dot-interval"
    case bar
    case memory
    case pareto
  }

  /// What the horizontal axis shows.
  package enum Axis: Hashable, Sendable {
    case shots
    case method
    case metric(Located<MetricPath>)
  }

  /// A level drawn across the chart.
  package enum Rule: String, CaseIterable, Hashable, Sendable {
    case chance
    case majority
  }

  package static let kind = "chart"

  package let label: String
  package let position: SourcePosition
  package let selection: BlockSelection
  package let chartKind: Kind
  package let x: Axis
  /// One panel each; the peak by category for a memory chart.
  package let y: [Located<MetricPath>]
  package let caption: Template
  package let title: Template?
  /// Alternative text in place of the one drawn from the data.
  package let alternative: Template?
  package let rules: [Rule]
  /// Ends of the vertical axis; nil to fit the data.
  package let yRange: ClosedRange<Double>?
  package let format: ValueFormat?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(&fields)
    chartKind = fields.choice("kind", of: Kind.self)?.value ?? .dotInterval
    let x = Self.axis(&fields, for: chartKind)
    let y = fields.metrics("y")
    if chartKind != .memory {
      fields.requirePresence(of: "y", like: "[in-domain.accuracy, ood.accuracy]")
    }
    let caption = fields.text("caption").map(Template.init)
    fields.requirePresence(of: "caption", like: "\"What the figure shows.\"")
    title = fields.text("title").map(Template.init)
    alternative = fields.text("alt").map(Template.init)
    rules = fields.choices("rules", of: Rule.self)?.map(\.value) ?? [.chance, .majority]
    yRange = Self.range("y-range", &fields)
    format = fields.format("format")
    guard let selection, let x, let caption else { return nil }
    let peak = Located(MetricPath.quantity(.memoryPeak), at: fields.position)
    guard let y = y ?? (chartKind == .memory ? [peak] : nil), !y.isEmpty else { return nil }
    self.selection = selection
    self.x = x
    self.y = y
    self.caption = caption
  }

  private static func axis(_ fields: inout FieldReader, for kind: Kind) -> Axis? {
    switch fields.string("x") {
    case nil:
      if kind == .pareto { fields.requirePresence(of: "x", like: "memory.peak") }
      return switch kind {
      case .lineInterval, .dotInterval: .shots
      case .bar, .memory: .method
      case .pareto: nil
      }
    case let word? where word.value == "shots": return .shots
    case let word? where word.value == "method": return .method
    case let word?:
      if let path = MetricPath(word.value) { return .metric(Located(path, at: word.position)) }
      fields.report(MetricPath.problem(word.value, at: word.position))
      return nil
    }
  }

  private static func range(_ key: String, _ fields: inout FieldReader) -> ClosedRange<Double>? {
    guard let value = fields.value(key) else { return nil }
    if case .list(let ends) = value.content, ends.count == 2, let low = ends[0].finiteNumber,
      let high = ends[1].finiteNumber, low < high
    {
      return low...high
    }
    fields.report(
      Diagnostic(
        .invalidValue, at: value.position, "'\(key)' must be two numbers, the lower first",
        help: "write \(key): [0.4, 1]"))
    return nil
  }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    var metrics = y
    if case .metric(let path) = x { metrics.append(path) }
    return selection.check(metrics: metrics, against: catalog)
      + [caption, title, alternative].compactMap(\.self).flatMap { $0.check(against: catalog) }
  }
}
