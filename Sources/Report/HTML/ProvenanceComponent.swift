import Formats

/// How a page was made and how to make it again.
struct ProvenanceComponent: Hashable, Sendable {
  struct Fact: Hashable, Sendable {
    package var name: String
    package var value: String
    /// Whether it is a fingerprint or path, set in a fixed width.
    var isCode: Bool

    package init(_ name: String, _ value: String, isCode: Bool = false) {
      self.name = name
      self.value = value
      self.isCode = isCode
    }
  }

  /// Tool and numerics version, fingerprints of model and data, machine.
  package var facts: [Fact]
  /// The commands that make the page again, one per line.
  var commands: [String]

  package init(facts: [Fact], commands: [String]) {
    self.facts = facts
    self.commands = commands
  }

  package var html: HTML {
    let rows = facts.map { fact -> HTML in
      let value: HTML = fact.isCode ? "<code>\(fact.value)</code>" : "\(fact.value)"
      return "<div><dt>\(fact.name)</dt><dd>\(value)</dd></div>\n"
    }.joined()
    return """
      <section class="provenance" aria-labelledby="page.provenance">
      <h2 id="page.provenance">How this page was made</h2>
      <dl>
      \(rows)</dl>
      \(again)</section>
      """
  }

  private var again: HTML {
    guard !commands.isEmpty else { return "" }
    let lines = commands.joined(separator: "\n")
    return "<p>To run it again:</p>\n<pre tabindex=\"0\"><code>\(lines)</code></pre>\n"
  }
}
