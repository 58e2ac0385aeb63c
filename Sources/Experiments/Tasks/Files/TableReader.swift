/// The rows of one data file that carry a class, in file order.
struct TableRows: Sendable {
  var examples: [Example] = []
  /// The text of each tag column in each row, as a code into its distinct values.
  var tags: [String: TagColumn] = [:]

  struct TagColumn: Sendable {
    /// Distinct texts in order of first appearance.
    var values: [String] = []
    var codes: [Int32] = []
  }
}

/// Reads tab-separated rows straight from bytes: TAB and LF separate, nothing is quoted.
///
/// A CR before LF and a byte-order mark are dropped. Only the columns a task uses become strings,
/// and each of those is validated as UTF-8 on the way.
struct TableReader {
  private let file: DataFile
  private let fields: [String]
  private let path: String
  /// What the label column may hold, as bytes.
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
    var cursor = LineCursor(bytes)
    var cells: [UnsafeRawBufferPointer] = []
    var header: [String]?
    if file.hasHeader, cursor.next(into: &cells) {
      var names: [String] = []
      for cell in cells { names.append(try text(cell, cursor)) }
      header = names
    }
    let labelColumn = try index(of: file.label, header)
    var fieldColumns: [Int] = []
    for field in fields {
      fieldColumns.append(try index(of: file.fields[field] ?? .named([field]), header))
    }
    var collectors: [TagCollector] = []
    for (name, column) in file.tags.sorted(by: { $0.key < $1.key }) {
      collectors.append(TagCollector(name: name, column: try index(of: column, header)))
    }
    let lowest = ([labelColumn] + fieldColumns + collectors.map(\.column)).reduce(0, max) + 1
    var width = header?.count

    var result = TableRows()
    result.examples.reserveCapacity(bytes.count / 100)
    while cursor.next(into: &cells) {
      let needed = width ?? max(cells.count, lowest)
      width = needed
      guard cells.count == needed else {
        throw error(.wrongColumnCount(found: cells.count, needed: needed), cursor, at: nil)
      }
      guard case .label(let label) = try meaning(of: cells[labelColumn], cursor) else { continue }
      var texts: [String] = []
      texts.reserveCapacity(fieldColumns.count)
      for column in fieldColumns { texts.append(try text(cells[column], cursor)) }
      result.examples.append(Example(fields: texts, label: label))
      for i in collectors.indices where !collectors[i].take(cells[collectors[i].column]) {
        throw error(.invalidUTF8, cursor, at: cells[collectors[i].column])
      }
    }
    guard !result.examples.isEmpty else { throw TaskError(.emptyFile, file: path) }
    for collector in collectors { result.tags[collector.name] = collector.tag }
    return result
  }

  private func index(of column: ColumnReference, _ header: [String]?) throws(TaskError) -> Int {
    switch column {
    case .number(let number): return number - 1
    case .named(let names):
      for name in names {
        if let index = header?.firstIndex(of: name) { return index }
      }
      guard let header else { throw TaskError(.emptyFile, file: path) }
      throw TaskError(.missingColumn(names: names, header: header), file: path, line: 1)
    }
  }

  private func meaning(
    of cell: UnsafeRawBufferPointer, _ cursor: LineCursor
  ) throws(TaskError) -> LabelMeaning {
    for (text, meaning) in meanings where cell.elementsEqual(text) { return meaning }
    let known = meanings.map { String(decoding: $0.text, as: UTF8.self) }
    throw error(
      .unknownLabel(String(decoding: cell, as: UTF8.self), known: known), cursor, at: cell)
  }

  private func text(
    _ cell: UnsafeRawBufferPointer, _ cursor: LineCursor
  ) throws(TaskError) -> String {
    guard let text = String(validating: cell, as: UTF8.self) else {
      throw error(.invalidUTF8, cursor, at: cell)
    }
    return text
  }

  private func error(
    _ reason: TaskError.Reason, _ cursor: LineCursor, at cell: UnsafeRawBufferPointer?
  ) -> TaskError {
    TaskError(reason, file: path, line: cursor.number, column: cell.map(cursor.column))
  }
}

/// Gathers one tag column; neighbouring rows mostly repeat the value, so the last one is tried first.
private struct TagCollector {
  let name: String
  let column: Int
  private(set) var tag = TableRows.TagColumn()
  private var known: [[UInt8]] = []
  private var last = 0

  init(name: String, column: Int) {
    self.name = name
    self.column = column
  }

  /// Records one cell; false if it is not UTF-8.
  mutating func take(_ cell: UnsafeRawBufferPointer) -> Bool {
    if last >= known.count || !cell.elementsEqual(known[last]) {
      if let index = known.firstIndex(where: { cell.elementsEqual($0) }) {
        last = index
      } else {
        guard let text = String(validating: cell, as: UTF8.self) else { return false }
        last = known.count
        known.append(Array(cell))
        tag.values.append(text)
      }
    }
    tag.codes.append(Int32(last))
    return true
  }
}
