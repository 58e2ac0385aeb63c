import Formats

/// A figure of one or more experiments.
struct ChartBlock: ReportBlock, Hashable {
  /// What the horizontal axis shows.
  package enum Axis: Hashable, Sendable {
    case shots
    case method
    case metric(Located<MetricPath>)
  }

  /// A level drawn across the chart.
  enum Rule: String, CaseIterable, Hashable, Sendable {
    case chance
    case majority
    /// The mean of the method `tfidf` at the most examples.
    case tfidf
  }

  package static let kind = "chart"
  static let references = ReferenceStyle("fig", "Figure")

  package let label: String
  package let position: SourcePosition
  package let selection: BlockSelection
  let chartKind: ChartKind
  package let x: Axis
  /// One panel each; the peak by category for a memory chart.
  let y: [Located<MetricPath>]
  let caption: Template
  let title: Template?
  /// Alternative text in place of the one drawn from the data.
  let alternative: Template?
  let rules: [Rule]
  /// Ends of the vertical axis; nil to fit the data.
  let yRange: ClosedRange<Double>?
  package let format: ValueFormat?
  /// How the values of several seeds become one number.
  package let statistic: Statistic
  /// Labels of published numbers to show beside the measured ones.
  package let references: [Located<String>]

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let selection = BlockSelection(&fields)
    chartKind = Self.kind(&fields)
    let x = Self.axis(&fields, for: chartKind)
    let y = fields.metrics("y")
    if chartKind.onlyMetric == nil {
      fields.requirePresence(of: "y", like: "[in-domain.accuracy, ood.accuracy]")
    }
    let caption = fields.text("caption").map(Template.init)
    fields.requirePresence(of: "caption", like: "\"What the figure shows.\"")
    title = fields.text("title").map(Template.init)
    alternative = fields.text("alt").map(Template.init)
    rules = fields.choices("rules", of: Rule.self)?.map(\.value) ?? [.chance, .majority]
    yRange = Self.range("y-range", &fields)
    format = fields.format("format")
    statistic = fields.statistic(format: format)
    references = fields.strings("reference") ?? []
    guard let selection, let x, let caption else { return nil }
    let only = chartKind.onlyMetric.map { [Located($0, at: fields.position)] }
    guard let y = y ?? only, !y.isEmpty else { return nil }
    if chartKind == .curve, let other = y.first(where: { $0.value != .quantity(.trainLoss) }) {
      fields.report(
        Diagnostic(
          .invalidValue, at: other.position, "a curve shows train.loss, not \(other.value)",
          help: "leave 'y' out; only losses are kept for every epoch"))
    }
    self.selection = selection
    self.x = x
    self.y = y
    self.caption = caption
  }

  /// The kind by its name, or by what people call it.
  private static func kind(_ fields: inout FieldReader) -> ChartKind {
    if let name = fields.value("kind")?.source.text,
      let kind = ChartKind.all.first(where: { $0.nickname == name })
    {
      return kind
    }
    let name = fields.choice("kind", among: ChartKind.all.map(\.name))?.value
    return ChartKind.all.first { $0.name == name } ?? .dotInterval
  }

  private static func axis(_ fields: inout FieldReader, for kind: ChartKind) -> Axis? {
    switch fields.string("x") {
    case nil:
      if kind.axis == nil { fields.requirePresence(of: "x", like: "memory.peak") }
      return kind.axis
    case let word? where kind.axis == nil && ["shots", "method"].contains(word.value):
      fields.report(
        Diagnostic(
          .invalidValue, at: word.position, "a \(kind.name) chart compares two metrics",
          help: "name a cost, as in 'x: memory.peak' or 'x: seconds'"))
      return nil
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

  var templates: [Template] { [title, caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    var metrics = y
    if case .metric(let path) = x { metrics.append(path) }
    return selection.check(metrics: metrics, against: catalog) + checkReferences(against: catalog)
      + checkRules(against: catalog)
      + [caption, title, alternative].compactMap(\.self).flatMap { $0.check(against: catalog) }
  }

  /// A rule of a method needs the method.
  private func checkRules(against catalog: ExperimentCatalog) -> [Diagnostic] {
    let name = Rule.tfidf.rawValue
    guard rules.contains(.tfidf) else { return [] }
    return selection.experiments.compactMap { experiment in
      guard let shape = catalog.shapes.first(where: { $0.label == experiment.value }),
        !shape.methods.contains(name)
      else { return nil }
      return Diagnostic(
        .invalidValue, at: experiment.position,
        "the rule '\(name)' needs a method '\(name)', which '\(experiment.value)' has not",
        help: "add \(name) to its 'methods', or leave it out of 'rules'")
    }
  }

  /// Published numbers belong to numbers of examples, for one task.
  private func checkReferences(against catalog: ExperimentCatalog) -> [Diagnostic] {
    guard let first = references.first else { return [] }
    if x != .shots || !chartKind.takesPublished {
      return [
        Diagnostic(
          .invalidValue, at: first.position,
          "published numbers belong to numbers of examples, which this chart does not show",
          help: "use 'x: shots' with kind "
            + ChartKind.all.filter(\.takesPublished).map(\.name).joined(separator: " or "))
      ]
    }
    return selection.checkReferences(references, metrics: y, against: catalog)
  }
}
