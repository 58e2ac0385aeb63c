import Formats
import Foundation

/// A request to a worker; one line of JSON on its standard input.
package struct WorkerRequest: Codable, Hashable, Sendable {
  package var cell: Cell
  /// Results of the cells that it reads, in the order of its recipe.
  package internal(set) var inputs: [CellResult] = []
}

/// What a worker answers; one line of JSON on its standard output.
enum WorkerReport: Hashable, Sendable {
  case progress(key: String, fraction: Double, phase: String)
  case result(CellResult)
  /// The cell cannot be run; the worker is well.
  case error(key: String, reason: String)

  var key: String {
    switch self {
    case .progress(let key, _, _), .error(let key, _): key
    case .result(let result): result.key
    }
  }
}

extension WorkerReport: Codable {
  private enum Kind: String, Codable {
    case progress
    case result
    case error
  }

  private enum CodingKeys: String, CodingKey {
    case kind
    case key
    case fraction
    case phase
    case result
    case reason
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .progress:
      self = .progress(
        key: try container.decode(String.self, forKey: .key),
        fraction: try container.decode(Double.self, forKey: .fraction),
        phase: try container.decode(String.self, forKey: .phase))
    case .result: self = .result(try container.decode(CellResult.self, forKey: .result))
    case .error:
      self = .error(
        key: try container.decode(String.self, forKey: .key),
        reason: try container.decode(String.self, forKey: .reason))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .progress(let key, let fraction, let phase):
      try container.encode(Kind.progress, forKey: .kind)
      try container.encode(key, forKey: .key)
      try container.encode(fraction, forKey: .fraction)
      try container.encode(phase, forKey: .phase)
    case .result(let result):
      try container.encode(Kind.result, forKey: .kind)
      try container.encode(result, forKey: .result)
    case .error(let key, let reason):
      try container.encode(Kind.error, forKey: .kind)
      try container.encode(key, forKey: .key)
      try container.encode(reason, forKey: .reason)
    }
  }
}

/// Messages as lines of JSON.
///
/// Losses may be NaN or infinite, which JSON lacks, so those are texts.
enum MessageLine {
  static func encode(_ message: some Encodable) throws -> [UInt8] {
    Array(try JSONCoding.data(of: message, nonFinite: .text)) + [0x0A]
  }

  static func decode<Message: Decodable>(_ type: Message.Type, from line: [UInt8]) throws -> Message
  {
    try JSONCoding.value(type, from: Data(line), nonFinite: .text)
  }
}
