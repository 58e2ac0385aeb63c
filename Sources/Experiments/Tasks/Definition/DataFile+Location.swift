package import Foundation

extension DataFile.Candidate {
  /// Where the file is: below the data folder, unless the path is absolute.
  package func url(in folder: URL) -> URL {
    path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
  }
}
