import Engine

/// Asks the untouched model for the label word, after demonstrations or none.
///
/// In-context learning of Brown et al. 2020 (arXiv:2005.14165). Contextual calibration divides each
/// word's probability by the one it gets when the text says nothing (Zhao et al. 2021,
/// arXiv:2102.09690).
struct PromptObjective: Objective {
  static let name = "prompt"
  static let isTrained = false
  static let options = [
    PatternChoice.specification,
    OptionSpecification(
      "demonstrations", .integer(0...1_000_000), default: .integer(1_000_000),
      "most examples of the sample to show, as far as they fit"),
    OptionSpecification(
      "calibration", .choice(["none", "contextual"]), default: .text("none"),
      "correction of the label words' prior"),
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool {
    options.integer("demonstrations") > 0
  }

  private let pattern: String
  private let limit: Int
  private let isCalibrated: Bool

  init(_ options: ResolvedOptions) {
    pattern = options.text("pattern")
    limit = options.integer("demonstrations")
    isCalibrated = options.text("calibration") == "contextual"
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    try PromptSession(
      context, readout: WordReadout(context, pattern: pattern), limit: limit,
      isCalibrated: isCalibrated)
  }
}

private final class PromptSession: ObjectiveSession {
  /// Tokens kept free behind the demonstrations for the prompt itself.
  private static let promptRoom = 128

  private let readout: WordReadout
  private let isFirst: Bool
  private let limit: Int
  private(set) var cache: KeyValueCache<Float>?
  let demonstrations: Int?
  let preparationTokens: Int
  private var offsets: [Float]?

  init(
    _ context: ObjectiveContext, readout: WordReadout, limit: Int, isCalibrated: Bool
  ) throws {
    self.readout = readout
    let model = context.model
    let positions = context.maximumTokens
    let shown = Demonstrations(
      context.sample, limit: limit, room: positions - min(Self.promptRoom, positions / 2),
      encoder: readout.encoder)
    demonstrations = limit == 0 ? nil : shown.count
    isFirst = shown.count == 0
    preparationTokens = shown.tokens.count
    self.limit = positions - shown.tokens.count
    if shown.count > 0 {
      let cache = KeyValueCache<Float>(
        model.description, capacity: shown.tokens.count, in: model.ledger)
      let tape = Tape<Float>(ledger: model.ledger)
      _ = model.hiddenStates(
        PackedBatch([shown.tokens]), .lastTokens, cache: cache, storing: true, on: tape)
      self.cache = cache
    }
    guard isCalibrated else { return }
    offsets = priors(model, fields: context.task.fields.count)
  }

  func prompt(for example: Example) -> [Int32] {
    readout.encoder.prompt(
      for: example, special: isFirst, followedBy: readout.words.shared, limit: limit)
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] { [] }

  func predictions(_ hidden: Tensor<Float>, on tape: Tape<Float>) -> Predictions {
    readout.predictions(hidden, offsets: offsets, on: tape)
  }

  /// The logarithm of each label word's mean probability after texts that say nothing.
  private func priors(_ model: Transformer<Float>, fields: Int) -> [Float] {
    let empty = ["N/A", "[MASK]", ""].map { word in
      prompt(for: Example(fields: Array(repeating: word, count: fields), label: 0))
    }
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(empty), .lastTokens, cache: cache, on: tape)
    let logits = readout.logits(hidden, over: .labels, on: tape)
    let probabilities = Probabilities.softmax(
      logits.values, columns: logits.columns, temperature: 1)
    return (0..<logits.columns).map { column in
      let mean =
        (0..<logits.rows).reduce(0) { $0 + probabilities[$1 * logits.columns + column] }
        / Float(logits.rows)
      return Float.log(max(mean, .leastNormalMagnitude))
    }
  }
}
