import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Small results to evaluate expressions on.
enum ResultSamples {
  static func result(
    accuracy: Double, peak: Int = 1_258_291, losses: [Double] = [0.7, 0.5],
    status: CellResult.Status = .succeeded, key: String = "k"
  ) -> CellResult {
    CellResult(
      key: key, status: status,
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
            result(accuracy: $0, key: "\(method.name)/\(seed)")
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

  /// Two methods at 16, 32 and 64 shots whose accuracy rises by about five points a doubling.
  static let learning: ResultFrame = {
    let entries = ["a", "b"].flatMap { method in
      [16, 32, 64].enumerated().flatMap { place, shots in
        (0..<5).map { seed -> ExperimentResults.Entry in
          let noise = 0.004 * Double((seed * 7 + place * 3) % 5)
          let accuracy = 0.5 + 0.05 * Double(place) + noise + (method == "b" ? 0.01 : 0)
          return ExperimentResults.Entry(
            method: method, shots: shots, seed: seed,
            result: result(
              accuracy: accuracy, losses: [0.7, 1 - accuracy],
              key: "\(method)/\(shots)/\(seed)"))
        }
      }
    }
    return frame(methods: ["a", "b"], shots: [16, 32, 64], seeds: Array(0..<5), entries)
  }()

  static func form(_ text: String, _ frame: ResultFrame) throws -> ContrastForm {
    let assertion = try Assertion(parsing: SourceText(text, at: LanguageSamples.start))
    return assertion.forms(among: names(frame))[0]
  }

  private static func names(_ frame: ResultFrame) -> ContrastNames {
    ContrastNames(frame.experiments.map(\.shape), withoutSample: [:], published: [])
  }

  /// What the results say of a claim that is judged with some others.
  static func evaluated(
    _ text: String, _ frame: ResultFrame, confidence: Double = 0.95, effect: Double? = nil,
    among others: [String] = []
  ) throws -> EvaluatedStatement {
    let assertions = try ([text] + others).map {
      try Assertion(parsing: SourceText($0, at: LanguageSamples.start))
    }
    for assertion in assertions { #expect(assertion.check(against: frame.catalog).isEmpty) }
    let names = names(frame)
    let book = ContrastBook(
      [
        DeclaredFamily(
          name: "the claims", level: 1 - confidence,
          contrasts: assertions.flatMap { $0.forms(among: names) })
      ], table: ScoreTable(frame), names: names)
    let margins = assertions[0].margins.compactMap { margin -> Double? in
      if case .number(let value) = margin.evaluated(in: frame).value { value } else { nil }
    }
    return book.evaluated(
      assertions[0].statement(margins), of: assertions[0].forms(among: names), effect: effect)
  }
}
