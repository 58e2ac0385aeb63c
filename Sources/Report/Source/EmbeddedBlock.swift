package import Formats

/// A fenced block such as ```` ```{chart #fig-acc} ````: its kind, label and still unread YAML body.
package struct EmbeddedBlock: Hashable, Sendable {
  /// The word after the brace: `experiment`, `chart`, `table`, `claim`.
  package var kind: String
  /// The label after `#`, without it.
  package var label: String?
  package var yaml: String
  /// The opening fence.
  package var position: SourcePosition
  /// The first byte of the body; YAML line `i` (from 1) stands at `bodyPosition.line + i - 1`.
  package var bodyPosition: SourcePosition

  package init(
    kind: String, label: String?, yaml: String, position: SourcePosition,
    bodyPosition: SourcePosition
  ) {
    self.kind = kind
    self.label = label
    self.yaml = yaml
    self.position = position
    self.bodyPosition = bodyPosition
  }
}
