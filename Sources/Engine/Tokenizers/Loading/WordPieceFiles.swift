import Foundation

/// BERT's tokenizer as a bare `vocab.txt`, with what `tokenizer_config.json` says of it.
struct WordPieceFiles {
  let vocabulary: URL

  /// Makes the tokenizer.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    let known = ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer"]
    if let name = settings.tokenizerClass, !known.contains(name) {
      throw CheckpointError(
        .unsupported, file: settings.folder.path,
        "the tokenizer class '\(name.prefix(60))' is not read from vocab.txt",
        help: "save the tokenizer once with Transformers to get a tokenizer.json")
    }
    let file = vocabulary.path
    var vocabulary = try Vocabulary(lines: FileBytes.read(vocabulary), file: file)
    func id(_ role: String, _ usual: String) throws(CheckpointError) -> Int32 {
      let content = settings.content(of: "\(role)_token") ?? usual
      if let id = vocabulary[content] { return id }
      throw CheckpointError(
        .corrupt, file: file, "lacks the token '\(content.prefix(60))'",
        help: "a WordPiece vocabulary has it; the file is damaged or belongs to another model")
    }
    let (unknown, begin, end) = (
      try id("unk", "[UNK]"), try id("cls", "[CLS]"), try id("sep", "[SEP]")
    )
    let prefix = Array("##".utf8)
    let model = WordPieceModel(
      vocabulary, prefix: prefix, unknownToken: unknown, longestWord: 100)

    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.addedTokens = try settings.addedTokens(
      into: &vocabulary, usual: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    let lowercases = settings.flag("do_lower_case") ?? true
    pipeline.normalizers = [
      .bert(
        BertNormalizer(
          separatesChinese: settings.flag("tokenize_chinese_chars") ?? true,
          stripsAccents: settings.flag("strip_accents") ?? lowercases, lowercases: lowercases))
    ]
    pipeline.preTokenizers = [.characters(.bert)]
    pipeline.decoders = [.wordPiece(prefix: prefix, cleansUp: true)]
    pipeline.template = .bert(begin: begin, end: end)
    pipeline.beginToken = begin
    pipeline.endToken = end
    return SubwordTokenizer(vocabulary: vocabulary, model: .wordPiece(model), pipeline: pipeline)
  }
}
