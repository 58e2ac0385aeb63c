import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Small results to evaluate expressions on.
enum ResultSamples {
  static func result(
    accuracy: Double, peak: Int = 1_258_291, losses: [Double] = [0.7, 0.5],
    status: CellResult.Status = .succeeded
  ) -> CellResult {
    CellResult(
      key: "k", status: status,
      evaluations: [
        CellResult.Evaluation(
          set: "ood", count: 10, metrics: ["accuracy": accuracy, "mcc": .nan], predictions: [],
          tokens: 1, seconds: 1)
      ],
      training: CellResult.Training(
        steps: 12, tokens: 3456, seconds: 2.5, losses: losses, accuracy: nil,
        relativeWeightChange: nil, trainableParameters: 98_304),
      memory: CellResult.Memory(weights: 100, keyValue: 7, peak: peak, residentPeak: 9),
      seconds: 3.44)
  }

  /// One experiment with 128 shots; a method's values are its accuracies by seed from 0.
  static func frame(_ methods: [(name: String, values: [Double?])]) -> ResultFrame {
    let seeds = Array(0..<(methods.map(\.values.count).max() ?? 0))
    let entries = methods.flatMap { method in
      seeds.map { seed in
        ExperimentResults.Entry(
          method: method.name, shots: 128, seed: seed,
          result: (seed < method.values.count ? method.values[seed] : nil).map {
            result(accuracy: $0)
          })
      }
    }
    return frame(methods: methods.map(\.name), shots: [128], seeds: seeds, entries)
  }

  static func frame(
    methods: [String], shots: [Int], seeds: [Int], _ entries: [ExperimentResults.Entry]
  ) -> ResultFrame {
    let shape = ExperimentShape(
      label: "e", methods: methods, shots: shots, seeds: seeds, sets: ["ood"],
      metrics: ["accuracy", "mcc"])
    return ResultFrame([ExperimentResults(shape: shape, entries: entries)])
  }

  static func value(_ text: String) throws -> ValueExpression {
    try ValueExpression(parsing: SourceText(text, at: LanguageSamples.start))
  }

  static func verdict(
    _ text: String, _ frame: ResultFrame, confidence: Double = 0.95
  ) throws -> ClaimVerdict {
    let assertion = try Assertion(parsing: SourceText(text, at: LanguageSamples.start))
    #expect(assertion.check(against: frame.catalog).isEmpty)
    return assertion.verdict(in: frame, confidence: confidence)
  }
}
