import Foundation

@testable import Engine

/// A folder of its own for one test, removed when the value goes.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file of the folder and returns where it is.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL {
    try write(name, Array(text.utf8))
  }

  /// Writes a safetensors file of F32 tensors.
  @discardableResult
  func writeTensors(
    _ name: String, _ tensors: [(name: String, shape: [Int], values: [Float])]
  ) throws -> URL {
    let file = url.appendingPathComponent(name)
    var writer = try SafetensorsWriter(
      file, tensors: tensors.map { .init(name: $0.name, shape: $0.shape) })
    for tensor in tensors {
      try tensor.values.withUnsafeBufferPointer { (values) throws(CheckpointError) in
        try writer.append(values)
      }
    }
    try writer.finish()
    return file
  }
}

/// Runs `body` on a fresh buffer of `count` floats and returns what it holds then.
func floats(
  _ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws(CheckpointError) -> Void
) throws(CheckpointError) -> [Float] {
  let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
  buffer.initialize(repeating: -77)
  defer { buffer.deallocate() }
  try body(buffer)
  return Array(buffer)
}
