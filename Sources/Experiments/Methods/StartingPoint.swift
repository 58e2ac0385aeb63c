import Engine

/// What a training starts from instead of fresh numbers.
struct StartingPoint: Hashable, Sendable {
  /// The head's tensors by the names of ``ObjectiveSession/head``; empty for a fresh one.
  var head: [String: Adapter.Matrix] = [:]
  /// Additions beside the frozen model; nil for fresh ones.
  var adapter: Adapter?

  init(head: [String: Adapter.Matrix] = [:], adapter: Adapter? = nil) {
    self.head = head
    self.adapter = adapter
  }
}
