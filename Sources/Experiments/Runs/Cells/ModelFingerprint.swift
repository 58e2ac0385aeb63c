import Crypto
package import Engine
package import Foundation

/// A checkpoint as a plan sees it: what it is, without its weights.
package struct ModelSummary: Hashable, Sendable {
  package let description: ModelDescription
  /// SHA-256 over the names and contents of the files that define the model.
  package let fingerprint: String

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
    var hash = SHA256()
    for file in model.definingFiles {
      hash.update(data: Data("\(file.lastPathComponent)\n".utf8))
      hash.update(data: Data("\(try FileFingerprint.digest(of: file, cache: cache))\n".utf8))
    }
    fingerprint = hash.finalize().hexadecimal
  }
}
