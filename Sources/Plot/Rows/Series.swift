/// The points that share a name, a colour and a marker.
package struct Series: Hashable, Sendable {
  /// What a legend or direct label says.
  package var name: String
  /// What the style book looks up; a method's name, so that it looks alike across the site.
  package var styleName: String
  /// The points, in the order in which a line joins them.
  package var points: [Point]
  /// Whether it is there to compare with, and drawn faint and dashed for that.
  package var isReference: Bool

  /// Makes a series, styled by its name unless told otherwise.
  package init(
    name: String, styleName: String? = nil, points: [Point], isReference: Bool = false
  ) {
    self.name = name
    self.styleName = styleName ?? name
    self.points = points
    self.isReference = isReference
  }
}
