/// The rows of one data file that carry a class, in file order.
struct TableRows: Sendable {
  var examples: [Example] = []
  /// What a table's header calls its columns; nil without one.
  var columns: [String]?
  /// The line on which each row begins, from 1.
  var lines: [Int] = []
  /// The text of each tag column in each row, as a code into its distinct values.
  var tags: [String: TagColumn] = [:]

  /// Which rows belong together, by equal numbers; nil where the task names no such column.
  var groups: [Int]? { tags[TaskDefinition.groupingTag]?.codes.map { Int($0) } }

  struct TagColumn: Sendable {
    /// Distinct texts in order of first appearance.
    var values: [String] = []
    var codes: [Int32] = []
  }
}

/// Turns a file's rows into examples straight from bytes.
///
/// Only the columns a task uses become strings, and each of those is validated as UTF-8 on the way.
struct TableReader {
  private let file: DataFile
  private let fields: [String]
  private let path: String
  /// The valid values of the label column, as bytes.
  private let meanings: [(text: [UInt8], meaning: LabelMeaning)]

  init(_ file: DataFile, fields: [String], path: String) {
    self.file = file
    self.fields = fields
    self.path = path
    meanings = file.labels.sorted { $0.key < $1.key }.map { (Array($0.key.utf8), $0.value) }
  }

  /// Parses a whole file.
  ///
  /// - Parameter bytes: The file's bytes.
  /// - Returns: The rows whose label is not dropped.
  /// - Throws: ``TaskError`` with line and column at the first row that is not as declared.
  /// - Complexity: O(bytes).
  func rows(in bytes: UnsafeRawBufferPointer) throws(TaskError) -> TableRows {
    let tags = file.tags.sorted { $0.key < $1.key }
    let columns =
      [file.label] + fields.map { file.fields[$0] ?? .named([$0]) } + tags.map(\.value)
    var collectors = tags.map { TagCollector(name: $0.key) }
    let firstTag = 1 + fields.count
    var result = TableRows()
    if file.hasHeader, file.format != .jsonl {
      do throws(TaskError) {
        result.columns = try RowReader.columnNames(in: bytes, format: file.format)
      } catch {
        throw error.in(path)
      }
    }
    result.examples.reserveCapacity(bytes.count / 100)
    let reader = RowReader(
      format: file.format, hasHeader: file.hasHeader, skipsRaggedRows: file.skipsRaggedRows)
    do throws(TaskError) {
      try reader.forEachRow(of: columns, in: bytes) { (row) throws(TaskError) in
        guard case .label(let label) = try meaning(of: row) else { return }
        var texts: [String] = []
        texts.reserveCapacity(fields.count)
        for index in 1..<firstTag { texts.append(try row.text(index)) }
        result.examples.append(Example(fields: texts, label: label))
        result.lines.append(row.line)
        for i in collectors.indices where !collectors[i].take(row.cells[firstTag + i]) {
          throw row.error(.invalidUTF8, at: firstTag + i)
        }
      }
    } catch {
      throw error.in(path)
    }
    guard !result.examples.isEmpty else { throw TaskError(.emptyFile, file: path) }
    for collector in collectors { result.tags[collector.name] = collector.tag }
    return result
  }

  private func meaning(of row: RowReader.Row) throws(TaskError) -> LabelMeaning {
    let cell = row.cells[0]
    for (text, meaning) in meanings where cell.elementsEqual(text) { return meaning }
    let known = meanings.map { String(decoding: $0.text, as: UTF8.self) }
    throw row.error(
      .unknownLabel(String(decoding: cell, as: UTF8.self), known: known), at: 0)
  }
}
