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
      check.passed ? ("supported", .check, "passed") : ("inconclusive", .triangle, "warning")
    return """
      <div><dt>\(check.kind.rawValue.capitalizedFirst)</dt>
      <dd><span class="\(style)"><span class="badge">\(icon.html)\(word)</span></span> \
      \(check.text)</dd></div>

      """
  }
}
