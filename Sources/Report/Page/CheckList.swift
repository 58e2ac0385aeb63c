/// The section that lists what was checked, above how the page was made.
struct CheckList {
  /// Where notices lead.
  static let anchor = "page.checks"

  let checks: [ValidityCheck]
  /// Whether a check has to say which experiment it is about.
  let namesExperiments: Bool

  var html: HTML {
    guard !checks.isEmpty else { return "" }
    let rows = checks.map { check -> HTML in
      let (style, icon, word): (HTML, Icon, String) =
        check.passed ? ("supported", .check, "passed") : ("inconclusive", .triangle, "look")
      let place: HTML = namesExperiments ? " (<code>\(check.experiment)</code>)" : ""
      return """
        <div><dt>\(check.kind.rawValue.capitalizedFirst)\(place)</dt>
        <dd><span class="\(style)"><span class="badge">\(icon.html)\(word)</span></span> \
        \(check.text)</dd></div>

        """
    }
    return """
      <section class="provenance" aria-labelledby="\(Self.anchor)">
      <h2 id="\(Self.anchor)">What the numbers were checked for</h2>
      <dl>
      \(rows.joined())</dl>
      </section>

      """
  }
}
