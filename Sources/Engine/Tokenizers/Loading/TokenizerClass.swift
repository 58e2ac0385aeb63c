/// A class of Transformers that makes steps of its own from `tokenizer_config.json`.
///
/// Such a class takes the vocabulary of a `tokenizer.json` and not its steps, as of Transformers 5.23;
/// every other class takes the file as it is. Which class a folder has is decided as by `AutoTokenizer`.
enum TokenizerClass {
  /// WordPiece behind BERT's clean-up.
  case bert
  /// WordPiece behind BERT's clean-up, with RoBERTa's template.
  case mpnet
  /// Bytes, with or without a space before a text.
  case byteLevel
  case unigram(UnigramFamily)

  private static let byName: [String: TokenizerClass] = [
    "BertTokenizer": .bert, "DistilBertTokenizer": .bert, "ElectraTokenizer": .bert,
    "MobileBertTokenizer": .bert, "MPNetTokenizer": .mpnet, "GPT2Tokenizer": .byteLevel,
    "RobertaTokenizer": .byteLevel, "GPTNeoXTokenizer": .byteLevel, "Qwen2Tokenizer": .byteLevel,
    "Qwen3_5Tokenizer": .byteLevel,
  ]

  /// The classes of models whose settings name none.
  private static let ofModels: [String: String] = [
    "bert": "BertTokenizer", "distilbert": "BertTokenizer", "electra": "BertTokenizer",
    "mobilebert": "MobileBertTokenizer", "mpnet": "MPNetTokenizer", "gpt2": "GPT2Tokenizer",
    "gpt_neo": "GPT2Tokenizer", "gptj": "GPT2Tokenizer", "opt": "GPT2Tokenizer",
    "phi": "GPT2Tokenizer", "gpt_neox": "GPTNeoXTokenizer", "roberta": "RobertaTokenizer",
    "qwen2": "Qwen2Tokenizer", "qwen3": "Qwen2Tokenizer", "qwen3_5": "Qwen3_5Tokenizer",
  ]

  /// Models for which the class in the settings is wrong on the hub, so that their own is taken.
  private static let corrected: Set<String> = ["qwen2", "qwen3_5"]

  /// Models that take the file as it is whatever the settings say.
  private static let plain: Set<String> = [
    "modernbert", "modernbert-decoder", "phi3", "granite", "olmo2", "stablelm",
  ]

  init?(_ settings: TokenizerSettings) {
    let model = settings.modelType ?? ""
    guard !Self.plain.contains(model) else { return nil }
    let own = Self.ofModels[model]
    let name = Self.corrected.contains(model) ? own : settings.tokenizerClass ?? own
    if let name, let known = Self.byName[name] {
      self = known
    } else if let family = UnigramFamily(settings) {
      self = .unigram(family)
    } else {
      return nil
    }
  }

  /// Puts the class's steps in place of a file's, if the file's model is the class's.
  func apply(
    to pipeline: inout SubwordTokenizer.Pipeline, _ settings: TokenizerSettings, _ model: WordModel
  ) {
    switch (self, model) {
    case (.bert, .wordPiece), (.mpnet, .wordPiece):
      pipeline.normalizers = [.bert(settings.bertNormalizer)]
      pipeline.preTokenizers = [.characters(.bert)]
    case (.byteLevel, .bytePair):
      pipeline.preTokenizers.removeAll { $0 == .leadingSpace }
      if settings.addsPrefixSpace { pipeline.preTokenizers.insert(.leadingSpace, at: 0) }
    case (.unigram(let family), .unigram):
      let map = pipeline.normalizers.lazy.compactMap { step in
        if case .map(let map) = step { map } else { nil }
      }.first
      let steps = family.pipeline(map: map, settings)
      pipeline.normalizers = steps.normalizers
      pipeline.preTokenizers = steps.preTokenizers
      pipeline.decoders = steps.decoders
    default:
      break
    }
  }

  /// What the class puts around texts whatever the file says; nil where the file decides.
  func template(
    _ vocabulary: Vocabulary, _ settings: TokenizerSettings, _ model: WordModel, file: String
  ) throws(CheckpointError) -> Template? {
    func id(_ role: String, _ usual: String) -> Int32? {
      vocabulary[settings.content(of: "\(role)_token") ?? usual]
    }
    switch (self, model) {
    case (.bert, .wordPiece):
      guard let begin = id("cls", "[CLS]"), let end = id("sep", "[SEP]") else { return nil }
      return .bert(begin: begin, end: end)
    case (.mpnet, .wordPiece):
      guard let begin = id("cls", "<s>"), let end = id("sep", "</s>") else { return nil }
      return .roberta(begin: begin, end: end)
    case (.unigram(let family), .unigram):
      return try family.template(vocabulary, settings, file: file)
    default:
      return nil
    }
  }
}

extension TokenizerSettings {
  /// BERT's clean-up as `do_lower_case`, `strip_accents` and `tokenize_chinese_chars` have it.
  var bertNormalizer: BertNormalizer {
    let lowercases = flag("do_lower_case") ?? true
    return BertNormalizer(
      separatesChinese: flag("tokenize_chinese_chars") ?? true,
      stripsAccents: flag("strip_accents") ?? lowercases, lowercases: lowercases)
  }
}
