import Engine

/// Asks the untouched model for the label word, after demonstrations or none.
///
/// In-context learning of Brown et al. 2020 (arXiv:2005.14165); see ``Calibration`` for corrections.
package struct PromptObjective: Objective {
  static let name = "prompt"
  static let isTrained = false
  /// More than any context holds.
  package static let allThatFit = 1_000_000

  package static let demonstrations = MethodOption(
    "demonstrations", 0...allThatFit, default: allThatFit,
    "most examples of the sample to show, as far as they fit")

  static let options: [any DeclaredOption] = [
    PatternChoice.option, demonstrations, Calibration.option,
  ]

  static func usesSample(_ options: ResolvedOptions) -> Bool {
    options.possible(demonstrations) != [0]
  }

  private let pattern: String
  private let limit: Int
  private let calibration: Calibration

  init(_ options: ResolvedOptions) {
    pattern = options[PatternChoice.option]
    limit = options[Self.demonstrations]
    calibration = options[Calibration.option]
  }

  func session(_ context: ObjectiveContext) throws -> any ObjectiveSession {
    if calibration == .channel {
      return try ChannelSession(
        context, encoder: PromptEncoder(context, pattern: pattern), limit: limit)
    }
    return PromptSession(
      context, readout: try WordReadout(context, pattern: pattern), limit: limit,
      calibration: calibration)
  }
}

extension ObjectiveContext {
  /// Tokens kept free behind the demonstrations for a prompt.
  private static let promptRoom = 128

  /// Tokens that demonstrations may take.
  var demonstrationRoom: Int { maximumTokens - min(Self.promptRoom, maximumTokens / 2) }
}

private final class PromptSession: ObjectiveSession {
  private let readout: WordReadout
  private let shown: Demonstrations
  private let limit: Int
  let cache: KeyValueCache<Float>?
  /// Subtracted from the label words' scores.
  private var offsets: [Float]?

  init(
    _ context: ObjectiveContext, readout: WordReadout, limit: Int, calibration: Calibration
  ) {
    self.readout = readout
    shown = Demonstrations(
      context.sample, limit: limit, room: context.demonstrationRoom, encoder: readout.encoder)
    self.limit = context.maximumTokens - shown.tokens.count
    cache = shown.read(by: context.model)
    let fields = context.task.fields.count
    switch calibration {
    case .none, .channel: break
    case .contextual:
      let silent = ["N/A", "[MASK]", ""].map { word in
        prompt(for: Example(fields: Array(repeating: word, count: fields), label: 0))
      }
      offsets = logarithms(after: silent, cache: cache)
    case .domain:
      let empty = Example(fields: Array(repeating: "", count: fields), label: 0)
      offsets = logarithms(after: [readout.prompt(for: empty)], cache: nil)
    }
  }

  var demonstrations: Int? { shown.offered == 0 ? nil : shown.count }
  var demonstrationsOffered: Int? { shown.offered == 0 ? nil : shown.offered }
  var preparationTokens: Int { shown.tokens.count }

  func prompt(for example: Example) -> [Int32] {
    readout.encoder.prompt(
      for: example, special: shown.count == 0, followedBy: readout.words.shared, limit: limit)
  }

  func losses(
    _ hidden: Tensor<Float>, examples: [Int], dropoutStream: RandomStream, on tape: Tape<Float>
  ) -> [(loss: Tensor<Float>, weight: Float)] { [] }

  func predictions(
    _ hidden: Tensor<Float>, of batch: PackedBatch, on tape: Tape<Float>
  ) -> Predictions {
    readout.predictions(hidden, offsets: offsets, on: tape)
  }

  /// The logarithm of each label word's mean probability, among the label words, after prompts.
  private func logarithms(
    after prompts: [[Int32]], cache: KeyValueCache<Float>?
  ) -> [Float] {
    let model = readout.model
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(PackedBatch(prompts), .lastTokens, cache: cache, on: tape)
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
