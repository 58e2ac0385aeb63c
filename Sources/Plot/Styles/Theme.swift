/// The page a chart is drawn for.
package enum Theme: String, Hashable, Sendable, CaseIterable {
  /// Dark ink on white.
  case light
  /// Light ink on near black.
  case dark

  /// The solid colour behind the chart, equal to the page's.
  package var background: Color { self == .light ? Color(0xffffff) : Color(0x15181d) }
  var text: Color { self == .light ? Color(0x1d2329) : Color(0xe6e9ed) }
  var muted: Color { self == .light ? Color(0x5c6670) : Color(0x9da7b3) }
  var axis: Color { self == .light ? Color(0x9aa3ad) : Color(0x59626d) }
  var grid: Color { self == .light ? Color(0xe5e8ec) : Color(0x2a3037) }
  /// The faint ground of every other slot of a categorical axis.
  var stripe: Color { self == .light ? Color(0xf6f7f9) : Color(0x1a1e24) }
}
