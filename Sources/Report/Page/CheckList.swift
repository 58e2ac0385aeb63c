/// The section that lists what was checked, above how the page was made.
struct CheckList {
  /// Where notices lead.
  static let anchor = "page.checks"

  let checks: [ValidityCheck]

  var html: HTML {
    var labels: [String] = []
    for check in checks where !labels.contains(check.experiment) { labels.append(check.experiment) }
    guard !labels.isEmpty else { return "" }
    let lists = labels.map { label -> HTML in
      let rows = checks.filter { $0.experiment == label }.map(row).joined()
      let title: HTML = labels.count > 1 ? "<p>Experiment <code>\(label)</code></p>\n" : ""
      return "\(title)<dl>\n\(rows)</dl>\n"
    }
    return """
      <section class="provenance" aria-labelledby="\(Self.anchor)">
      <h2 id="\(Self.anchor)">What the numbers were checked for</h2>
      \(lists.joined())</section>

      """
  }

  private func row(_ check: ValidityCheck) -> HTML {
    let (style, icon, word): (HTML, Icon, String) =
      switch check.status {
      case .pass: ("supported", .check, "passed")
      case .warn: ("inconclusive", .triangle, "warning")
      case .fail: ("refuted", .octagon, "failed")
      }
    // Not capitalised: most begin with the name of a method or a set.
    let sentences = check.findings.map { "\($0)." }
    let found: HTML =
      sentences.count == 1
      ? "\(sentences[0])"
      : "<ul>\(sentences.map { "<li>\($0)</li>" as HTML }.joined())</ul>"
    let advice: HTML = check.advice.map { "<p class=\"advice\">\($0)</p>" } ?? ""
    return """
      <div><dt>\(check.kind.rawValue.capitalizedFirst)</dt>
      <dd><span class="\(style)"><span class="badge">\(icon.html)\(word)</span></span> \
      \(found)\(advice)</dd></div>

      """
  }
}
