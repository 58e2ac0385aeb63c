import Foundation

/// Which of a task's files are in a data folder.
package struct TaskInventory: Sendable {
  /// One file the task reads.
  package struct File: Sendable {
    package let role: String
    /// Path below the data folder; nil for one that is not there.
    package let path: String?
    /// A note for reports, such as how this file differs from the release.
    package let note: String?
    /// Rows that carry a class; nil for a file that is not there or cannot be read.
    package let rows: Int?
    /// How many rows each class has, in the order of the task's labels.
    package let classes: [Int]
    /// Why there are no rows.
    package let error: TaskError?
  }

  package let task: TaskDefinition
  package let files: [File]

  package var isComplete: Bool { files.allSatisfy { $0.error == nil } }

  /// Looks for the files of a task and counts their rows.
  package init(of task: TaskDefinition, in loader: TaskLoader) {
    self.task = task
    files = task.files.map { file in
      do throws(TaskError) {
        let (source, rows) = try loader.rows(of: file, in: task)
        var classes = task.labels.map { _ in 0 }
        for example in rows.examples { classes[example.label] += 1 }
        return File(
          role: file.role, path: Self.path(of: source, in: file, loader), note: source.note,
          rows: rows.examples.count, classes: classes, error: nil)
      } catch {
        let found = file.candidates.first {
          FileIdentity(of: $0.url(in: loader.folder)) != nil
        }
        return File(
          role: file.role, path: found?.path, note: found?.note, rows: nil, classes: [],
          error: error)
      }
    }
  }

  private static func path(
    of source: DataSource, in file: DataFile, _ loader: TaskLoader
  ) -> String? {
    file.candidates.first { $0.url(in: loader.folder) == source.url }?.path
  }
}

/// The findings about a task's files.
package struct TaskVerification: Sendable {
  /// One check.
  package struct Finding: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable {
      case fine
      /// Something that a reader of results should know.
      case note
      /// Something that keeps the task from being used, or its data from being what it should be.
      case problem
    }

    package let level: Level
    package let message: String
    package let help: String?

    init(_ level: Level, _ message: String, help: String? = nil) {
      self.level = level
      self.message = message
      self.help = help
    }
  }

  package let task: String
  package private(set) var findings: [Finding] = []

  package var hasProblem: Bool { findings.contains { $0.level == .problem } }

  /// Checks presence, checksums, counts and overlaps.
  package init(of task: TaskDefinition, in loader: TaskLoader) {
    self.task = task.name
    let inventory = TaskInventory(of: task, in: loader)
    let record = ChecksumRecord(of: loader.folder)
    for file in inventory.files {
      if let error = file.error {
        findings.append(Self.absence(error, of: file, task))
        continue
      }
      findings.append(Finding(.fine, Self.counts(of: file, task)))
      if let note = file.note {
        findings.append(Finding(.note, "\(file.role): \(note)"))
      }
      if let path = file.path {
        findings += Self.checksum(of: path, as: file.role, task, record, loader)
      }
    }
    guard inventory.isComplete else { return }
    do throws(TaskError) {
      addSets(of: try loader.load(task))
    } catch {
      findings.append(
        Finding(.problem, Self.placed(error), help: error.help))
    }
  }

  private mutating func addSets(of task: LoadedTask) {
    findings += task.oddities().map { oddity in
      let isPool = oddity.set == TaskDefinition.trainingRole
      return Finding(.note, "\(isPool ? "" : "set ")\(oddity.set): \(oddity.sentence)")
    }
    for set in task.evaluations {
      let parts = set.subsets.map { ", \($0.indices.count) of them \($0.name)" }.joined()
      let majority = (set.majorityShare * 1000).rounded() / 10
      findings.append(
        Finding(
          .fine,
          "set \(set.name): \(set.examples.count) examples\(parts); the commonest class has "
            + "\(majority) %"))
    }
    for overlap in task.overlaps() {
      guard overlap.count > 0 else { continue }
      findings.append(
        Finding(
          .note,
          "\(overlap.count) of the \(overlap.total) examples of \(overlap.second) are in "
            + "\(overlap.first) too"))
    }
  }

  private static func counts(of file: TaskInventory.File, _ task: TaskDefinition) -> String {
    let classes = zip(task.labels, file.classes).map { "\($0) \($1)" }.joined(separator: ", ")
    return "\(file.role): \(file.path ?? "generated"), \(file.rows ?? 0) rows (\(classes))"
  }

  /// A file that is missing or broken, with the way to get it.
  private static func absence(
    _ error: TaskError, of file: TaskInventory.File, _ task: TaskDefinition
  ) -> Finding {
    guard case .missingFile(_, let tried, let folder) = error.reason else {
      return Finding(.problem, "\(file.role): \(placed(error))", help: error.help)
    }
    let download = task.about.downloads.first { download in
      tried.contains { download.files.contains($0) }
    }
    let help: String
    switch download?.source {
    case .address: help = "'ftreport data fetch \(task.name)' downloads it"
    case .byHand(let words): help = words
    case nil: help = "put one of \(tried.joined(separator: ", ")) there"
    }
    return Finding(.problem, "\(file.role): not in \(folder)", help: help)
  }

  /// Nothing for a file without a download: its owner made it.
  private static func checksum(
    of path: String, as role: String, _ task: TaskDefinition, _ record: ChecksumRecord,
    _ loader: TaskLoader
  ) -> [Finding] {
    var expected = record[path]
    for download in task.about.downloads where !download.isArchive && download.files == [path] {
      if case .address(_, let known?) = download.source { expected = known }
    }
    guard let expected else {
      guard !task.about.downloads.isEmpty else { return [] }
      return [
        Finding(.note, "\(role): there is no known checksum for \(path), so it was not checked")
      ]
    }
    do throws(TaskError) {
      let found = try FileFingerprint(
        of: DataFile.Candidate(path).url(in: loader.folder), cache: nil
      ).digest
      guard found != expected else {
        return [Finding(.fine, "\(role): SHA-256 as in the download")]
      }
      return [
        Finding(
          .problem, "\(role): the SHA-256 of \(path) is \(found), not \(expected)",
          help: "the file has changed since the download; delete it and fetch it again")
      ]
    } catch {
      return [Finding(.problem, "\(role): \(placed(error))", help: error.help)]
    }
  }

  private static func placed(_ error: TaskError) -> String {
    let place = [error.file, error.line.map(String.init), error.column.map(String.init)]
      .compactMap(\.self).joined(separator: ":")
    return place.isEmpty ? error.message : "\(place): \(error.message)"
  }
}
