package import Formats

/// The YAML between the two `---` lines at the top of a source, not yet read.
package struct FrontMatterText: Hashable, Sendable {
  package var yaml: String
  /// The first byte of the YAML; its line `i` (from 1) stands at `position.line + i - 1`.
  package var position: SourcePosition

  package init(yaml: String, position: SourcePosition) {
    self.yaml = yaml
    self.position = position
  }
}
