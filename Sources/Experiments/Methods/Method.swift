/// One way of adapting a model: an objective × an adaptation, with all options decided.
package struct Method: Hashable, Sendable {
  /// The name it bears in the report; never part of a key.
  package let name: String
  /// The named method it started from.
  package let preset: String
  package let objective: String
  package let adaptation: String
  package let options: ResolvedOptions
  /// Whether the result depends on the training examples, and so on shots and seed.
  package let usesSample: Bool
  /// Whether anything is trained.
  package let trains: Bool
}
