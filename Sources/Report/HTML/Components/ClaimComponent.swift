/// A numbered claim with its verdict and the numbers behind it.
package struct ClaimComponent: Hashable, Sendable {
  /// One number of the verdict, as in "difference", "+4.2 points".
  package struct Figure: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The label, as in "clm-lora".
  package var anchor: String
  package var number: Int
  package var statement: HTML
  package var verdict: Verdict
  /// Estimate, named interval, p, number of seeds; empty while not evaluated.
  package var figures: [Figure]
  /// What to mind, as in "only 4 seeds: the smallest possible p is 0.125".
  package var notes: [String]

  package init(
    anchor: String, number: Int, statement: HTML, verdict: Verdict, figures: [Figure],
    notes: [String] = []
  ) {
    self.anchor = anchor
    self.number = number
    self.statement = statement
    self.verdict = verdict
    self.figures = figures
    self.notes = notes
  }

  package var html: HTML {
    let numbers = figures.map { figure -> HTML in
      "<div><dt>\(figure.name)</dt><dd>\(figure.value)</dd></div>\n"
    }.joined()
    return """
      <section class="claim \(verdict.style)" id="\(anchor)" aria-label="Claim \(number)">
      <p class="head"><span class="number">Claim \(number)</span> \(verdict.badge)</p>
      <p class="statement">\(statement)</p>
      \(numbers.isEmpty ? "" : "<dl class=\"figures\">\n\(numbers)</dl>\n" as HTML)\
      \(notes.map { "<p class=\"note\">\($0)</p>\n" as HTML }.joined())</section>
      """
  }
}
