/// Walks the rows of a data file's bytes.
///
/// Cells are valid until the next row is read.
protocol RowCursor {
  /// The line on which the row last read begins, from 1.
  var number: Int { get }

  /// Replaces `cells` with those of the next row; false at the end.
  ///
  /// - Throws: ``TaskError`` with line and column, but without the file, where the format is broken.
  mutating func next(into cells: inout [UnsafeRawBufferPointer]) throws(TaskError) -> Bool

  /// Where a cell of the row last read begins; the column is nil if it is unknown.
  func place(of cell: UnsafeRawBufferPointer, at index: Int) -> (line: Int, column: Int?)
}
