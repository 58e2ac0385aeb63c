/// Where the labels of reference lines stand.
enum RulePlacement: Hashable, Sendable {
  /// On the line, where they hide nothing; above its end for upright lines.
  case inside
  /// To the right of the plot, at the line's end.
  case outside
}
