import Engine
package import Formats
package import Foundation

extension PretrainingRecipe {
  /// Reads a recipe's YAML.
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - file: Its path for messages.
  ///   - kinds: The kinds of document that a mixture can name.
  /// - Returns: The recipe, nil where something is wrong with it, and what that is.
  package static func read(
    _ url: URL, file: String, kinds: [String]
  ) -> (recipe: PretrainingRecipe?, diagnostics: [Diagnostic]) {
    do throws(Diagnostic) {
      let source = try TextFile(contentsOf: url, file: file, kind: .recipe)
      let start = SourcePosition(file: file, line: 1)
      var fields = FieldReader(
        try YAMLReader.read(source.text, at: start), owner: "recipe", position: start)
      // The two that have no default are overwritten, or their absence is reported.
      var recipe = PretrainingRecipe(
        shape: DecoderShape(width: 0, layers: 0, heads: 0, feedForwardWidth: 0, context: 0),
        tokens: 0)
      recipe.read(&fields, kinds: kinds)
      let diagnostics = fields.finish()
      return (diagnostics.isEmpty ? recipe : nil, diagnostics)
    } catch {
      return (nil, [error])
    }
  }

  private mutating func read(_ fields: inout FieldReader, kinds: [String]) {
    fields.requirePresence(of: "shape", like: "{width: 128, layers: 4, heads: 4, …}")
    if var inner = fields.map("shape") {
      shape.read(&inner)
      fields.report(inner.finish())
    }
    if var inner = fields.map("text") {
      text.read(&inner, kinds: kinds)
      fields.report(inner.finish())
    }
    fields.requirePresence(of: "tokens", like: "4000000")
    seed = fields.integer("seed", atLeast: 0).map { UInt64($0.value) } ?? seed
    tokens = fields.integer("tokens", atLeast: 1)?.value ?? tokens
    batchTokens = fields.integer("batch-tokens", atLeast: 2)?.value ?? batchTokens
    learningRate = fields.number("learning-rate", between: 0, and: 1)?.value ?? learningRate
    schedule = fields.choice("schedule", of: LearningRateSchedule.Decay.self)?.value ?? schedule
    warmup = fields.number("warmup", between: -1e-9, and: 1)?.value ?? warmup
    weightDecay = fields.number("weight-decay", between: -1e-9, and: 1)?.value ?? weightDecay
    clipNorm = fields.number("clip-norm", between: -1e-9, and: 1e9)?.value ?? clipNorm
    beta2 = fields.number("beta2", between: 0, and: 1)?.value ?? beta2
    answerWeight = fields.number("answer-weight", between: 0, and: 1e6)?.value ?? answerWeight
    threads = fields.integer("threads", atLeast: 1)?.value ?? threads
    evaluateEvery = fields.integer("evaluate-every", atLeast: 1)?.value ?? evaluateEvery
    checkpointEvery = fields.integer("checkpoint-every", atLeast: 1)?.value ?? checkpointEvery
    heldOutTokens = fields.integer("held-out-tokens", atLeast: 1)?.value ?? heldOutTokens
  }
}

extension DecoderShape {
  fileprivate mutating func read(_ fields: inout FieldReader) {
    for (key, path, example) in [
      ("width", \DecoderShape.width, 128), ("layers", \.layers, 4), ("heads", \.heads, 4),
      ("feed-forward", \.feedForwardWidth, 512), ("context", \.context, 512),
    ] {
      fields.requirePresence(of: key, like: "\(example)")
      self[keyPath: path] = fields.integer(key, atLeast: 1)?.value ?? self[keyPath: path]
    }
    rotaryShare = fields.number("rotary-share", between: 0, and: 1.000_001)?.value ?? rotaryShare
  }
}

extension PretrainingRecipe.Text {
  fileprivate mutating func read(_ fields: inout FieldReader, kinds: [String]) {
    seed = fields.integer("seed", atLeast: 0).map { UInt64($0.value) } ?? seed
    mixture = Self.mixture(&fields, kinds: kinds)
    guard var opening = fields.map("opening") else { return }
    opening.requirePresence(of: "documents", like: "10000")
    openingDocuments = opening.integer("documents", atLeast: 0)?.value ?? openingDocuments
    openingMixture = Self.mixture(&opening, kinds: kinds)
    fields.report(opening.finish())
  }

  private static func mixture(_ fields: inout FieldReader, kinds: [String]) -> [String: Double] {
    guard var inner = fields.map("mixture") else { return [:] }
    var shares: [String: Double] = [:]
    for kind in kinds { shares[kind] = inner.number(kind, between: -1e-9, and: 1e9)?.value }
    fields.report(inner.finish())
    return shares
  }
}
