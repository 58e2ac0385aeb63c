import ArgumentParser
import Engine
import Foundation

/// Scores what may follow lines of text.
struct ModelScore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score what may follow a text, or print an encoder's state of it.",
    discussion: """
      Reads lines such as {"text":"The sky is","targets":[" blue"," green"]} and prints for each the \
      token ids, the ids and logits of the targets' first tokens after the text, the log of the sum \
      of all exponentials, and the most likely id. For an encoder it prints the final state of the \
      first token.
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
      while let line = readLine() {
        number += 1
        guard !line.allSatisfy(\.isWhitespace) else { continue }
        try score(line, number: number, with: loaded)
      }
    }
  }

  private func score(_ line: String, number: Int, with loaded: LoadedModel) throws {
    let request: Request
    do {
      request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    } catch {
      Terminal.complain(
        "<stdin>:\(number):1: error: this line is no request\n"
          + #"  help: write {"text":"…","targets":[" Yes"," No"]}, one object a line"#)
      throw ExitCode(2)
    }
    let (model, tokenizer) = (loaded.model, loaded.tokenizer)
    let ids = tokenizer.encode(request.text, addingSpecialTokens: true)
    let reserved = (model.prompt?.rows ?? 0) + (model.layers.first?.prefix?.length ?? 0)
    guard reserved < model.description.maximumPositions else {
      Terminal.complain(
        "error: the adapter takes \(reserved) of the \(model.description.maximumPositions) positions"
          + " and leaves none for a text")
      throw ExitCode(2)
    }
    guard !ids.isEmpty, ids.count + reserved <= model.description.maximumPositions else {
      Terminal.complain(
        "<stdin>:\(number):1: error: the text has \(ids.count) tokens\n"
          + "  help: give 1 to \(model.description.maximumPositions - reserved)")
      throw ExitCode(2)
    }
    let tape = Tape<Float>(ledger: model.ledger)
    let hidden = model.hiddenStates(model.packed([ids]), model.summarySelection, on: tape)
    guard hidden.values.allSatisfy(\.isFinite) else { throw broken(number) }
    guard !model.description.isBidirectional else {
      return try Model.printJSON(EncoderLine(ids: ids, state: hidden.values))
    }
    // What a target's tokens are after a text: those that it adds to one.
    let neutral = tokenizer.encode("x", addingSpecialTokens: false).count
    let targets = try (request.targets ?? []).map { target in
      let continued = tokenizer.encode("x" + target, addingSpecialTokens: false)
      guard let first = continued.dropFirst(neutral).first else {
        Terminal.complain("<stdin>:\(number):1: error: the target \"\(target)\" has no tokens")
        throw ExitCode(2)
      }
      return first
    }
    let scores = model.logits(hidden, on: tape).values
    guard scores.allSatisfy(\.isFinite) else { throw broken(number) }
    try Model.printJSON(DecoderLine(ids: ids, targets: targets, scores: scores))
  }

  private func broken(_ number: Int) -> ExitCode {
    Terminal.complain(
      "<stdin>:\(number):1: error: what the model answers is not a number\n"
        + "  help: a weight is not finite; ftreport model inspect \(folder) says which")
    return ExitCode(2)
  }

  private struct Request: Decodable {
    let text: String
    let targets: [String]?
  }

  private struct EncoderLine: Encodable {
    let ids: [Int32]
    let state: [Float]
  }

  private struct DecoderLine: Encodable {
    let ids: [Int32]
    let targetIDs: [Int32]
    let logits: [Float]
    let logSumExp: Double
    let argmax: Int

    init(ids: [Int32], targets: [Int32], scores: [Float]) {
      self.ids = ids
      targetIDs = targets
      logits = targets.map { scores[Int($0)] }
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      let largest = Double(scores[best])
      logSumExp = largest + log(scores.reduce(0.0) { $0 + exp(Double($1) - largest) })
      argmax = best
    }
  }
}
