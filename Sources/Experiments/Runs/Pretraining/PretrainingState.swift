import Crypto
import Engine
import Formats
import Foundation

/// The state of pre-training between two steps, in one file that is written completely or not at all.
///
/// A line of JSON, then the weights and the optimizer's moments as 32-bit floats, little-endian.
struct PretrainingState {
  /// The file's first line.
  struct Header: Codable {
    let recipe: String
    let step: Int
    let tokens: Int
    /// The number of the next document.
    let nextDocument: Int
    /// Summed losses of the steps since the curve's last point.
    let pendingLoss: Double
    let pendingSteps: Int
    let seconds: Double
    let curve: [PretrainingRecord.Point]
    /// SHA-256 of the floats.
    var content = ""
  }

  let header: Header
  /// One array per weight, in the model's order.
  let weights: [[Float]]
  let optimizer: AdamW<Float>.State

  static func file(in folder: URL) -> URL { folder.appendingPathComponent("pretraining.state") }

  static func exists(in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: file(in: folder).path)
  }

  func write(to folder: URL) throws(CheckpointError) {
    var floats = Data()
    for values in weights + optimizer.moments.map({ $0 ?? [] }) {
      values.withUnsafeBytes { floats.append(contentsOf: $0) }
    }
    var header = header
    header.content = Self.digest(floats)
    let url = Self.file(in: folder)
    do {
      var data = try JSONCoding.data(of: header)
      data.append(UInt8(ascii: "\n"))
      data.append(floats)
      try data.write(to: url, options: .atomic)
    } catch {
      throw Self.unwritable(url, error)
    }
  }

  /// Reads a folder's state.
  ///
  /// - Parameters:
  ///   - folder: The model's.
  ///   - recipe: Digest of the recipe that continues.
  ///   - sizes: Scalars of each weight.
  /// - Throws: `CheckpointError` for a damaged file or one of another recipe.
  init(in folder: URL, recipe: String, sizes: [Int]) throws(CheckpointError) {
    let url = Self.file(in: folder)
    guard let data = try? Data(contentsOf: url) else {
      throw CheckpointError(.missing, file: url.path, "cannot be read")
    }
    guard let end = data.firstIndex(of: UInt8(ascii: "\n")),
      let header = try? JSONCoding.value(Header.self, from: data[..<end])
    else { throw Self.damaged(url) }
    guard header.recipe == recipe else {
      throw CheckpointError(
        .mismatched, file: url.path,
        "was written by another recipe, thread count or version of the program",
        help: "continue with the same ones, or remove the file to start over")
    }
    let floats = data[data.index(after: end)...]
    let scalars = sizes.reduce(0, +)
    guard floats.count == 3 * scalars * MemoryLayout<Float>.stride,
      Self.digest(Data(floats)) == header.content
    else { throw Self.damaged(url) }
    var all = [Float](repeating: 0, count: 3 * scalars)
    all.withUnsafeMutableBytes { target in _ = floats.copyBytes(to: target) }
    var rest = all[...]
    func take(_ count: Int) -> [Float] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    self.header = header
    weights = sizes.map { take($0) }
    optimizer = AdamW.State(step: header.step, moments: sizes.map { take(2 * $0) })
  }

  init(header: Header, weights: [[Float]], optimizer: AdamW<Float>.State) {
    self.header = header
    self.weights = weights
    self.optimizer = optimizer
  }

  private static func digest(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }

  private static func damaged(_ url: URL) -> CheckpointError {
    CheckpointError(
      .corrupt, file: url.path, "is damaged", help: "remove the file to start over")
  }

  static func unwritable(_ url: URL, _ error: any Error) -> CheckpointError {
    CheckpointError(
      .unwritable, file: url.path, "cannot be written: \(error.localizedDescription)",
      help: "check that the folder exists, is writable and has enough space")
  }
}
