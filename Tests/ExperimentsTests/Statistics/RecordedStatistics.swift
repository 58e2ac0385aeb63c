import Foundation

/// What scipy and statsmodels compute, recorded by `Tests/Parity/make_statistics.py`.
struct RecordedStatistics: Decodable, Sendable {
  struct Interval: Decodable, Sendable {
    let values: [Double]
    let confidence: Double
    let lower: Double
    let upper: Double
    /// About the distance of neighbouring resampled means, beyond which two generators may differ.
    let tolerance: Double
  }
  struct Wilson: Decodable, Sendable {
    let right: Int
    let count: Int
    let confidence: Double
    let lower: Double
    let upper: Double
  }
  struct SignFlip: Decodable, Sendable {
    let values: [Double]
    let p: Double
  }
  struct McNemar: Decodable, Sendable {
    let onlyFirst: Int
    let onlySecond: Int
    let p: Double
  }
  struct Holm: Decodable, Sendable {
    let p: [Double]
    let adjusted: [Double]
  }
  struct PairedEffect: Decodable, Sendable {
    let values: [Double]
    let dz: Double
    let g: Double
    let wins: Double
  }
  struct RankEffect: Decodable, Sendable {
    let first: [Double]
    let second: [Double]
    let delta: Double
  }
  struct Ranks: Decodable, Sendable {
    let values: [[Double]]
    let ranks: [Double]
    let chiSquared: Double
    /// Nil where all blocks agree.
    let f: Double?
    let p: Double
    let criticalDifference: Double
    /// Nemenyi's p of the first against the last method.
    let nemenyi: Double
  }
  struct Range: Decodable, Sendable {
    let groups: Int
    let p: Double
    let q: Double
  }
  struct ItemBootstrap: Decodable, Sendable {
    let seeds: Int
    let items: Int
    /// Shares of right answers in thousandths, of the formula in the script.
    let first: Int
    let second: Int
    let estimate: Double
    let lower: Double
    let upper: Double
    let p: Double
    let tolerance: Double
  }

  struct Contrast: Decodable, Sendable {
    let seeds: Int
    let items: Int
    let first: Int
    let second: Int
    /// Of the family.
    let members: Int
    let estimate: Double
    let standardError: Double
    let lower: Double
    let upper: Double
    let p: Double
  }
  struct PairedT: Decodable, Sendable {
    let values: [Double]
    let boundary: Double
    let p: Double
    let lower: Double
    let upper: Double
  }
  struct Jackknife: Decodable, Sendable {
    let metric: String
    let classes: Int
    let labels: [UInt8]
    let predictions: [UInt8]
    let scores: [Double]
  }

  let contrasts: [Contrast]
  let pairedT: [PairedT]
  let jackknives: [Jackknife]
  let intervals: [Interval]
  let wilson: [Wilson]
  let signFlips: [SignFlip]
  let mcNemar: [McNemar]
  let holm: [Holm]
  let pairedEffects: [PairedEffect]
  let rankEffects: [RankEffect]
  let ranks: [Ranks]
  let ranges: [Range]
  let itemBootstraps: [ItemBootstrap]

  static let all = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Parity/Fixtures/statistics.json")
    return try JSONDecoder().decode(RecordedStatistics.self, from: Data(contentsOf: file))
  }
}
