/// The five kinds of GitHub's `> [!NOTE]`.
package enum DocumentAlert: String, Hashable, Sendable, CaseIterable {
  case note
  case tip
  case important
  case warning
  case caution
}
