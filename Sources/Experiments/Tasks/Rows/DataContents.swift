import Foundation

/// The text of data files, which may be compressed or in columns.
enum DataContents {
  /// Everything that the rows of a file are read from.
  ///
  /// What a file is, its bytes say and not its name. Digests and keys are those of the file as it is.
  ///
  /// - Parameter url: A file of any format: text, gzip, zip, Parquet or Arrow.
  /// - Returns: The text; of Parquet and Arrow as JSON Lines.
  /// - Throws: ``TaskError`` with the file.
  static func read(_ url: URL) throws(TaskError) -> Data {
    do throws(TaskError) {
      let bytes: Data
      do {
        bytes = try Data(contentsOf: url, options: .mappedIfSafe)
      } catch {
        throw TaskError(.unreadableFile(error.localizedDescription))
      }
      if let contents = try PackedFile.contents(of: url, bytes: bytes) { return contents }
      return try ColumnarFile(url, bytes: bytes)?.lines() ?? bytes
    } catch {
      throw error.in(url.path)
    }
  }
}
