/// Data that is made from a seed instead of read from a folder, as text in the layout of a file.
///
/// A ``DataFile`` with a ``DataFile/generator`` has one of these tables for its bytes; reading,
/// fingerprints and errors are then those of any file.
package struct GeneratedData: Sendable {
  /// As ``DataFile/generator`` names it.
  package let name: String
  private let fields: [String]
  private let labels: [String]
  private let tables: @Sendable () -> [String: [GeneratedRow]]

  /// What is built in.
  package static let builtin = [
    GeneratedData(
      name: "acceptability", fields: ["sentence"], labels: ["unacceptable", "acceptable"],
      tables: { AcceptabilityData.rows }),
    GeneratedData(
      name: "inference", fields: ["premise", "hypothesis"],
      labels: ["entailment", "contradiction"], tables: { InferenceData.rows }),
  ]

  package static func named(_ name: String) -> GeneratedData? {
    builtin.first { $0.name == name }
  }

  /// The table of a role, tab-separated with a header; nil when there is no such role.
  ///
  /// - Parameter role: `train`, `in-domain` or `ood`.
  /// - Returns: Columns `label`, `group`, `variant` and the input texts.
  package func text(role: String) -> String? {
    guard let rows = tables()[role] else { return nil }
    let header = ["label", "group", "variant"] + fields
    let lines = [header] + rows.map { [labels[$0.label], $0.group, $0.variant] + $0.texts }
    return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
