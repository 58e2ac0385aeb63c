package import Formats

/// A statement about results that the build tests.
package struct ClaimBlock: ReportBlock, Hashable {
  package static let kind = "claim"
  static let defaultConfidence = 0.95

  package let label: String
  package let position: SourcePosition
  package let assertion: Assertion
  /// Markdown; written from the assertion unless given.
  package let text: Template
  /// Where the statement was first made, such as "Mosbach 2023, §4.2".
  package let source: String?
  package let confidence: Double
  /// Whether different numbers of examples on the two sides are what the claim is about.
  package let isAcrossShots: Bool

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let assertion = fields.text("assert")
    fields.requirePresence(of: "assert", like: "exp-1[lora].ood.accuracy > 50%")
    let text = fields.text("text").map(Template.init)
    source = fields.text("source")?.text
    confidence =
      fields.number("confidence", between: 0.5, and: 1)?.value ?? Self.defaultConfidence
    isAcrossShots = fields.flag("across-shots")?.value ?? false
    guard let assertion else { return nil }
    do {
      self.assertion = try Assertion(parsing: assertion)
    } catch {
      fields.report(error)
      return nil
    }
    self.text = text ?? Template(SourceText(self.assertion.sentence, at: assertion.position))
  }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    assertion.check(against: catalog) + text.check(against: catalog)
  }
}
