import Engine
import Foundation

/// The output for a method: one line of JSON, with the same keys as the other side.
struct Measurement: Encodable {
  let method: String
  let side = "ours"
  let seconds: [Double]
  let losses: [Double]
  let tokens: Int
  let modelOperations: Double
  let baselineRSS: Int
  let peakRSS: Int
  let peakBytes: Int
  /// The parts of ``peakBytes`` by what they are for.
  let peakCategories: [String: Int]
  let threads: Int
  let versions = ["BLAS": BLAS.name]

  init(
    method: String, seconds: [Double], losses: [Double], batch: TokenBatch,
    modelOperations: Double, baselineRSS: Int, threads: Int, ledger: MemoryLedger
  ) {
    self.method = method
    self.seconds = seconds
    self.losses = losses
    tokens = batch.tokenCount
    self.modelOperations = modelOperations
    self.baselineRSS = baselineRSS
    self.threads = threads
    peakRSS = ResidentMemory.peak
    peakBytes = ledger.peak
    peakCategories = Dictionary(
      uniqueKeysWithValues: MemoryCategory.allCases.map { ("\($0)", ledger.bytesAtPeak($0)) })
  }
}

/// A value as one line of JSON, its keys sorted.
struct JSONLine: CustomStringConvertible {
  let description: String

  init(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    description = String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// The process's memory as the operating system counts it.
enum ResidentMemory {
  /// The largest resident size so far, in bytes.
  static var peak: Int {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.ru_maxrss * 1024
  }
}
