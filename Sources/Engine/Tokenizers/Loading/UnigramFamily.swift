/// A class of Transformers whose tokenizer is a unigram model with ids and steps of its own.
///
/// Such a class takes the pieces and the table of characters from the files, `tokenizer.json` or
/// SentencePiece's, and makes the steps itself; as of Transformers 5.23.
enum UnigramFamily: String {
  case xlmRoberta = "XLMRobertaTokenizer"
  case t5 = "T5Tokenizer"
  case albert = "AlbertTokenizer"
  case debertaV2 = "DebertaV2Tokenizer"

  private static let modelTypes: [String: UnigramFamily] = [
    "xlm-roberta": .xlmRoberta, "t5": .t5, "albert": .albert, "deberta-v2": .debertaV2,
  ]

  /// The class that the settings name, or that the model's type has; nil for any other.
  init?(_ settings: TokenizerSettings) {
    if let name = settings.tokenizerClass {
      self.init(rawValue: name)
    } else if let family = settings.modelType.flatMap({ Self.modelTypes[$0] }) {
      self = family
    } else {
      return nil
    }
  }

  /// The tokenizer of a SentencePiece file.
  func tokenizer(
    _ model: SentencePieceModel, map: CharacterMap?, _ settings: TokenizerSettings, file: String
  ) throws(CheckpointError) -> SubwordTokenizer {
    var pieces = model.pieces.map { UnigramModel.Piece(text: $0.text, score: Double($0.score)) }
    func piece(_ role: String, _ usual: String) -> UnigramModel.Piece {
      let content = settings.content(of: "\(role)_token") ?? usual
      return UnigramModel.Piece(text: Array(content.utf8), score: 0)
    }
    switch self {
    case .xlmRoberta:
      // Fairseq's order: SentencePiece's first three pieces are <unk>, <s> and </s>.
      pieces =
        [piece("bos", "<s>"), piece("pad", "<pad>"), piece("eos", "</s>"), piece("unk", "<unk>")]
        + pieces.dropFirst(3) + [piece("mask", "<mask>")]
    case .t5:
      let extra = min(max(settings.number("extra_ids") ?? 100, 0), 10_000)
      pieces += (0..<extra).reversed().map {
        UnigramModel.Piece(text: Array("<extra_id_\($0)>".utf8), score: 0)
      }
    case .albert, .debertaV2:
      break
    }
    var vocabulary = Vocabulary(pieces)
    let unknown = unknown(model)
    guard pieces.indices.contains(unknown) else {
      throw CheckpointError(
        .corrupt, file: file, "has no piece \(unknown), the unknown one of a \(rawValue)",
        help: "the file is damaged or belongs to another model; fetch it again")
    }
    let words = UnigramModel(pieces, unknownToken: Int32(unknown), byteFallback: nil)
    var pipeline = pipeline(map: map, settings)
    let marked = model.pieces.filter { $0.kind == .control || $0.kind == .userDefined }
    let extra = self == .t5 ? pieces.suffix(from: model.pieces.count) : []
    pipeline.addedTokens = try settings.addedTokens(
      usual: usualTokens.map { ($0.role, $0.content) }
        + (marked.map(\.text) + extra.map(\.text)).map {
          (nil, String(decoding: $0, as: UTF8.self))
        },
      into: &vocabulary)
    func id(_ role: String) -> Int32? {
      let usual = usualTokens.first { $0.role == role }?.content
      return (settings.content(of: "\(role)_token") ?? usual).flatMap { vocabulary[$0] }
    }
    pipeline.beginToken = id("bos")
    pipeline.endToken = id("eos")
    pipeline.template = try template(vocabulary, settings, file: file)
    return SubwordTokenizer(vocabulary: vocabulary, model: .unigram(words), pipeline: pipeline)
  }

