/// A labelled example that was made, with the kind it is of.
struct GeneratedRow: Hashable, Sendable {
  let fields: [[String]]
  let label: Int
  /// The phenomenon or the heuristic.
  let group: String
  /// The way in which it shows there.
  let variant: String

  /// The fields as texts.
  var texts: [String] { fields.map { $0.joined(separator: " ") } }
}
