import Foundation
import Testing

@testable import Engine

/// A tiny model's recorded numbers, and the model itself from a folder written as Hugging Face would.
struct ReferenceModel: Decodable, Sendable, CustomTestStringConvertible {
  struct StoredTensor: Decodable, Sendable {
    /// As in the safetensors file; `#` stands for the number of each of two layers.
    let name: String
    let shape: [Int]
  }

  let name: String
  let config: [String: ConfigurationValue]
  let tensors: [StoredTensor]
  /// Of every token: the recorded columns, then the log-sum-exp of all.
  let logits: [[Float]]
  /// Cross-entropy of the target after each sequence.
  let losses: [Double]
  let gradients: [Reference.Gradient]
  let training: [Reference.Trajectory]
  let lora: [Reference.Trajectory]

  var testDescription: String { name }

  /// Writes `config.json` and `model.safetensors` and loads them.
  func load() throws -> Transformer<Float> {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", Array(try JSONEncoder().encode(config)))
    let names = tensors.flatMap { tensor in
      tensor.name.contains("#")
        ? (0..<2).map {
          (tensor.name.replacingOccurrences(of: "#", with: "\($0)"), tensor.shape)
        } : [(tensor.name, tensor.shape)]
    }
    try scratch.writeTensors(
      "model.safetensors",
      names.map { ($0.0, $0.1, WeightFormula.values($0.0, shape: $0.1)) })
    let folder = try ModelFolder(scratch.url)
    return try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  /// A value of a `config.json`, written back as it was read.
  enum ConfigurationValue: Codable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([ConfigurationValue])
    case object([String: ConfigurationValue])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let integer = try? value.decode(Int.self) {
        self = .integer(integer)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let list = try? value.decode([ConfigurationValue].self) {
        self = .list(list)
      } else {
        self = .object(try value.decode([String: ConfigurationValue].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .null: try value.encodeNil()
      case .flag(let flag): try value.encode(flag)
      case .integer(let integer): try value.encode(integer)
      case .number(let number): try value.encode(number)
      case .text(let text): try value.encode(text)
      case .list(let list): try value.encode(list)
      case .object(let object): try value.encode(object)
      }
    }
  }
}
