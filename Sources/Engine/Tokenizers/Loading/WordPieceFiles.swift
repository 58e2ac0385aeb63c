import Foundation

/// BERT's tokenizer, or MPNet's, as a bare `vocab.txt`, with its settings in `tokenizer_config.json`.
struct WordPieceFiles {
  let vocabulary: URL

  /// Makes the tokenizer.
  func tokenizer(_ settings: TokenizerSettings) throws(CheckpointError) -> SubwordTokenizer {
    let known = [
      "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer",
      "MPNetTokenizer",
    ]
    let ofModel = settings.modelType == "mpnet" ? "MPNetTokenizer" : nil
    let isMPNet = (settings.tokenizerClass ?? ofModel) == "MPNetTokenizer"
    if let name = settings.tokenizerClass, !known.contains(name) {
      throw CheckpointError(
        .unsupported, file: settings.folder.path,
        "the tokenizer class '\(name.prefix(60))' is not supported with vocab.txt",
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
    let usual =
      isMPNet
      ? ["<pad>", "[UNK]", "<s>", "</s>", "<mask>"]
      : ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    let (unknown, begin, end) = (
      try id("unk", usual[1]), try id("cls", usual[2]), try id("sep", usual[3])
    )
    let prefix = Array("##".utf8)
    let model = WordPieceModel(
      vocabulary, prefix: prefix, unknownToken: unknown, longestWord: 100)

    var pipeline = SubwordTokenizer.Pipeline()
    pipeline.addedTokens = try settings.addedTokens(
      usual: usual.map { (nil, $0) }, into: &vocabulary)
    pipeline.normalizers = [.bert(settings.bertNormalizer)]
    pipeline.preTokenizers = [.characters(.bert)]
    pipeline.decoders = [.wordPiece(prefix: prefix, cleansUp: true)]
    pipeline.template =
      isMPNet ? .roberta(begin: begin, end: end) : .bert(begin: begin, end: end)
    pipeline.beginToken = begin
    pipeline.endToken = end
    return SubwordTokenizer(vocabulary: vocabulary, model: .wordPiece(model), pipeline: pipeline)
  }
}

extension Vocabulary {
  /// Reads a vocabulary, an object of ids by token.
  init(_ object: JSONObject, file: String) throws(CheckpointError) {
    self.init(minimumCapacity: object.members.count)
    for member in object.members {
      guard let id = member.value.integer, insert(Array(member.key.utf8), id: id) else {
        throw CheckpointError(
          .corrupt, file: file,
          "token '\(member.key.prefix(60))' has the id \(member.value.summary), not a number from 0"
            + " to \((Vocabulary.limit - 1).grouped)")
      }
    }
  }

  /// Reads a `vocab.txt`, a token per line with its number for id; of equal lines the last counts.
  init(lines bytes: [UInt8], file: String) throws(CheckpointError) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty, lines.count <= Vocabulary.limit else {
      throw CheckpointError(
        .corrupt, file: file,
        "has \(lines.count.grouped) lines; a vocabulary has one token per line",
        help: "the file is damaged or incomplete; fetch it again")
    }
    self.init(minimumCapacity: lines.count)
    for (id, line) in lines.enumerated() {
      let token = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      _ = insert(Array(String(decoding: token, as: UTF8.self).utf8), id: id)
    }
  }

  /// Adds a token that is not part of the model of words.
  ///
  /// - Returns: Its id, which is the vocabulary's where that has the token already.
  mutating func add(_ content: String, id: Int, file: String) throws(CheckpointError) -> Int32 {
    if let known = self[content] { return known }
    guard insert(Array(content.utf8), id: id) else {
      throw CheckpointError(
        .corrupt, file: file,
        "added token '\(content.prefix(60))' has the id \(id), outside 0 to"
          + " \((Vocabulary.limit - 1).grouped)")
    }
    return Int32(id)
  }
}
