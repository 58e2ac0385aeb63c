import Formats
package import Foundation

/// Where one of a task's files may be, and how its rows are to be read.
///
/// Files are UTF-8; ``DataFormat`` defines the format of their rows.
package struct DataFile: Codable, Hashable, Sendable {
  /// What the file is to the task: `train`, `in-domain`, `ood`.
  package var role: String
  /// Paths below the data folder, in order of preference; the first that exists is read.
  package var candidates: [Candidate]
  /// Name of the ``GeneratedData`` that makes the rows; the file then has no candidates.
  package var generator: String?
  package var format: DataFormat
  /// Whether the first row names the columns; rows of ``DataFormat/jsonl`` name theirs themselves.
  package var hasHeader: Bool
  /// Whether rows with more or fewer columns than the first are skipped instead of being mistakes,
  /// for releases with some broken rows.
  package var skipsRaggedRows: Bool
  /// The column of each input field.
  package var fields: [String: ColumnReference]
  package var label: ColumnReference
  /// What a text in the label column means; a text that is not here is an error.
  package var labels: [String: LabelMeaning]
  /// Further columns that filters and stratified draws refer to.
  package var tags: [String: ColumnReference]

  package init(
    role: String, candidates: [Candidate], format: DataFormat = .tsv, hasHeader: Bool,
    skipsRaggedRows: Bool = false, fields: [String: ColumnReference], label: ColumnReference,
    labels: [String: LabelMeaning], tags: [String: ColumnReference] = [:]
  ) {
    self.role = role
    self.candidates = candidates
    self.format = format
    self.hasHeader = hasHeader
    self.skipsRaggedRows = skipsRaggedRows
    self.fields = fields
    self.label = label
    self.labels = labels
    self.tags = tags
  }

  /// A table with a header that is made instead of read.
  package init(
    role: String, generator: String, fields: [String: ColumnReference], label: ColumnReference,
    labels: [String: LabelMeaning], tags: [String: ColumnReference] = [:]
  ) {
    self.init(
      role: role, candidates: [], hasHeader: true, fields: fields, label: label, labels: labels,
      tags: tags)
    self.generator = generator
  }

  /// One place a file may be.
  package struct Candidate: Codable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// Path below the data folder.
    package var path: String
    /// What a report must say when this file was used, such as how it differs from the release.
    package var note: String?

    package init(_ path: String, note: String? = nil) {
      self.path = path
      self.note = note
    }

    package init(stringLiteral value: String) {
      self.init(value)
    }
  }
}

/// A column by its number from 1, or by any of several names in the header or the row's object.
package enum ColumnReference: Hashable, Sendable {
  case number(Int)
  /// The first of these names that the header has.
  case named([String])
}

extension ColumnReference: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let name = try? container.decode(String.self) {
      self = .named([name])
    } else {
      self = .named(try container.decode([String].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .named(let names) where names.count == 1: try container.encode(names[0])
    case .named(let names): try container.encode(names)
    }
  }
}

/// What a text in the label column means.
package enum LabelMeaning: Hashable, Sendable {
  /// The class with this index.
  case label(Int)
  /// Rows with this text are skipped (the neutral ones of MNLI).
  case drop
}

extension LabelMeaning: Codable {
  private static let dropWord = "drop"

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let label = try? container.decode(Int.self) {
      self = .label(label)
    } else {
      guard try container.decode(String.self) == Self.dropWord else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a label maps to a class number or to 'drop'")
      }
      self = .drop
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .label(let label): try container.encode(label)
    case .drop: try container.encode(Self.dropWord)
    }
  }
}

/// How the rows of a data file are written.
package enum DataFormat: String, Codable, Hashable, Sendable, CaseIterable {
  /// One row per line, cells separated by TAB, nothing quoted: the format of GLUE.
  case tsv
  /// Cells separated by commas, or by what a header without commas has instead (`;`, TAB, `|`); a
  /// cell with a separator, a quote or a line end is in double quotes, in which a quote is written
  /// twice (RFC 4180).
  case csv
  /// One JSON object per line, or an array of objects, whose members are the cells.
  case jsonl

  /// The format that a file's name says; nil for an unknown one.
  ///
  /// - Parameter path: Ends in an extension, before which `.gz` or `.zip` may stand, as in
  ///   `train.csv.gz`.
  package init?(path: String) {
    let name = path.split(atByte: "/").last.map(String.init) ?? ""
    var parts = name.lowercased().split(atByte: ".").map(String.init)
    if parts.count > 2, let last = parts.last, Self.packed.contains(last) { parts.removeLast() }
    switch parts.last {
    case "tsv", "tab", "txt": self = .tsv
    case "csv": self = .csv
    case "jsonl", "ndjson", "json": self = .jsonl
    case let ending? where Self.columnar.contains(ending): self = .jsonl
    default: return nil
    }
  }

  /// Extensions of compressed files, which say nothing about what is in them.
  private static let packed = ["gz", "zip"]
  /// Extensions of files in columns, which become JSON Lines.
  private static let columnar = ["parquet", "arrow", "feather"]

  /// Whether a path's extension says that the file is not the text itself.
  package static func isConverted(_ path: String) -> Bool {
    (packed + columnar).contains(URL(fileURLWithPath: path).pathExtension.lowercased())
  }
}

extension DataFile.Candidate {
  /// Where the file is: below the data folder, unless the path is absolute.
  package func url(in folder: URL) -> URL {
    path.starts(withBytes: "/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
  }
}

/// Data that is made from a seed instead of read from a folder, as text in the layout of a file.
///
/// A ``DataFile`` with a ``DataFile/generator`` has one of these tables for its bytes; reading,
/// fingerprints and errors are then those of any file.
struct GeneratedData: Sendable {
  /// As ``DataFile/generator`` names it.
  package let name: String
  private let fields: [String]
  private let labels: [String]
  private let tables: @Sendable () -> [String: [GeneratedRow]]

  /// What is built in.
  package static let builtin = [
    GeneratedData(
      name: "acceptability", fields: ["sentence"], labels: ["unacceptable", "acceptable"],
      tables: { AcceptabilityData.rows }),
    GeneratedData(
      name: "inference", fields: ["premise", "hypothesis"],
      labels: ["entailment", "contradiction"], tables: { InferenceData.rows }),
  ]

  package static func named(_ name: String) -> GeneratedData? {
    builtin.first { $0.name == name }
  }

  /// The table of a role, tab-separated with a header; nil when there is no such role.
  ///
  /// - Parameter role: `train`, `in-domain` or `ood`.
  /// - Returns: Columns `label`, `group`, `variant` and the input texts.
  package func text(role: String) -> String? {
    guard let rows = tables()[role] else { return nil }
    let header = ["label", "group", "variant"] + fields
    let lines = [header] + rows.map { [labels[$0.label], $0.group, $0.variant] + $0.texts }
    return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
