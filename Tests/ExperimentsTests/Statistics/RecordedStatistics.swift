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
  struct Holm: Decodable, Sendable {
    let p: [Double]
    let adjusted: [Double]
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
  struct Spearman: Decodable, Sendable {
    let first: [Double]
    let second: [Double]
    let rho: Double
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
  let spearman: [Spearman]
  let jackknives: [Jackknife]
  let intervals: [Interval]
  let wilson: [Wilson]
  let signFlips: [SignFlip]
  let holm: [Holm]

  static let all = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Parity/Fixtures/statistics.json")
    return try JSONDecoder().decode(RecordedStatistics.self, from: Data(contentsOf: file))
  }
}
