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

  /// The tokens the files add to a vocabulary, in the order of their ids.
  private func addedTokens(
    into vocabulary: inout Vocabulary
  ) throws(CheckpointError) -> [AddedTokens.Token] {
    var tokens: [Int32: AddedTokens.Token] = [:]
    for member in try Self.object(folder, "added_tokens.json")?.members ?? [] {
      let id = try vocabulary.add(
        member.key, id: member.value.integer ?? -1, file: folder.path)
      tokens[id] = AddedTokens.Token(
        content: Array(member.key.utf8), id: id, isNormalized: true)
    }
    for member in settings?["added_tokens_decoder"]?.object?.members ?? [] {
      guard let fields = member.value.object, let content = fields["content"]?.string else {
        continue
      }
      let id = try vocabulary.add(content, id: Int(member.key) ?? -1, file: folder.path)
      tokens[id] = AddedTokens.Token(content: content, id: id, flags: fields)
    }
    for role in Self.roles {
      guard let content = content(of: role), let id = vocabulary[content] else { continue }
      let flags = settings?[role]?.object ?? map?[role]?.object ?? JSONObject(members: [])
      var token = tokens[id] ?? AddedTokens.Token(content: content, id: id, flags: flags)
      token.isSpecial = true
      tokens[id] = token
    }
    return tokens.values.sorted { $0.id < $1.id }
  }

  /// The same, with tokens added that a family's class in Transformers has where no file names them.
  ///
  /// Of these, those the vocabulary lacks are left out.
  func addedTokens(
    into vocabulary: inout Vocabulary, usual: [String]
  ) throws(CheckpointError) -> [AddedTokens.Token] {
    var tokens = try addedTokens(into: &vocabulary)
    for content in usual {
      guard let id = vocabulary[content], !tokens.contains(where: { $0.id == id }) else { continue }
      tokens.append(AddedTokens.Token(content: Array(content.utf8), id: id, isSpecial: true))
    }
    return tokens
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
  init(content: String, id: Int32, flags: JSONObject) {
    let isSpecial = flags["special"]?.boolean ?? false
    self.init(
      content: Array(content.utf8), id: id, isSpecial: isSpecial,
      isNormalized: flags["normalized"]?.boolean ?? !isSpecial,
      isSingleWord: flags["single_word"]?.boolean ?? false,
      stripsLeft: flags["lstrip"]?.boolean ?? false,
      stripsRight: flags["rstrip"]?.boolean ?? false)
  }
}
