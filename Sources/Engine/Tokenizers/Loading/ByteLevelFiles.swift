import Foundation

/// A byte-level tokenizer as `vocab.json` and `merges.txt`: GPT-2's, OPT's or RoBERTa's.
struct ByteLevelFiles {
  let vocabulary: URL
  let merges: URL

  /// Whose tokenizer it is; each has a class in Transformers with behaviour that no file describes.
  private enum Family {
    case gpt2
    case opt
    case roberta
  }

  /// Makes the tokenizer.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    guard let object = try JSONParser.parse(contentsOf: vocabulary).object else {
      throw CheckpointError(.corrupt, file: vocabulary.path, "is not a JSON object")
    }
    var vocabulary = try Vocabulary(object, file: vocabulary.path)
    let family = try family(settings, vocabulary)
    let model = try BPEBuilder(vocabulary: vocabulary, file: merges.path)
      .model(overBytes: true, merges: try pairs())
    let special: [String]
    let begins: [String]
    switch family {
    case .gpt2: (special, begins) = (["<|endoftext|>"], ["<|endoftext|>", "<s>", "</s>"])
    case .opt: (special, begins) = (["<pad>", "</s>"], ["</s>"])
    case .roberta: (special, begins) = (["<s>", "<pad>", "</s>", "<unk>", "<mask>"], ["<s>"])
    }
    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.addedTokens = try settings.addedTokens(
      usual: special.map { (nil, $0) }, into: &vocabulary)
    pipeline.preTokenizers =
      (settings.addsPrefixSpace ? [.leadingSpace] : []) + [.pattern(.gpt2)]
    pipeline.decoders = [.byteLevel]
    pipeline.beginToken = settings.token("bos", fallbacks: begins, in: vocabulary)
    let ends = family == .gpt2 ? begins : ["</s>"]
    pipeline.endToken = settings.token("eos", fallbacks: ends, in: vocabulary)
    pipeline.template = try template(family, settings, pipeline, vocabulary)
    return SubwordTokenizer(vocabulary: vocabulary, model: .bytePair(model), pipeline: pipeline)
  }

  private func family(
    _ settings: TokenizerSettings, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Family {
    switch settings.tokenizerClass {
    case nil, "GPT2Tokenizer": break
    case "RobertaTokenizer": return .roberta
    case let name?:
      throw CheckpointError(
        .unsupported, file: settings.folder.path,
        "the tokenizer class '\(name.prefix(60))' is not supported with vocab.json and merges.txt",
        help: "save the tokenizer once with Transformers to get a tokenizer.json")
    }
    switch settings.modelType {
    case "opt": return .opt
    case "roberta": return .roberta
    case .some: return .gpt2
    case nil:
      // OPT's and RoBERTa's first tokens; without more to go by, OPT's, as decoders are usual here.
      return vocabulary["<s>"] == 0 && vocabulary["<pad>"] == 1 && vocabulary["</s>"] == 2
        ? .opt : .gpt2
    }
  }

  private func template(
    _ family: Family, _ settings: TokenizerSettings, _ pipeline: SubwordTokenizer.Pipeline,
    _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Template {
    guard family == .roberta else {
      let begins = settings.addsBeginToken ?? (family == .opt)
      return .around(
        begin: begins ? pipeline.beginToken : nil,
        end: settings.addsEndToken ?? false ? pipeline.endToken : nil)
    }
    guard let begin = vocabulary[settings.content(of: "cls_token") ?? "<s>"],
      let end = vocabulary[settings.content(of: "sep_token") ?? "</s>"]
    else {
      throw CheckpointError(
        .corrupt, file: self.vocabulary.path, "lacks RoBERTa's tokens '<s>' and '</s>'",
        help: "the vocabulary belongs to another model; fetch the folder again")
    }
    return .roberta(begin: begin, end: end)
  }

  /// The merges of a `merges.txt`: a pair per line, after a line with the version.
  private func pairs() throws(CheckpointError) -> [MergePair] {
    let lines = try FileBytes.read(merges)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var pairs: [MergePair] = []
    for (index, line) in lines.enumerated() {
      let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if content.isEmpty || content.starts(with: "#version".utf8) { continue }
      guard let pair = MergePair(content) else {
        throw CheckpointError(
          .corrupt, file: merges.path, place: TextPlace(line: index + 1, column: 1),
          "a merge is two tokens, separated by one space",
          help: "the file was probably edited; fetch it again")
      }
      pairs.append(pair)
    }
    return pairs
  }
}
