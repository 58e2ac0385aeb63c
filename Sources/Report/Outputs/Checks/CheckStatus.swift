/// How a check of results ended, from best to worst.
package enum CheckStatus: String, CaseIterable, Hashable, Sendable, Comparable {
  case pass
  /// Something a reader must know to read the numbers right.
  case warn
  /// Numbers that cannot be read as they seem to; under `--strict` a build fails.
  case fail

  package static func < (a: CheckStatus, b: CheckStatus) -> Bool { a.rank < b.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
