import Engine
import Foundation

/// Columns of a data file as text, for data that belongs to no task.
struct DataTable: Sendable {
  package struct Row: Hashable, Sendable {
    /// The line on which the row begins, from 1.
    package let line: Int
    /// The cells of the columns asked for, in that order.
    package let texts: [String]
  }

  package let url: URL
  package let format: DataFormat
  private let bytes: Data

  /// Opens a file whose first row names the columns.
  ///
  /// - Parameters:
  ///   - url: A UTF-8 file; see ``DataContents`` for what else.
  ///   - format: How its rows are written; by the file's extension if nil, TSV if that is unknown.
  /// - Throws: ``TaskError`` with ``TaskError/Reason/unreadableFile(_:)``.
  package init(_ url: URL, format: DataFormat? = nil) throws(TaskError) {
    self.url = url
    self.format = format ?? DataFormat(path: url.path) ?? .tsv
    bytes = try DataContents.read(url)
  }

  /// The names of the columns, of JSON Lines those of the first row.
  ///
  /// - Throws: ``TaskError`` if the first row is malformed or not there.
  func columnNames() throws(TaskError) -> [String] {
    do throws(TaskError) {
      return try attempt { (bytes) throws(TaskError) in
        try RowReader.columnNames(in: bytes, format: format)
      }
    } catch {
      throw error.in(url.path)
    }
  }

  /// Every row's texts in some columns.
  ///
  /// - Parameter columns: The columns to read.
  /// - Returns: All rows in file order.
  /// - Throws: ``TaskError`` with file, line and column at the first thing wrong.
  package func rows(of columns: [ColumnReference]) throws(TaskError) -> [Row] {
    do throws(TaskError) {
      return try attempt { (bytes) throws(TaskError) in
        var rows: [Row] = []
        let reader = RowReader(format: format, hasHeader: true)
        try reader.forEachRow(of: columns, in: bytes) { (row) throws(TaskError) in
          var texts: [String] = []
          for index in columns.indices { texts.append(try row.text(index)) }
          rows.append(Row(line: row.line, texts: texts))
        }
        return rows
      }
    } catch {
      throw error.in(url.path)
    }
  }

  /// The objects of JSON Lines or of an array, each on one line.
  ///
  /// - Throws: ``TaskError`` with file, line and column.
  func objects() throws(TaskError) -> [String] {
    do throws(TaskError) {
      return try attempt { (bytes) throws(TaskError) in
        var cursor = try JSONRowCursor(bytes, columns: [])
        var cells: [UnsafeRawBufferPointer] = []
        var objects: [String] = []
        while try cursor.next(into: &cells) { objects += cursor.row.map { [$0.line] } ?? [] }
        return objects
      }
    } catch {
      throw error.in(url.path)
    }
  }

  /// `withUnsafeBytes` for a body whose error keeps its type.
  private func attempt<Result>(
    _ body: (UnsafeRawBufferPointer) throws(TaskError) -> Result
  ) throws(TaskError) -> Result {
    let outcome: Swift.Result<Result, TaskError> = bytes.withUnsafeBytes { bytes in
      do throws(TaskError) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
