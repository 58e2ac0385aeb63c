/// A place on the page in CSS pixels from the top left corner.
struct Position: Hashable, Sendable {
  var x: Double
  var y: Double
}
