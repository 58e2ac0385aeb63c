import Crypto
import Experiments
import Formats
package import Foundation

/// What a published report says about itself, in a file beside its page: `NAME.report.json`.
///
/// The list of a folder's reports is made from these files, so a publication needs to know nothing of
/// the other reports' sources. It holds no time, so that equal reports have equal records.
package struct ReportRecord: Codable, Hashable, Sendable {
  /// How many claims came out in one way.
  package struct Verdict: Codable, Hashable, Sendable {
    package var outcome: String
    package var count: Int
  }

  /// A published file and the digest of its bytes.
  package struct File: Codable, Hashable, Sendable {
    /// Relative to the folder.
    package var path: String
    package var bytes: Int
    package var sha256: String

    package init(path: String, contents: Data) {
      (self.path, bytes) = (path, contents.count)
      sha256 = SHA256.hash(data: contents).hexadecimal
    }
  }

  /// The commit that last changed a source.
  package struct Commit: Codable, Hashable, Sendable {
    package var id: String
    /// Whether the source has changed since.
    package var isModified: Bool

    package init(id: String, isModified: Bool) { (self.id, self.isModified) = (id, isModified) }
  }

  package static let suffix = ".report.json"
  package static let schema = "ftreport.publication/1"

  package var schema = Self.schema
  package var generator: String
  /// Of the report's files, without extension.
  package var name: String
  package var title: String
  package var subtitle: String?
  package var authors: [String]
  /// As the author wrote it.
  package var date: String?
  package var description: String?
  /// The source's path, relative to the folder that the report was published from.
  package var source: String
  /// SHA-256 of the source's text.
  package var sourceDigest: String
  package var commit: Commit?
  /// In a fixed order, without outcomes that no claim has.
  package var claims: [Verdict]
  package var failedChecks: Int
  package var warnedChecks: Int
  /// What the report recommends, in sentences.
  package var recommendations: [String]
  /// Why the report is not what it should be, for one that was published all the same.
  package var exceptions: [String] = []
  /// Everything published with the report but this file, in the order of their paths.
  package var files: [File] = []
}

extension ReportRecord {
  init(_ evaluated: EvaluatedReport, name: String, source: String, generatorVersion: String) {
    let report = evaluated.plan.report
    let front = report.frontMatter
    let blocks = evaluated.kinds.flatMap(\.blocks)
    generator = "ftreport \(generatorVersion)"
    self.name = name
    title = front.title.value
    subtitle = front.subtitle
    authors = front.authors.map(\.name)
    date = front.date
    description = front.description
    self.source = source
    sourceDigest = SHA256.hash(data: Data(report.source.text.utf8)).hexadecimal
    claims = EvaluatedClaim.tally(evaluated.blocks(EvaluatedClaim.self)).map {
      Verdict(outcome: $0.verdict.rawValue, count: $0.count)
    }
    failedChecks = evaluated.checks.count { $0.status == .fail }
    warnedChecks = evaluated.checks.count { $0.status == .warn }
    recommendations = blocks.compactMap { $0.headline?.plainText }
  }

  /// The file's bytes.
  package var data: Data {
    // A struct of texts and numbers has no value that JSON cannot hold.
    ((try? JSONCoding.data(of: self, .indented)) ?? Data()) + Data("\n".utf8)
  }

  /// Reads a file; nil for one that another version or someone else wrote.
  package init?(_ data: Data) {
    guard let record = try? JSONCoding.value(Self.self, from: data),
      record.schema == Self.schema
    else { return nil }
    self = record
  }
}
