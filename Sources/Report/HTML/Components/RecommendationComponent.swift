/// A numbered recommendation: the choice in a sentence, a table over budgets, and what it rests on.
struct RecommendationComponent: Hashable, Sendable {
  /// The label, as in "rec-small".
  var anchor: String
  var number: Int
  var caption: HTML
  /// Says in drawing and word how sure the choice is.
  var badge: HTML
  /// The choice within the widest budget.
  var statement: HTML
  /// Choices by budget; nil for a single budget.
  var choices: TableGrid?
  /// Every method at the widest budget.
  var candidates: TableGrid?
  /// What the candidates' table shows.
  var candidatesTitle: String
  var notes: [HTML]
  var footer: ResultFooter

  var html: HTML {
    """
    <figure class="result table" id="\(anchor)">
    <figcaption><span class="number">Recommendation \(number)</span> \(caption)</figcaption>
    <p class="choice">\(badge) \(statement)</p>
    \(choices.map { "\($0.html(named: "Recommendation \(number)"))\n" as HTML })\
    \(candidates.map(evidence))\
    \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())\(footer.html)</figure>
    """
  }

  private func evidence(_ grid: TableGrid) -> HTML {
    let table = grid.html(named: candidatesTitle)
    guard choices != nil else { return "\(table)\n" }
    return """
      <details class="evidence"><summary>\(candidatesTitle)</summary>
      \(table)
      </details>

      """
  }
}
