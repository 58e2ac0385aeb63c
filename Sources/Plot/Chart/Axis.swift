/// How one channel is scaled and labelled.
package struct Axis: Hashable, Sendable {
  /// How a quantity becomes a length.
  package enum ScaleKind: Hashable, Sendable {
    /// Equal differences, equal lengths.
    case linear
    /// Equal ratios, equal lengths; the base places the ticks and is 2 or more.
    case logarithmic(base: Int)
    /// One slot per distinct coordinate: numbers ascending, then names in order of appearance.
    case categorical
  }

  /// What is measured and its unit, such as `examples per class`; may be empty.
  package var title: String
  /// The scale; ignored by a value axis when it says categorical.
  package var scale: ScaleKind
  /// Ticks at exactly these values; nil chooses round ones.
  package var ticks: [Double]?
  /// The range to show; nil fits the data.
  package var domain: ClosedRange<Double>?
  /// How values read.
  package var format: ValueFormat
  /// Whether a fitted range has to include zero; bars always do.
  package var includesZero: Bool

  /// Makes an axis; the defaults suit a plain quantity.
  package init(
    title: String = "", scale: ScaleKind = .linear, ticks: [Double]? = nil,
    domain: ClosedRange<Double>? = nil, format: ValueFormat = .plain, includesZero: Bool = false
  ) {
    self.title = title
    self.scale = scale
    self.ticks = ticks
    self.domain = domain
    self.format = format
    self.includesZero = includesZero
  }
}
