import Crypto
import Formats
package import Foundation

/// A file of a published folder.
package struct PublishedFile: Hashable, Sendable {
  /// Relative to the folder, with `/` between names.
  package let path: String
  package let contents: Data

  package init(path: String, contents: Data) {
    self.path = path
    self.contents = contents
  }

  init(path: String, text: String) { self.init(path: path, contents: Data(text.utf8)) }
}

/// One report ready to be published: every file, and what its record says.
package struct PublishableReport: Sendable {
  package var record: ReportRecord
  /// The page, its data, what it links to and the record.
  package let files: [PublishedFile]
  /// Other reports that the page links to, by their names.
  let pages: [String]
}

/// What a folder holds before a publication.
struct PublishedContents {
  /// Names of the files directly in it.
  let names: [String]
  /// The bytes of a file; nil where there is none.
  let data: (String) -> Data?
  /// Whether something that is no file has a path, or a file is where the path needs a folder.
  let isBlocked: (String) -> Bool
}

/// A folder of reports after a publication: new files over what was there.
package struct PublishedFolder: Sendable {
  /// What happens to a file.
  package enum Change: String, Hashable, Sendable {
    case added, changed, unchanged, removed
  }

  /// Every file that is written, in the order of their paths.
  package let files: [PublishedFile]
  /// Files of earlier versions of the reports, which belong to no report now.
  package let removed: [String]
  package let changes: [String: Change]
  /// What a person should know.
  package let notes: [String]

  /// Whether anything is different from what was there.
  package var hasChanges: Bool { changes.values.contains { $0 != .unchanged } }

  static let index = "index.html"
  static let noJekyll = ".nojekyll"

  /// Puts reports into a folder.
  ///
  /// - Parameters:
  ///   - reports: With different names.
  ///   - contents: What the folder holds.
  ///   - target: What messages call the folder.
  ///   - version: Of this program, for the list of reports.
  ///   - isSite: Whether the folder is a web site's top, where GitHub looks for `.nojekyll`.
  /// - Throws: ``PublicationRefused`` where a file of someone else would be written over, or a link
  ///   would lead nowhere.
  init(
    _ reports: [PublishableReport], over contents: PublishedContents, target: String,
    version: String, isSite: Bool
  ) throws(PublicationRefused) {
    let names = Set(reports.map(\.record.name))
    let records = contents.names.filter { $0.ends(withBytes: ReportRecord.suffix) }.sorted()
      .compactMap { contents.data($0).flatMap(ReportRecord.init) }
    let kept = records.filter { !names.contains($0.name) }
    let replaced = records.filter { names.contains($0.name) }
    var problems = Self.missingPages(reports, kept: kept, target: target)
    problems += Self.conflicts(reports, kept: kept, replaced: replaced, contents, target: target)
    guard problems.isEmpty else { throw PublicationRefused(problems) }

    var files = Dictionary(
      reports.flatMap(\.files).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var notes = Self.notes(reports, replaced: replaced)
    if !files.keys.contains(Self.index), !kept.contains(where: { $0.name == "index" }) {
      let old = contents.data(Self.index)
      if old.map(ReportIndex.isOurs) ?? true {
        files[Self.index] =
          ReportIndex(
            records: kept + reports.map(\.record), version: version
          ).file
      } else {
        notes.append(
          "\(Self.index) in \(target) was not written by ftreport and is kept, so there is no list "
            + "of reports; publish to a folder of its own to have one")
      }
    }
    if isSite { files[Self.noJekyll] = PublishedFile(path: Self.noJekyll, contents: Data()) }

    let owned = Set(kept.flatMap(Self.paths))
    removed = Set(replaced.flatMap(\.files)).filter { old in
      files[old.path] == nil && !owned.contains(old.path)
        // What someone has changed since is theirs.
        && contents.data(old.path).map { ReportRecord.File(path: old.path, contents: $0) == old }
          ?? false
    }.map(\.path).sorted()
    self.files = files.values.sorted { $0.path < $1.path }
    self.notes = notes
    var changes: [String: Change] = [:]
    for file in self.files {
      let old = contents.data(file.path)
      changes[file.path] = old == nil ? .added : old == file.contents ? .unchanged : .changed
    }
    for path in removed { changes[path] = .removed }
    self.changes = changes
  }

  private static func paths(of record: ReportRecord) -> [String] {
    record.files.map(\.path) + [record.name + ReportRecord.suffix]
  }

  /// Links to reports that are neither published now nor there already.
  private static func missingPages(
    _ reports: [PublishableReport], kept: [ReportRecord], target: String
  ) -> [PublicationProblem] {
    let there = Set(reports.map(\.record.name) + kept.map(\.name))
    return reports.flatMap { report in
      report.pages.filter { !there.contains($0) }.map { name in
        PublicationProblem(
          .mistake, at: report.record.source,
          "the page links to the report '\(name)', which is not in \(target)",
          help: "publish both at once, with both sources on the command line")
      }
    }
  }

  private static func conflicts(
    _ reports: [PublishableReport], kept: [ReportRecord], replaced: [ReportRecord],
    _ contents: PublishedContents, target: String
  ) -> [PublicationProblem] {
    var owners: [String: ReportRecord] = [:]
    for record in replaced + kept {
      for path in paths(of: record) { owners[path] = record }
    }
    var written: [String: (name: String, contents: Data)] = [:]
    var problems: [PublicationProblem] = []
    for report in reports {
      for file in report.files {
        let place = "\(target)/\(file.path)"
        if let other = written[file.path], other.contents != file.contents {
          problems.append(
            PublicationProblem(
              .mistake, at: place,
              "'\(other.name)' and '\(report.record.name)' have different files of this name",
              help: "give one of them another name, or publish them to different folders"))
        }
        written[file.path] = (report.record.name, file.contents)
        if contents.isBlocked(file.path) {
          problems.append(
            PublicationProblem(
              .mistake, at: place, "something else has this name or a part of it there",
              help: "publish to another folder, or give the file another name"))
          continue
        }
        guard let old = contents.data(file.path), old != file.contents else { continue }
        guard let owner = owners[file.path] else {
          if file.path == index, ReportIndex.isOurs(old) { continue }
          problems.append(
            PublicationProblem(
              .mistake, at: place, "the file is there already and was not published by ftreport",
              help: "remove it, or publish to a folder of its own"))
          continue
        }
        if kept.contains(where: { $0.name == owner.name }) {
          problems.append(
            PublicationProblem(
              .mistake, at: place, "the report '\(owner.name)' has another file of this name",
              help: "publish both at once, with both sources on the command line"))
        }
      }
    }
    return problems
  }

  private static func notes(
    _ reports: [PublishableReport], replaced: [ReportRecord]
  ) -> [String] {
    reports.compactMap { report in
      let new = report.record
      return replaced.first { $0.name == new.name && $0.source != new.source }.map {
        "'\(new.name)' was published from \($0.source) before, and now from \(new.source)"
      }
    }
  }
}
