/// The five kinds of GitHub's `> [!NOTE]`.
package enum DocumentAlert: String, Hashable, Sendable, CaseIterable {
  case note
  case tip
  case important
  case warning
  case caution

  /// As a reader sees it: "Note".
  package var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
