package import Foundation

/// Loads the tokenizer of a Hugging Face folder.
package enum TokenizerLoader {
  /// Loads `tokenizer.json` where there is one, else `vocab.json` and `merges.txt`.
  ///
  /// Byte-pair encodings are supported: over bytes as in GPT-2, OPT, GPT-NeoX, Llama 3 and Qwen2, and
  /// over characters as Llama 2's SentencePiece model is converted. Truncation and padding that
  /// `tokenizer.json` may ask for are left to the caller.
  ///
  /// - Parameter folder: The model's folder.
  /// - Returns: The tokenizer.
  /// - Throws: ``CheckpointError`` with the name of what is missing, damaged or not supported.
  package static func load(from folder: URL) throws(CheckpointError) -> any Tokenizer {
    let settings = try TokenizerSettings(folder: folder)
    let file = folder.appendingPathComponent("tokenizer.json")
    if isFile(file) { return try TokenizerFile(file).tokenizer(settings) }
    let vocabulary = folder.appendingPathComponent("vocab.json")
    let merges = folder.appendingPathComponent("merges.txt")
    guard isFile(vocabulary), isFile(merges) else {
      let hasOther = ["tokenizer.model", "vocab.txt"].first {
        isFile(folder.appendingPathComponent($0))
      }
      throw CheckpointError(
        .missing, file: folder.path,
        "holds neither tokenizer.json nor vocab.json and merges.txt",
        help: hasOther.map {
          "\($0) is not read; save the tokenizer once with Transformers to get a tokenizer.json"
        } ?? "fetch the tokenizer's files as well")
    }
    return try tokenizer(vocabulary: vocabulary, merges: merges, settings)
  }
}

// MARK: - vocab.json and merges.txt

extension TokenizerLoader {
  private static func tokenizer(
    vocabulary url: URL, merges: URL, _ settings: TokenizerSettings
  ) throws(CheckpointError) -> SubwordTokenizer {
    if let name = settings.tokenizerClass, name != "GPT2Tokenizer" {
      throw CheckpointError(
        .unsupported, file: settings.folder.path,
        "the tokenizer class '\(name.prefix(60))' is not read from vocab.json and merges.txt",
        help: "save the tokenizer once with Transformers to get a tokenizer.json")
    }
    guard let object = try JSONParser.parse(contentsOf: url).object else {
      throw CheckpointError(.corrupt, file: url.path, "is not a JSON object")
    }
    var builder = try BPEBuilder(vocabulary: object, file: url.path)
    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.addedTokens = try settings.addedTokens(into: &builder)
    let isOPT = isOPT(settings, builder.vocabulary)
    // What Hugging Face's classes add for the two families where no file does.
    for content in isOPT ? ["<pad>", "</s>"] : ["<|endoftext|>"] {
      guard let id = builder.vocabulary[content],
        !pipeline.addedTokens.contains(where: { $0.id == id })
      else { continue }
      pipeline.addedTokens.append(
        AddedTokens.Token(content: Array(content.utf8), id: id, isSpecial: true))
    }
    pipeline.preTokenizers =
      (settings.addsPrefixSpace ? [.leadingSpace] : []) + [.pattern(.gpt2)]
    pipeline.decoders = [.byteLevel]
    let usual = isOPT ? ["</s>"] : ["<|endoftext|>", "<s>", "</s>"]
    pipeline.beginToken = settings.token("bos", fallbacks: usual, in: builder.vocabulary)
    pipeline.endToken = settings.token("eos", fallbacks: usual, in: builder.vocabulary)
    if settings.addsBeginToken ?? isOPT, let begin = pipeline.beginToken {
      pipeline.prefix = [begin]
    }
    let model = try builder.model(overBytes: true, merges: try pairs(in: merges))
    return SubwordTokenizer(vocabulary: builder.vocabulary, model: model, pipeline: pipeline)
  }

  /// Whether the vocabulary is OPT's, which unlike GPT-2's begins every text with `</s>`.
  private static func isOPT(_ settings: TokenizerSettings, _ vocabulary: Vocabulary) -> Bool {
    if let type = settings.modelType { return type == "opt" }
    return vocabulary["<s>"] == 0 && vocabulary["<pad>"] == 1 && vocabulary["</s>"] == 2
  }

  /// The merges of a `merges.txt`: a pair a line, after a line with the version.
  private static func pairs(in url: URL) throws(CheckpointError) -> [MergePair] {
    let lines = try FileBytes.read(url)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var pairs: [MergePair] = []
    for (index, line) in lines.enumerated() {
      let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if content.isEmpty || content.starts(with: "#version".utf8) { continue }
      guard let pair = MergePair(content) else {
        throw CheckpointError(
          .corrupt, file: url.path, place: TextPlace(line: index + 1, column: 1),
          "a merge is two tokens with one space between them",
          help: "the file was probably edited; fetch it again")
      }
      pairs.append(pair)
    }
    return pairs
  }
}
