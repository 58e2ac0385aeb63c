import Formats

/// Picks columns out of the rows of a data file, whatever its format.
struct RowReader {
  let format: DataFormat
  let hasHeader: Bool
  let skipsRaggedRows: Bool

  init(format: DataFormat, hasHeader: Bool, skipsRaggedRows: Bool = false) {
    self.format = format
    self.hasHeader = hasHeader
    self.skipsRaggedRows = skipsRaggedRows
  }

  /// The requested cells of one row.
  struct Row {
    /// The cells of the columns asked for, in that order.
    fileprivate(set) var cells: [UnsafeRawBufferPointer] = []
    fileprivate var places: [(line: Int, column: Int?)] = []
    /// The line on which it begins, from 1.
    fileprivate(set) var line = 0

    /// The cell of a column, as text.
    ///
    /// - Throws: ``TaskError`` with ``TaskError/Reason/invalidUTF8``.
    func text(_ index: Int) throws(TaskError) -> String {
      guard let text = String(validating: cells[index], as: UTF8.self) else {
        throw error(.invalidUTF8, at: index)
      }
      return text
    }

    /// An error at a cell.
    func error(_ reason: TaskError.Reason, at index: Int) -> TaskError {
      TaskError(reason, line: places[index].line, column: places[index].column)
    }
  }

  /// Hands over every row.
  ///
  /// - Parameters:
  ///   - columns: The columns to pick.
  ///   - bytes: The whole file.
  ///   - body: Gets each row in file order; its cells are valid until it returns.
  /// - Throws: ``TaskError`` with line and column at the first row that is not as declared, and what
  ///   `body` throws.
  /// - Complexity: O(bytes).
  func forEachRow(
    of columns: [ColumnReference], in bytes: UnsafeRawBufferPointer,
    _ body: (Row) throws(TaskError) -> Void
  ) throws(TaskError) {
    try ForeignFile.refuse(bytes)
    switch format {
    case .tsv, .csv:
      var cursor = TableCursor(bytes, format, hasHeader: hasHeader)
      try walk(&cursor, columns, body)
    case .jsonl:
      var cursor = try JSONRowCursor(bytes, columns: columns)
      try walk(&cursor, columns, body)
    }
  }

  /// The names in the first row, of JSON Lines those of its members.
  ///
  /// - Throws: ``TaskError`` without the file, also where there is no row.
  static func columnNames(
    in bytes: UnsafeRawBufferPointer, format: DataFormat
  ) throws(TaskError) -> [String] {
    try ForeignFile.refuse(bytes)
    var cells: [UnsafeRawBufferPointer] = []
    switch format {
    case .tsv, .csv:
      var cursor = TableCursor(bytes, format, hasHeader: true)
      if try cursor.next(into: &cells) { return try names(cells, cursor) }
    case .jsonl:
      var cursor = try JSONRowCursor(bytes, columns: [])
      if try cursor.next(into: &cells) { return cursor.members }
    }
    throw TaskError(.emptyFile)
  }

  private func walk<Cursor: RowCursor>(
    _ cursor: inout Cursor, _ columns: [ColumnReference],
    _ body: (Row) throws(TaskError) -> Void
  ) throws(TaskError) {
    var cells: [UnsafeRawBufferPointer] = []
    let isTable = format != .jsonl
    var header: [String]?
    if isTable, hasHeader, try cursor.next(into: &cells) {
      header = try Self.names(cells, cursor)
    }
    let chosen = isTable ? try indices(of: columns, header) : Array(columns.indices)
    let lowest = chosen.reduce(-1, max) + 1
    var width = header?.count
    var row = Row()
    while try cursor.next(into: &cells) {
      let needed = width ?? max(cells.count, lowest)
      width = needed
      guard cells.count == needed else {
        if skipsRaggedRows { continue }
        throw TaskError(
          .wrongColumnCount(found: cells.count, needed: needed, format: format),
          line: cursor.number)
      }
      row.line = cursor.number
      row.cells.removeAll(keepingCapacity: true)
      row.places.removeAll(keepingCapacity: true)
      for index in chosen {
        row.cells.append(cells[index])
        row.places.append(cursor.place(of: cells[index], at: index))
      }
      try body(row)
    }
  }

  private static func names(
    _ cells: [UnsafeRawBufferPointer], _ cursor: some RowCursor
  ) throws(TaskError) -> [String] {
    var names: [String] = []
    for (index, cell) in cells.enumerated() {
      guard let name = String(validating: cell, as: UTF8.self) else {
        let place = cursor.place(of: cell, at: index)
        throw TaskError(.invalidUTF8, line: place.line, column: place.column)
      }
      names.append(name)
    }
    return names
  }

  private func indices(
    of columns: [ColumnReference], _ header: [String]?
  ) throws(TaskError) -> [Int] {
    var indices: [Int] = []
    for column in columns {
      switch column {
      case .number(let number):
        if let header, number > header.count {
          throw TaskError(.missingColumn(names: ["\(number)"], header: header), line: 1)
        }
        indices.append(number - 1)
      case .named(let names):
        guard let header else { throw TaskError(.emptyFile) }
        guard let index = names.lazy.compactMap({ header.firstIndex(of: $0) }).first else {
          throw TaskError(.missingColumn(names: names, header: header), line: 1)
        }
        indices.append(index)
      }
    }
    return indices
  }
}
