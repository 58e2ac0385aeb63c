package import Engine

/// A checkpoint that teaches, as a plan sees it.
package struct TeacherCheckpoint: Hashable, Sendable {
  package let path: String
  package let fingerprint: String
  package let description: ModelDescription

  package init(path: String, model: ModelSummary) {
    self.path = path
    fingerprint = model.fingerprint
    description = model.description
  }
}
