/// A labelled place on an axis.
struct Tick: Hashable, Sendable {
  /// The place along the axis, 0 at its start and 1 at its end.
  let fraction: Double
  let label: String
}
