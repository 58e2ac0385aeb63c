/// What people are told about a task; nothing of it changes a result.
package struct TaskAbout: Codable, Hashable, Sendable {
  /// One line that says what is asked.
  package var title: String?
  /// The paper or page the task comes from.
  package var citation: String?
  /// What the files' owners allow, as far as it is known.
  package var licence: String?
  /// Where the task's files can be had.
  package var downloads: [Download]

  package init(
    title: String? = nil, citation: String? = nil, licence: String? = nil,
    downloads: [Download] = []
  ) {
    self.title = title
    self.citation = citation
    self.licence = licence
    self.downloads = downloads
  }
}
