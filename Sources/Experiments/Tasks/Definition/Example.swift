/// One labelled input.
package struct Example: Hashable, Sendable {
  /// The input texts in the order of the task's fields.
  package var fields: [String]
  /// The class, as an index into the task's labels.
  package var label: Int

  package init(fields: [String], label: Int) {
    self.fields = fields
    self.label = label
  }
}
