import Formats
import Foundation

/// The list of the reports in a folder, made from their records.
struct ReportIndex {
  let records: [ReportRecord]
  let version: String

  /// Whether a file is such a list, of any version.
  static func isOurs(_ data: Data) -> Bool {
    String(decoding: data, as: UTF8.self).contains(bytes: "<ul class=\"\(list)\">")
  }

  private static let list = "reports"

  var file: PublishedFile {
    let page = Page(
      title: "Reports",
      description: "Studies whose every number was computed, checked and can be run again.",
      body: "<ul class=\"\(Self.list)\">\n\(ordered.map(entry).joined())</ul>\n",
      generatorVersion: version)
    return PublishedFile(path: PublishedFolder.index, text: page.html.text)
  }

  /// The newest first where authors give dates, then by title.
  private var ordered: [ReportRecord] {
    records.sorted { a, b in
      let (first, second) = (a.date ?? "", b.date ?? "")
      return first == second ? (a.title, a.name) < (b.title, b.name) : first > second
    }
  }

  private func entry(_ record: ReportRecord) -> HTML {
    let byline = record.authors + [record.date].compactMap(\.self)
    let files = ["pdf", "json", "csv"].compactMap { suffix -> HTML? in
      let name = "\(record.name).\(suffix)"
      guard record.files.contains(where: { $0.path == name }) else { return nil }
      return "<a href=\"\(address: Address.ofFile(name))\">\(suffix.uppercased())</a>"
    }
    let parts: [HTML?] = [
      record.subtitle.map { "<p>\(prose: $0)</p>" },
      byline.isEmpty
        ? nil
        : "<p class=\"byline\">\(byline.map { "<span>\(prose: $0)</span>" as HTML }.joined(separator: " "))</p>",
      record.description.map { "<p>\(prose: $0)</p>" },
    ]
    let quoted = record.recommendations.map {
      "<blockquote><p>\(prose: $0)</p></blockquote>" as HTML
    }
    let warned = record.exceptions.map { "<p><strong>\(prose: $0)</strong></p>" as HTML }
    let lines =
      parts.compactMap(\.self) + warned + quoted + [
        "<p>\(verdicts(record)) \(files.joined(separator: " "))</p>"
      ]
    return """
      <li>
      <h2><a href="\(address: Address.ofFile("\(record.name).html"))">\(prose: record.title)</a></h2>
      \(lines.joined(separator: "\n"))
      </li>

      """
  }

  /// "Claims: 3 supported, 1 refuted. Checks: 1 failed, 2 warned."
  private func verdicts(_ record: ReportRecord) -> HTML {
    let claims = record.claims.map { "\($0.count) \($0.outcome)" }.joined(separator: ", ")
    let checks = [(record.failedChecks, "failed"), (record.warnedChecks, "warned")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let sentences = [
      claims.isEmpty ? nil : "Claims: \(claims).",
      "Checks: \(checks.isEmpty ? "all passed" : checks).",
    ].compactMap(\.self)
    return "\(sentences.joined(separator: " "))"
  }
}
