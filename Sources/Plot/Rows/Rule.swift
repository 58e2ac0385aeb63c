/// A reference line across a panel at one value, with a direct label.
package struct Rule: Hashable, Sendable {
  /// Where it lies on the value axis.
  package var value: Double
  /// What it says, such as `chance 50 %`; may be empty.
  package var label: String

  /// Makes a rule.
  package init(at value: Double, label: String) {
    self.value = value
    self.label = label
  }
}
