package import Engine
package import Foundation

/// Another checkpoint that teaches, loaded when it is needed and gone when it has answered.
package struct TeacherSource {
  /// As the source names it, for messages.
  let name: String
  let description: ModelDescription
  let tokenizer: any Tokenizer
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
    tokenizer = try TokenizerLoader.load(from: folder)
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
      return "its tokenizer reads '\(text.prefix(40))' as other tokens"
    }
    return nil
  }
}

extension ModelDescription {
  /// Why a model cannot teach another, in words for a message; nil if nothing is known against it.
  package func misfitAsTeacher(of student: ModelDescription) -> String? {
    if isBidirectional { return "it is an encoder, which predicts no next word" }
    guard vocabularySize != student.vocabularySize else { return nil }
    return "it knows \(vocabularySize) tokens, and the student \(student.vocabularySize)"
  }
}
