import Foundation
import Testing

@testable import Engine

/// A tiny model's folder under `Tests/Parity/Fixtures` and what Hugging Face computes for it.
///
/// `Tests/Parity/make.py` wrote it. The folder itself is a checkpoint as Transformers saves it.
struct ParityFixture: Sendable, CustomTestStringConvertible {
  /// A ragged batch: token ids without padding and the class of each sequence.
  struct Batch: Decodable, Sendable {
    let sequences: [[Int32]]
    let labels: [Int]
  }

  /// The part that is in `expected.json`.
  struct Expected: Decodable, Sendable {
    enum Kind: String, Decodable, Sendable {
      case decoder
      case encoder
    }

    let kind: Kind
    /// The words that stand for the classes.
    let labelWords: [Int32]
    /// Taken in turn by the training steps; the first is also that of logits and gradients.
    let batches: [Batch]
    /// Of the gradients: the mean cross-entropy over all words after the last tokens of the first
    /// batch, or over the classes of the head at an encoder's first tokens.
    let loss: Double
    let courses: [ParityCourse]
  }

  let name: String
  let folder: URL
  let expected: Expected
  private let file: TensorFile

  init(_ name: String) throws {
    self.name = name
    folder = Self.root.appendingPathComponent(name)
    let json = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
    expected = try JSONDecoder().decode(Expected.self, from: json)
    file = try TensorFile(folder.appendingPathComponent("expected.safetensors"))
  }

  var testDescription: String { name }

  /// The recorded course of a method, or nil where the method is not recorded for this family.
  func course(_ method: String) -> ParityCourse? {
    expected.courses.first { $0.name == method }
  }

  /// Where PEFT saved the adapter of a course, after its last step; for some courses only.
  func adapterFolder(_ method: String) -> URL {
    folder.appendingPathComponent("adapters/\(method)")
  }
}

// MARK: - Numbers

extension ParityFixture {
  /// A recorded tensor: row-major, in the layout Hugging Face keeps it in.
  struct Numbers: Sendable {
    let shape: [Int]
    let values: [Float]
  }

  /// The last hidden states of the first batch's tokens, sequence after sequence: `[tokens, width]`.
  func hiddenStates() throws -> Numbers { try numbers(named: "hidden") }

  /// A decoder's logits of the first batch's tokens: `[tokens, vocabulary]`.
  func logits() throws -> Numbers { try numbers(named: "logits") }

  /// The gradients of ``Expected/loss``, by the names of `model.safetensors`, and `head`'s.
  func gradients() throws -> [String: Numbers] { try numbers(below: "gradient") }

  /// What an adapter's tensors are before the first step, by the names in PEFT's files.
  func adapter(atStartOf course: ParityCourse) throws -> [String: Numbers] {
    try numbers(below: "\(course.name)/start")
  }

  /// The head before the first step: `[classes, width of the state]`.
  func head(of course: ParityCourse) throws -> Numbers {
    try numbers(named: "\(course.name)/head")
  }

  /// The teacher's probabilities, softened already: a row a sequence, batch after batch.
  func teacher(of course: ParityCourse) throws -> Numbers {
    try numbers(named: "\(course.name)/teacher")
  }

  /// The first batch's logits after the last step, a row a sequence.
  ///
  /// Of the classes where there is a head, elsewhere of all words at the last token.
  func answers(after course: ParityCourse) throws -> Numbers {
    try numbers(named: "\(course.name)/answers")
  }

  private func numbers(named name: String) throws -> Numbers {
    guard let record = file[name] else { return Numbers(shape: [], values: []) }
    let values = try [Float](unsafeUninitializedCapacity: record.count) { target, count in
      let room = UnsafeMutableBufferPointer(rebasing: target[..<record.count])
      try file.read(record, into: room)
      count = room.count
    }
    return Numbers(shape: record.shape, values: values)
  }

  private func numbers(below group: String) throws -> [String: Numbers] {
    var found: [String: Numbers] = [:]
    for tensor in file.tensors where tensor.name.hasPrefix(group + "/") {
      found[String(tensor.name.dropFirst(group.count + 1))] = try numbers(named: tensor.name)
    }
    return found
  }
}

// MARK: - All fixtures

extension ParityFixture {
  private struct Manifest: Decodable {
    let families: [String]
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Parity/Fixtures").standardized

  /// Every family, in the order of the manifest.
  ///
  /// One that cannot be read is absent, so a test counts them.
  static let all: [ParityFixture] = {
    let url = root.appendingPathComponent("manifest.json")
    guard let json = try? Data(contentsOf: url),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: json)
    else { return [] }
    return manifest.families.compactMap { try? ParityFixture($0) }
  }()
}
