package import Engine
import Foundation

/// Another checkpoint that teaches, loaded when it is needed and gone when it has answered.
struct TeacherSource {
  /// As the source names it, for messages.
  let name: String
  let description: ModelDescription
  let tokenizer: any Tokenizer
  /// The files that determine what it computes; none for one that is only planned with.
  let files: [URL]
  let load: (MemoryLedger) throws -> Transformer<Float>

  /// Opens a Hugging Face folder.
  ///
  /// - Parameters:
  ///   - folder: Of the teacher.
  ///   - name: For messages.
  /// - Throws: `CheckpointError` for a broken folder.
  package init(_ folder: URL, name: String) throws {
    let model = try ModelFolder(folder)
    self.name = name
    description = model.description
    tokenizer = try model.tokenizer()
    files = model.definingFiles
    load = { ledger in
      try Transformer<Float>(model.description, from: CheckpointWeights(model), in: ledger)
    }
  }

  init(
    name: String, description: ModelDescription, tokenizer: any Tokenizer,
    load: @escaping (MemoryLedger) throws -> Transformer<Float>
  ) {
    self.name = name
    self.description = description
    self.tokenizer = tokenizer
    files = []
    self.load = load
  }

  /// The same teacher for a ledger that plans, which claims its memory and computes nothing.
  func planned(_ weights: PlannedWeights) -> TeacherSource {
    TeacherSource(name: name, description: description, tokenizer: tokenizer) { ledger in
      Transformer<Float>(description, from: weights, in: ledger)
    }
  }

  /// Why two tokenizers do not agree on texts, in words for a message; nil where they do.
  static func misfit(
    _ teacher: any Tokenizer, _ student: any Tokenizer, texts: [String]
  ) -> String? {
    for text in texts
    where teacher.encode(text, addingSpecialTokens: true)
      != student.encode(text, addingSpecialTokens: true)
    {
      return "its tokenizer reads '\(text.prefix(40))' differently"
    }
    return nil
  }
}

extension ModelDescription {
  /// Why a model cannot teach another, for a message; nil if it can, as far as its shape shows.
  package func misfitAsTeacher(of student: ModelDescription) -> String? {
    if isBidirectional { return "it is an encoder, which predicts no next word" }
    if !hasOutput { return "it has no output matrix ('lm_head'), so it predicts no next word" }
    guard vocabularySize != student.vocabularySize else { return nil }
    return "it has \(vocabularySize) tokens, but the student has \(student.vocabularySize)"
  }
}

/// What a task has to learn from beyond a cell's sample.
struct TrainingPool {
  /// The whole pool, in file order.
  private let examples: [Example]
  /// Places of the sample and the held-out examples.
  private let taken: Set<Int>
  /// Labelled examples to choose settings or an epoch on, outside the sample.
  let heldOut: [Example]

  init(_ examples: [Example], sample: [Int], heldOut: [Int]) {
    self.examples = examples
    taken = Set(sample + heldOut)
    self.heldOut = heldOut.map { examples[$0] }
  }

  /// Examples whose labels are not used: neither in the sample nor held out.
  ///
  /// - Parameters:
  ///   - limit: The most to give; 0 for all.
  ///   - seed: Decides which, where there are more.
  ///   - purpose: Of the stream they are drawn from.
  /// - Returns: Examples in the order of the draw, so that a lower limit gives the beginning.
  func unlabelled(limit: Int, seed: UInt64, purpose: String) -> [Example] {
    var stream = RandomStream(seed: seed, purpose: purpose)
    let free = stream.permuted(examples.indices.filter { !taken.contains($0) })
    return (limit == 0 ? free[...] : free.prefix(limit)).map { examples[$0] }
  }
}
