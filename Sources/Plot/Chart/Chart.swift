/// A picture described in the grammar's words: a mark, two channels with their scales, and facets.
///
/// A chart is a plain value. ``rendered(theme:width:)`` takes it through pure stages (resolve scales,
/// lay out, display list) and then draws it:
///
///     let chart = Chart(
///       mark: .line(.automatic),
///       x: Axis(title: "examples", scale: .logarithmic(base: 2), ticks: [2, 16, 32, 64, 128]),
///       y: Axis(title: "accuracy", format: .percent),
///       panels: [Panel(title: "in-domain", series: series, rules: [Rule(at: 0.5, label: "chance")])])
///     let image = try chart.rendered(theme: .light, width: 720)
package struct Chart: Hashable, Sendable {
  /// Which way the position channel runs.
  package enum Orientation: String, Hashable, Sendable {
    /// Left to right, values upwards.
    case vertical
    /// Top to bottom, values to the right: room for long names.
    case horizontal
  }

  /// What rows become.
  package var mark: Mark
  /// The position channel.
  package var x: Axis
  /// The value channel.
  package var y: Axis
  /// The facets, side by side where the width allows.
  package var panels: [Panel]
  /// Colours and markers by name.
  package var styles: StyleBook
  /// Which way the position channel runs; nil lets the mark and the length of the names decide.
  package var orientation: Orientation?
  /// The height of one panel's plot in CSS pixels; nil chooses it.
  package var plotHeight: Int?

  /// Makes a chart.
  package init(
    mark: Mark, x: Axis, y: Axis, panels: [Panel], styles: StyleBook = StyleBook(),
    orientation: Orientation? = nil, plotHeight: Int? = nil
  ) {
    self.mark = mark
    self.x = x
    self.y = y
    self.panels = panels
    self.styles = styles
    self.orientation = orientation
    self.plotHeight = plotHeight
  }
}
