import Foundation

/// A file of labelled texts with the columns `text`, `label` and perhaps `pair`; others are ignored.
///
/// The name's ending tells the format: see ``DataFormat``. TSV and CSV begin with a header.
struct LabelledFile {
  /// One example as written.
  struct Row: Hashable {
    /// The text, and the one it is paired with.
    let texts: [String]
    let label: String
    /// From 1.
    let line: Int
  }

  static let fields = ["text", "pair"]
  private static let label = "label"

  let hasPair: Bool
  /// In the order of the file; at least one.
  let rows: [Row]

  /// Reads and checks a whole file.
  ///
  /// - Parameters:
  ///   - path: As the user named it, for messages.
  ///   - needsPair: Whether `pair` has to be there.
  /// - Throws: ``TrainingError`` or ``TaskError`` with the place of the first mistake.
  init(_ path: String, needsPair: Bool = false) throws {
    let url = URL(fileURLWithPath: path)
    guard let format = DataFormat(pathExtension: url.pathExtension) else {
      throw TrainingError(.unknownFormat(url.pathExtension), file: path)
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError(.noFile, file: path)
    }
    do throws(TaskError) {
      let table = try DataTable(url, format: format)
      let names = try table.columnNames()
      hasPair = names.contains(Self.fields[1])
      let texts = needsPair || hasPair ? Self.fields : [Self.fields[0]]
      rows = try table.rows(of: (texts + [Self.label]).map { .named([$0]) }).map { row in
        Row(texts: Array(row.texts.dropLast()), label: row.texts[texts.count], line: row.line)
      }
    } catch {
      if case .emptyFile = error.reason { throw TrainingError(.noRows, file: path) }
      throw TaskError(error.reason, file: path, line: error.line, column: error.column)
    }
    guard !rows.isEmpty else { throw TrainingError(.noRows, file: path) }
    if let row = rows.first(where: \.label.isEmpty) {
      throw TrainingError(.emptyLabel, file: path, line: row.line)
    }
  }
}
