import Foundation

/// A byte-level BPE tokenizer as metadata of GGUF.
struct GGUFVocabulary {
  /// Types of tokens in llama.cpp.
  private enum Kind: Int32 {
    case normal = 1
    case control = 3
    case userDefined = 4
    case unused = 5
  }

  let metadata: [(key: String, value: GGUFFile.Value)]

  /// The patterns that llama.cpp has a name for and that are known here.
  ///
  /// That of Llama 3 takes up to three digits at once, that of Qwen 2 one.
  private static let patterns = [
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      "llama-bpe",
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      "qwen2",
  ]

  /// Reads a folder's tokenizer.
  ///
  /// - Throws: ``CheckpointError`` for one that is not BPE of bytes, or splits texts in another way.
  init(_ source: ModelFolder) throws(CheckpointError) {
    let url = source.url.appendingPathComponent("tokenizer.json")
    let tokenizer = try source.tokenizer()
    let settings = try TokenizerSettings(folder: source.url)
    let content: Content
    if isFile(url) {
      content = try Content(file: url, try JSONParser.parse(contentsOf: url))
    } else {
      content = try Content(folder: source.url)
    }
    var texts = (0..<source.description.vocabularySize).map { "[PAD\($0)]" }
    var kinds = [Kind](repeating: .unused, count: texts.count)
    for (text, id) in content.vocabulary where texts.indices.contains(id) {
      (texts[id], kinds[id]) = (text, .normal)
    }
    for token in content.added where texts.indices.contains(token.id) {
      texts[token.id] = token.text
      kinds[token.id] = token.isSpecial ? .control : .userDefined
    }
    var metadata: [(key: String, value: GGUFFile.Value)] = [
      ("tokenizer.ggml.model", .text("gpt2")), ("tokenizer.ggml.pre", .text(content.pattern)),
      ("tokenizer.ggml.tokens", .texts(texts)),
      ("tokenizer.ggml.token_type", .integers(kinds.map(\.rawValue))),
      ("tokenizer.ggml.merges", .texts(content.merges)),
    ]
    let ids = [
      ("bos", settings.content(of: "bos_token").flatMap(tokenizer.id) ?? tokenizer.beginToken),
      ("eos", settings.content(of: "eos_token").flatMap(tokenizer.id) ?? tokenizer.endToken),
      ("unknown", settings.content(of: "unk_token").flatMap(tokenizer.id)),
      ("padding", settings.content(of: "pad_token").flatMap(tokenizer.id)),
    ]
    for (role, id) in ids {
      guard let id else { continue }
      metadata.append(("tokenizer.ggml.\(role)_token_id", .natural(UInt32(clamping: id))))
    }
    // What the tokenizer does, whatever its files call it.
    let plain = tokenizer.encode("x", addingSpecialTokens: false)
    let whole = tokenizer.encode("x", addingSpecialTokens: true)
    metadata.append(
      (
        "tokenizer.ggml.add_bos_token",
        .flag(whole.count > plain.count && whole.first != plain.first)
      ))
    metadata.append(
      ("tokenizer.ggml.add_eos_token", .flag(whole.count > plain.count && whole.last != plain.last))
    )
    if let template = settings.text("chat_template") {
      metadata.append(("tokenizer.chat_template", .text(template)))
    }
    self.metadata = metadata
  }

  /// What the tokenizer's files hold.
  private struct Content {
    var vocabulary: [(text: String, id: Int)] = []
    var merges: [String] = []
    var added: [(text: String, id: Int, isSpecial: Bool)] = []
    /// As `tokenizer.ggml.pre` names it.
    var pattern = "gpt-2"

    /// Of GPT-2's two files.
    init(folder: URL) throws(CheckpointError) {
      let vocabularyFile = folder.appendingPathComponent("vocab.json")
      let mergesFile = folder.appendingPathComponent("merges.txt")
      guard isFile(vocabularyFile), isFile(mergesFile) else {
        throw GGUFVocabulary.refused(folder.path, "the tokenizer is not BPE of bytes")
      }
      vocabulary = Self.entries(try JSONParser.parse(contentsOf: vocabularyFile).object)
      merges = String(decoding: try FileBytes.read(mergesFile), as: UTF8.self)
        .split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#version") }
    }

    /// Of a `tokenizer.json`.
    init(file: URL, _ value: JSONValue) throws(CheckpointError) {
      guard let root = value.object, let model = root["model"]?.object,
        model["type"]?.string ?? "BPE" == "BPE", let list = model["merges"]?.array,
        model["byte_fallback"]?.boolean != true
      else { throw GGUFVocabulary.refused(file.path, "the tokenizer is not BPE of bytes") }
      vocabulary = Self.entries(model["vocab"]?.object)
      merges = list.compactMap { merge in
        merge.string ?? merge.array.map { $0.compactMap(\.string).joined(separator: " ") }
      }
      for token in root["added_tokens"]?.array ?? [] {
        guard let object = token.object, let id = object["id"]?.integer,
          let text = object["content"]?.string
        else { continue }
        added.append((text, id, object["special"]?.boolean ?? false))
      }
      pattern = try Self.pattern(root["pre_tokenizer"]?.object, file: file.path)
    }

    private static func entries(_ object: JSONObject?) -> [(text: String, id: Int)] {
      (object?.members ?? []).compactMap { member in
        member.value.integer.map { (member.key, $0) }
      }
    }

    private static func pattern(
      _ step: JSONObject?, file: String
    ) throws(CheckpointError) -> String {
      let steps = step?["pretokenizers"]?.array?.compactMap(\.object) ?? [step].compactMap(\.self)
      let types = steps.map { $0["type"]?.string ?? "" }
      if types == ["ByteLevel"], steps[0]["use_regex"]?.boolean ?? true { return "gpt-2" }
      let regex = steps.first?["pattern"]?.object?["Regex"]?.string
      guard types == ["Split", "ByteLevel"], let regex, let name = patterns[regex] else {
        throw GGUFVocabulary.refused(
          file, "the tokenizer splits texts in a way that has no name in llama.cpp here")
      }
      return name
    }
  }

  private static func refused(_ file: String, _ what: String) -> CheckpointError {
    CheckpointError(
      .unsupported, file: file, what,
      help: "tokenizers like those of GPT-2, Llama 3 and Qwen 2 are written as GGUF")
  }
}
