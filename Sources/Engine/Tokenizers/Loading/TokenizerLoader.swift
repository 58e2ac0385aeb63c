package import Foundation

/// Loads the tokenizer of a Hugging Face folder.
package enum TokenizerLoader {
  /// Loads the first that exists of `tokenizer.json`, `vocab.json` with `merges.txt`, SentencePiece's
  /// `tokenizer.model`, `spiece.model`, `sentencepiece.bpe.model` or `spm.model`, and `vocab.txt`.
  ///
  /// Supported are byte-pair encodings, over bytes as in GPT-2, OPT, GPT-NeoX, Llama 3, Qwen2 and
  /// RoBERTa and over characters as in Llama 2's SentencePiece model, unigram models as in XLM-RoBERTa,
  /// T5, ALBERT and DeBERTa-v3, WordPiece as in BERT, and whole words as in the built-in model.
  /// Truncation and padding that `tokenizer.json` may ask for are left to the caller.
  ///
  /// - Parameter folder: The model's folder.
  /// - Returns: The tokenizer.
  /// - Throws: ``CheckpointError`` with the name of what is missing, damaged or not supported.
  package static func load(from folder: URL) throws(CheckpointError) -> any Tokenizer {
    func file(_ name: String) -> URL? {
      let url = folder.appendingPathComponent(name)
      return isFile(url) ? url : nil
    }
    let settings = try TokenizerSettings(folder: folder)
    if let url = file("tokenizer.json") {
      return try TokenizerFile(url).tokenizer(settings)
    }
    if let vocabulary = file("vocab.json"), let merges = file("merges.txt") {
      return try ByteLevelFiles(vocabulary: vocabulary, merges: merges).tokenizer(settings)
    }
    let pieces = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model"]
    if let url = pieces.lazy.compactMap(file).first {
      return try SentencePieceFile(url).tokenizer(settings)
    }
    if let url = file("vocab.txt") {
      return try WordPieceFiles(vocabulary: url).tokenizer(settings)
    }
    let others = [
      ("tekken.json", "Mistral's"), ("original/tokenizer.model", "tiktoken's"),
      ("original/tekken.json", "Mistral's"), ("qwen.tiktoken", "tiktoken's"),
    ]
    if let (name, owner) = others.first(where: { file($0.0) != nil }) {
      throw CheckpointError(
        .missing, file: folder.path, "contains '\(name)' in \(owner) format and no tokenizer.json",
        help: "fetch the model's tokenizer.json as well; without one, write it with"
          + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)")
    }
    throw CheckpointError(
      .missing, file: folder.path,
      "contains none of tokenizer.json, vocab.json with merges.txt, tokenizer.model and vocab.txt",
      help: "fetch the tokenizer's files as well")
  }
}
