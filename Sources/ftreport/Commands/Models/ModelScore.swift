import ArgumentParser
import Engine
import Formats
import Foundation

/// Scores what may follow lines of text.
struct ModelScore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score what may follow a text, or print an encoder's state of it.",
    discussion: """
      Reads lines such as {"text":"The sky is","targets":[" blue"," green"]} and prints an object for \
      each. 'targets' holds for every target its text, its token ids after the text, the sum of their \
      log-probabilities in nats, and whether each of them is the most likely one where it stands. \
      Targets are tokenized as lm-evaluation-harness does it: their tokens are those that text and \
      target have together beyond the text's own, and blanks at the text's end belong to the target. \
      'ids' are the text's tokens; 'targetIDs' and 'logits' the first token of every target with its \
      logit, 'logSumExp' and 'argmax' the log of the sum of all exponentials and the most likely id at \
      that place. For an encoder it prints the final state of the first token.
      """)

  @Argument(help: "A Hugging Face folder, or 'builtin'.", completion: .directory)
  var folder: String

  @Option(help: "An adapter in PEFT's layout.", completion: .directory)
  var adapter: String?

  func run() async throws {
    try Model.explained {
      BLAS.setThreads(ProcessInfo.processInfo.activeProcessorCount)
      let loaded = try LoadedModel(folder, adapter: adapter)
      var number = 0
      for line in InputText() {
        number += 1
        guard !line.allSatisfy(\.isWhitespace) else { continue }
        try score(line, number: number, with: loaded)
      }
    }
  }

  private func score(_ line: String, number: Int, with loaded: LoadedModel) throws {
    let request: Request
    do {
      request = try JSONCoding.value(Request.self, from: Data(line.utf8))
    } catch {
      throw mistake(
        "this line is not a request", in: number,
        help: #"write {"text":"…","targets":[" Yes"," No"]}, one object per line"#)
    }
    let (model, tokenizer) = (loaded.model, loaded.tokenizer)
    let targets = !model.description.predictsWords ? [] : request.targets ?? []
    let reserved = (model.prompt?.rows ?? 0) + (model.layers.first?.prefix?.length ?? 0)
    guard reserved < model.description.maximumPositions else {
      Terminal.complain(
        "error: the adapter takes \(reserved) of the \(model.description.maximumPositions) positions"
          + " and leaves none for a text")
      throw ExitCode(2)
    }
    let room = model.description.maximumPositions - reserved
    let (context, blanks) = targets.isEmpty ? (request.text, "") : Self.split(request.text)
    let ids = tokenizer.encode(context, addingSpecialTokens: true)
    guard !ids.isEmpty, ids.count <= room else {
      throw mistake("the text has \(ids.count) tokens", in: number, help: "give 1 to \(room)")
    }
    let continuations = try targets.map { target in
      let whole = tokenizer.encode(context + blanks + target, addingSpecialTokens: true)
      let tokens = Array(whole.dropFirst(ids.count))
      guard !tokens.isEmpty else {
        throw mistake(
          "the target \"\(target)\" adds no tokens to the text", in: number,
          help: "begin it with a space, or with whatever separates it from the text")
      }
      guard ids.count + tokens.count - 1 <= room else {
        throw mistake(
          "the text has \(ids.count) tokens and the target \"\(target)\" \(tokens.count)",
          in: number, help: "give up to \(room + 1) together")
      }
      return tokens
    }
    let tape = Tape<Float>(ledger: model.ledger)
    // The last token of a target follows, and is not read.
    let sequences = continuations.isEmpty ? [ids] : continuations.map { ids + $0.dropLast() }
    let batch = model.packed(sequences)
    let hidden = model.hiddenStates(
      batch, continuations.isEmpty ? model.summarySelection : .everyToken, on: tape)
    guard hidden.values.allSatisfy(\.isFinite) else { throw broken(number) }
    guard model.description.predictsWords else {
      return try Model.printJSON(EncoderLine(ids: ids, state: hidden.values))
    }
    // Where the tokens of each target are predicted: at the token before.
    let rows = zip(batch.lastRows, continuations).flatMap { last, tokens in
      (last - tokens.count + 1)...last
    }
    let logits = model.logits(
      continuations.isEmpty ? hidden : tape.gathered(hidden, rows: rows), on: tape)
    let scores = logits.values
    guard scores.allSatisfy(\.isFinite) else { throw broken(number) }
    var predictions = stride(from: 0, to: scores.count, by: logits.columns).map {
      Prediction(scores[$0..<($0 + logits.columns)])
    }[...]
    let next = predictions.first
    let scored = zip(targets, continuations).map { target, tokens in
      defer { predictions = predictions.dropFirst(tokens.count) }
      return ScoredTarget(target, tokens, predictions.prefix(tokens.count))
    }
    guard let next else { return }
    try Model.printJSON(DecoderLine(ids: ids, targets: scored, next: next))
  }

  /// A text and the blanks at its end, which tokenizers attach to the word after them.
  private static func split(_ text: String) -> (text: String, blanks: String) {
    let scalars = text.unicodeScalars
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map(scalars.index(after:))
    let text = String(scalars[..<(end ?? scalars.startIndex)])
    return (text, String(scalars[(end ?? scalars.startIndex)...]))
  }

  private func mistake(_ message: String, in line: Int, help: String) -> ExitCode {
    Terminal.complain("<stdin>:\(line):1: error: \(message)\n  help: \(help)")
    return ExitCode(2)
  }

  private func broken(_ number: Int) -> ExitCode {
    mistake(
      "the model's logits are not finite", in: number,
      help: "a weight is not finite; ftreport model inspect \(folder) says which")
  }

  private struct Request: Decodable {
    let text: String
    let targets: [String]?
  }

  private struct EncoderLine: Encodable {
    let ids: [Int32]
    let state: [Float]
  }

  /// What a model expects at one place: the logits of all words.
  private struct Prediction {
    let logits: ArraySlice<Float>
    let logSumExp: Double
    /// The most likely id.
    let argmax: Int

    init(_ logits: ArraySlice<Float>) {
      self.logits = logits
      let best = logits.indices.max { logits[$0] < logits[$1] } ?? logits.startIndex
      let largest = Double(logits[best])
      logSumExp = largest + log(logits.reduce(0.0) { $0 + exp(Double($1) - largest) })
      argmax = best - logits.startIndex
    }

    func logit(of token: Int32) -> Float { logits[logits.startIndex + Int(token)] }
  }

  private struct ScoredTarget: Encodable {
    let text: String
    let ids: [Int32]
    /// Sum over the tokens, in nats.
    let logProbability: Double
    /// Whether each token is the most likely one at its place.
    let isGreedy: Bool
    let firstLogit: Float

    private enum CodingKeys: String, CodingKey {
      case text, ids, logProbability, isGreedy
    }

    /// - Parameters:
    ///   - text: Of the target.
    ///   - ids: Its tokens, at least one.
    ///   - predictions: At the place of each token.
    init(_ text: String, _ ids: [Int32], _ predictions: ArraySlice<Prediction>) {
      self.text = text
      self.ids = ids
      logProbability = zip(ids, predictions).reduce(0) { sum, pair in
        sum + Double(pair.1.logit(of: pair.0)) - pair.1.logSumExp
      }
      isGreedy = zip(ids, predictions).allSatisfy { Int($0) == $1.argmax }
      firstLogit = predictions[predictions.startIndex].logit(of: ids[0])
    }
  }

  private struct DecoderLine: Encodable {
    let ids: [Int32]
    let targets: [ScoredTarget]
    let targetIDs: [Int32]
    let logits: [Float]
    let logSumExp: Double
    let argmax: Int

    /// - Parameters:
    ///   - ids: The text's tokens.
    ///   - targets: What may follow it.
    ///   - next: What the model expects after the text.
    init(ids: [Int32], targets: [ScoredTarget], next: Prediction) {
      self.ids = ids
      self.targets = targets
      targetIDs = targets.compactMap(\.ids.first)
      logits = targets.map(\.firstLogit)
      (logSumExp, argmax) = (next.logSumExp, next.argmax)
    }
  }
}
