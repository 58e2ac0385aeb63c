import Foundation

/// A tokenizer's settings in the small files beside it.
///
/// `tokenizer_config.json` speaks first, then `special_tokens_map.json`, then the model's
/// `config.json`; any of them may be missing.
struct TokenizerSettings {
  let folder: URL
  /// `tokenizer_class` without the suffix `Fast`, which only says how it is computed.
  let tokenizerClass: String?
  /// The model's `model_type`.
  let modelType: String?
  let addsBeginToken: Bool?
  let addsEndToken: Bool?
  let addsPrefixSpace: Bool

  private static let roles = [
    "bos_token", "eos_token", "unk_token", "pad_token", "cls_token", "sep_token", "mask_token",
  ]

  private let settings: JSONObject?
  private let map: JSONObject?
  private let model: JSONObject?

  init(folder: URL) throws(CheckpointError) {
    self.folder = folder
    settings = try Self.object(folder, "tokenizer_config.json")
    map = try Self.object(folder, "special_tokens_map.json")
    model = try Self.object(folder, FolderFiles.configurationName)
    let label = settings?["tokenizer_class"]?.string
    tokenizerClass = label.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
    modelType = model?["model_type"]?.string
    addsBeginToken = settings?["add_bos_token"]?.boolean
    addsEndToken = settings?["add_eos_token"]?.boolean
    addsPrefixSpace = settings?["add_prefix_space"]?.boolean ?? false
  }

  /// A switch of `tokenizer_config.json`, or nil where it is not there.
  func flag(_ name: String) -> Bool? { settings?[name]?.boolean }

  /// A text of `tokenizer_config.json`, or nil where it is not there.
  func text(_ name: String) -> String? { settings?[name]?.string }

  /// A whole number of `tokenizer_config.json`, or nil where it is not there.
  func number(_ name: String) -> Int? { settings?[name]?.integer }

  /// The content of a special token such as `bos_token`, or nil where no file names it.
  func content(of role: String) -> String? {
    for object in [settings, map] {
      guard let value = object?[role] else { continue }
      if let content = value.string ?? value.object?["content"]?.string { return content }
    }
    return nil
  }

  /// The id of a special token.
  ///
  /// - Parameters:
  ///   - role: `bos` or `eos`.
  ///   - fallbacks: Contents to look for where no file names the token.
  ///   - vocabulary: The tokens.
  /// - Returns: The id, or nil where the vocabulary has no such token.
  func token(_ role: String, fallbacks: [String], in vocabulary: Vocabulary) -> Int32? {
    if let content = content(of: "\(role)_token") { return vocabulary[content] }
    if let value = model?["\(role)_token_id"],
      let id = (value.array?.first ?? value).integer.flatMap(Int32.init(exactly:)),
      vocabulary[id] != nil
    {
      return id
    }
    return fallbacks.lazy.compactMap { vocabulary[$0] }.first
  }

  /// The tokens that the files add to a vocabulary, as Transformers 5 adds them.
  ///
  /// First those of `added_tokens.json` and `added_tokens_decoder`, then the special tokens by role,
  /// then further ones. One that the vocabulary lacks and that has no id in the files, or another
  /// token's, gets the next.
  ///
  /// - Parameters:
  ///   - known: The tokens that `tokenizer.json` adds.
  ///   - usual: Special tokens that a class has where no file names the role; without a role, those
  ///     of the vocabulary alone.
  ///   - vocabulary: The model's tokens and the known ones; new ones are inserted.
  /// - Returns: The known tokens and the others.
  /// - Throws: ``CheckpointError`` for an id out of range.
  func addedTokens(
    beside known: [AddedTokens.Token] = [], usual: [(role: String?, content: String)] = [],
    into vocabulary: inout Vocabulary
  ) throws(CheckpointError) -> [AddedTokens.Token] {
    var tokens = known
    var places: [[UInt8]: Int] = [:]
    for (place, token) in known.enumerated() { places[token.content] = place }
    func add(
      _ content: String, _ flags: JSONObject?, id: Int? = nil, isSpecial: Bool
    ) throws(CheckpointError) {
      if let place = places[Array(content.utf8)] {
        if isSpecial { tokens[place].isSpecial = true }
        return
      }
      guard !content.isEmpty else { return }
      // A token of the vocabulary keeps its id, whatever a file says of another.
      let isTaken =
        vocabulary[content] == nil
        && id.flatMap(Int32.init(exactly:)).flatMap { vocabulary[$0] } != nil
      let next = vocabulary.tokens.count
      let id = try vocabulary.add(
        content, id: isTaken ? next : id ?? next, file: folder.path)
      places[Array(content.utf8)] = tokens.count
      var token = AddedTokens.Token(content: content, id: id, flags: flags, isSpecial: isSpecial)
      if isSpecial { token.isSpecial = true }
      tokens.append(token)
    }
    for member in try Self.object(folder, "added_tokens.json")?.members ?? [] {
      try add(member.key, nil, id: member.value.integer ?? -1, isSpecial: false)
    }
    let listed = (settings?["added_tokens_decoder"]?.object?.members ?? [])
      .sorted { (Int($0.key) ?? -1) < (Int($1.key) ?? -1) }
    for member in listed {
      guard let fields = member.value.object, let content = fields["content"]?.string else {
        continue
      }
      try add(content, fields, id: Int(member.key) ?? -1, isSpecial: false)
    }
    for role in Self.roles {
      let fallback = usual.first { $0.role.map { "\($0)_token" } == role }?.content
      guard let content = content(of: role) ?? fallback else { continue }
      try add(
        content, settings?[role]?.object ?? map?[role]?.object, isSpecial: true)
    }
    for (role, content) in usual where role == nil && vocabulary[content] != nil {
      try add(content, nil, isSpecial: true)
    }
    for (content, flags) in extraTokens { try add(content, flags, isSpecial: true) }
    return tokens
  }

  /// `extra_special_tokens`, a list or a map by name, and what older versions call
  /// `additional_special_tokens`.
  private var extraTokens: [(content: String, flags: JSONObject?)] {
    [settings, map].flatMap { object in
      let value = object?["extra_special_tokens"] ?? object?["additional_special_tokens"]
      let values = value?.array ?? value?.object?.members.map(\.value) ?? []
      return values.compactMap { value in
        (value.string ?? value.object?["content"]?.string).map { ($0, value.object) }
      }
    }
  }

  private static func object(
    _ folder: URL, _ name: String
  ) throws(CheckpointError) -> JSONObject? {
    let file = folder.appendingPathComponent(name)
    guard isFile(file) else { return nil }
    guard let object = try JSONParser.parse(contentsOf: file).object else {
      throw CheckpointError(.corrupt, file: file.path, "is not a JSON object")
    }
    return object
  }
}

extension AddedTokens.Token {
  /// A token with the flags that `tokenizer.json` and `tokenizer_config.json` spell alike.
  init(content: String, id: Int32, flags: JSONObject?, isSpecial: Bool = false) {
    let isSpecial = flags?["special"]?.boolean ?? isSpecial
    self.init(
      content: Array(content.utf8), id: id, isSpecial: isSpecial,
      isNormalized: flags?["normalized"]?.boolean ?? !isSpecial,
      isSingleWord: flags?["single_word"]?.boolean ?? false,
      stripsLeft: flags?["lstrip"]?.boolean ?? false,
      stripsRight: flags?["rstrip"]?.boolean ?? false)
  }
}