  /// What the class puts around texts.
  func template(
    _ vocabulary: Vocabulary, _ settings: TokenizerSettings, file: String
  ) throws(CheckpointError) -> Template {
    func id(_ role: String, _ usual: String) throws(CheckpointError) -> Int32 {
      let content = settings.content(of: "\(role)_token") ?? usual
      if let id = vocabulary[content] { return id }
      throw CheckpointError(.corrupt, file: file, "lacks the token '\(content.prefix(60))'")
    }
    switch self {
    case .xlmRoberta:
      return .roberta(begin: try id("bos", "<s>"), end: try id("eos", "</s>"))
    case .t5:
      let end = try id("eos", "</s>")
      return Template(
        single: [.first(type: 0), .token(end, type: 0)],
        pair: [.first(type: 0), .token(end, type: 0), .second(type: 0), .token(end, type: 0)])
    case .albert, .debertaV2:
      return .bert(begin: try id("cls", "[CLS]"), end: try id("sep", "[SEP]"))
    }
  }

  /// The steps that the class puts around the model.
  func pipeline(map: CharacterMap?, _ settings: TokenizerSettings) -> SubwordTokenizer.Pipeline {
    let lowercases = settings.flag("do_lower_case")
    let addsSpace = settings.flag("add_prefix_space") ?? true
    var pipeline = SubwordTokenizer.Pipeline()
    let rewriting: [Normalizer] = map.map { [.map($0)] } ?? []
    var prefix: PreTokenizer.MetaspacePrefix = addsSpace ? .always : .never
    pipeline.preTokenizers = [.characters(.whitespace)]
    switch self {
    case .xlmRoberta:
      pipeline.normalizers = rewriting
    case .t5:
      pipeline.normalizers = rewriting
      prefix = .always
    case .albert:
      let quote = Array("\"".utf8)
      pipeline.normalizers = [
        .replace(Array("``".utf8), with: quote), .replace(Array("''".utf8), with: quote),
      ]
      if !(settings.flag("keep_accents") ?? false) {
        pipeline.normalizers += [.form(.nfkd), .stripMarks]
      }
      if lowercases ?? true { pipeline.normalizers.append(.lowercase) }
      pipeline.normalizers += rewriting
    case .debertaV2:
      if lowercases ?? false { pipeline.normalizers.append(.lowercase) }
      pipeline.normalizers += [
        .replaceRuns(.whitespaceOrBreak, with: [0x20]), .form(.nfc), .trim(start: false, end: true),
      ]
      let splits = settings.flag("split_by_punct") ?? false
      pipeline.preTokenizers = splits ? [.characters(.punctuation)] : []
      prefix = addsSpace ? .always : .first
    }
    pipeline.preTokenizers.append(
      .metaspace(marker: BPEBuilder.marker, prefix: prefix, splits: true))
    pipeline.decoders = [.metaspace(marker: BPEBuilder.marker, dropsFirst: prefix != .never)]
    return pipeline
  }
}

extension UnigramFamily {
  /// Special tokens by role, as the class has them where no file names them.
  private var usualTokens: [(role: String, content: String)] {
    switch self {
    case .xlmRoberta:
      [
        ("bos", "<s>"), ("eos", "</s>"), ("unk", "<unk>"), ("sep", "</s>"), ("pad", "<pad>"),
        ("cls", "<s>"), ("mask", "<mask>"),
      ]
    case .t5:
      [("eos", "</s>"), ("unk", "<unk>"), ("pad", "<pad>")]
    case .albert:
      [
        ("bos", "[CLS]"), ("eos", "[SEP]"), ("unk", "<unk>"), ("sep", "[SEP]"), ("pad", "<pad>"),
        ("cls", "[CLS]"), ("mask", "[MASK]"),
      ]
    case .debertaV2:
      [
        ("bos", "[CLS]"), ("eos", "[SEP]"), ("unk", "[UNK]"), ("sep", "[SEP]"), ("pad", "[PAD]"),
        ("cls", "[CLS]"), ("mask", "[MASK]"),
      ]
    }
  }

  private func unknown(_ model: SentencePieceModel) -> Int {
    switch self {
    case .xlmRoberta: 3
    case .t5: 2
    case .albert: 1
    case .debertaV2: model.pieces.firstIndex { $0.kind == .unknown } ?? 1
    }
  }
}
