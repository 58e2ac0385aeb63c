import Crypto
package import Engine
package import Foundation

/// A checkpoint as a plan sees it: what it is, without its weights.
package struct ModelSummary: Hashable, Sendable {
  package let description: ModelDescription
  /// SHA-256 over the names and contents of the files that define the model.
  package let fingerprint: String
  /// Those files.
  package let files: [FileFingerprint]

  /// Opens a Hugging Face folder and checks its headers.
  ///
  /// - Parameters:
  ///   - folder: With `config.json`, weights and a tokenizer's files.
  ///   - cache: Where digests of unchanged files are remembered.
  /// - Throws: `CheckpointError` for a broken folder, ``TaskError`` for an unreadable file.
  package init(_ folder: URL, cache: (any FingerprintCache)?) throws {
    let model = try ModelFolder(folder)
    try model.checkShapes()
    description = model.description
    files = try model.definingFiles.map { try FileFingerprint(of: $0, cache: cache) }
    var hash = SHA256()
    for (url, file) in zip(model.definingFiles, files) {
      hash.update(data: Data("\(url.lastPathComponent)\n\(file.digest)\n".utf8))
    }
    fingerprint = hash.finalize().hexadecimal
  }
}
