/// One facet of a chart; all panels of a chart share both scales.
package struct Panel: Hashable, Sendable {
  /// A short title, such as `out-of-domain`; may be empty.
  package var title: String
  /// What is drawn, back to front.
  package var series: [Series]
  /// Reference lines across this panel.
  package var rules: [Rule]

  /// Makes a panel.
  package init(title: String = "", series: [Series], rules: [Rule] = []) {
    self.title = title
    self.series = series
    self.rules = rules
  }
}
