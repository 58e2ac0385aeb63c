/// The folder of the pages cannot be written; every result is stored all the same.
package struct OutputError: Error, Hashable, Sendable {
  package let folder: String
  package let cause: String
}

extension OutputError: CustomStringConvertible {
  package var description: String {
    """
    \(folder): error: the page cannot be written: \(cause)
      help: name a folder you may write to with -o; no result is lost
    """
  }
}
