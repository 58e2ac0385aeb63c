import Foundation

@testable import Experiments

/// A data folder of a test, removed with its last reference.
///
/// Reading goes through its methods, which keep it alive until they return.
final class TaskFolder {
  let url: URL

  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tasks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (path, text) in files { try write(Array(text.utf8), to: path) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], to path: String) throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func load(_ task: TaskDefinition, sets: [String]? = nil) throws(TaskError) -> LoadedTask {
    try TaskLoader(folder: url).load(task, sets: sets)
  }

  func fingerprints(
    of task: TaskDefinition, cache: any FingerprintCache
  ) throws(TaskError) -> [String: String] {
    try TaskLoader(folder: url, cache: cache).fingerprints(of: task).digests
  }

  func digest(of path: String) throws(TaskError) -> String {
    try FileFingerprint(of: url.appendingPathComponent(path), cache: nil).digest
  }
}
