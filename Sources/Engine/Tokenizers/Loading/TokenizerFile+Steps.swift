import Foundation

extension TokenizerFile {
  /// The steps that rewrite the text.
  func normalizers(_ value: JSONValue?) throws(CheckpointError) -> [Normalizer] {
    guard let fields = value?.object else { return [] }
    let type = fields["type"]?.string ?? "unknown"
    switch type {
    case "Sequence":
      var steps: [Normalizer] = []
      for part in fields["normalizers"]?.array ?? [] { steps += try normalizers(part) }
      return steps
    case "NFC", "NFD", "NFKC", "NFKD":
      return NormalForm(rawValue: type).map { [.form($0)] } ?? []
    case "Lowercase":
      return [.lowercase]
    case "StripAccents":
      return [.stripMarks]
    case "Strip":
      return [
        .trim(
          start: fields["strip_left"]?.boolean ?? true, end: fields["strip_right"]?.boolean ?? true)
      ]
    case "BertNormalizer":
      let lowercases = fields["lowercase"]?.boolean ?? true
      return [
        .bert(
          BertNormalizer(
            cleansText: fields["clean_text"]?.boolean ?? true,
            separatesChinese: fields["handle_chinese_chars"]?.boolean ?? true,
            stripsAccents: fields["strip_accents"]?.boolean ?? lowercases, lowercases: lowercases))
      ]
    case "Prepend":
      return [.prepend(Array((fields["prepend"]?.string ?? "").utf8))]
    case "Replace":
      if let expression = fields["pattern"]?.object?["Regex"]?.string {
        guard let runs = SpaceRuns(expression: expression) else {
          throw unsupported(
            "normalizer's pattern", expression, known: "plain text and runs of white space")
        }
        return [.replaceRuns(runs, with: Array((fields["content"]?.string ?? "").utf8))]
      }
      let (old, new) = try replacement(fields, of: "normalizer")
      return [.replace(old, with: new)]
    case "Nmt":
      return [.nmt]
    case "Precompiled":
      return [.map(try characterMap(fields))]
    default:
      throw unsupported(
        "normalizer", type,
        known:
          "BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace,"
          + " Sequence, Strip and StripAccents")
    }
  }

  /// The steps that cut the text, and whether words are then spelt in the byte alphabet.
  func splitting(
    _ value: JSONValue?
  ) throws(CheckpointError) -> (steps: [PreTokenizer], isOverBytes: Bool) {
    guard let fields = value?.object else { return ([], false) }
    let type = fields["type"]?.string ?? "unknown"
    switch type {
    case "Sequence":
      var all: (steps: [PreTokenizer], isOverBytes: Bool) = ([], false)
      for part in fields["pretokenizers"]?.array ?? [] {
        let next = try splitting(part)
        if all.isOverBytes {
          // A step after it sees the byte alphabet's letters.
          guard !next.isOverBytes else {
            throw unsupported("pre_tokenizer", "a second ByteLevel", known: "sequences with one")
          }
          all.isOverBytes = false
          all.steps.append(.byteAlphabet)
        }
        all = (all.steps + next.steps, next.isOverBytes)
      }
      return all
    case "ByteLevel":
      let leadingSpace = fields["add_prefix_space"]?.boolean ?? true
      let splits = fields["use_regex"]?.boolean ?? true
      return ((leadingSpace ? [.leadingSpace] : []) + (splits ? [.pattern(.gpt2)] : []), true)
    case "Split":
      return ([try splitPattern(fields)], false)
    case "Digits":
      let individually = fields["individual_digits"]?.boolean ?? false
      return ([.characters(.digits(individually: individually))], false)
    case "BertPreTokenizer":
      return ([.characters(.bert)], false)
    case "Whitespace":
      return ([.characters(.words)], false)
    case "WhitespaceSplit":
      return ([.characters(.whitespace)], false)
    case "Punctuation":
      let behavior = try behavior(fields, usual: .isolated)
      return (
        behavior == .isolated
          ? [.characters(.punctuation)]
          : [.split(TextSplit(pattern: .punctuation, behavior: behavior))], false
      )
    case "Metaspace":
      return ([try metaspace(fields)], false)
    default:
      throw unsupported(
        "pre_tokenizer", type,
        known: "BertPreTokenizer, ByteLevel, Digits, Metaspace, Punctuation, Sequence, Split,"
          + " Whitespace and WhitespaceSplit")
    }
  }

  /// The steps from tokens to text.
  func decoders(_ value: JSONValue?) throws(CheckpointError) -> [TokenDecoder] {
    guard let fields = value?.object else { return [] }
    let type = fields["type"]?.string ?? "unknown"
    switch type {
    case "Sequence":
      var steps: [TokenDecoder] = []
      for part in fields["decoders"]?.array ?? [] { steps += try decoders(part) }
      return steps
    case "ByteLevel":
      return [.byteLevel]
    case "ByteFallback":
      return [.byteFallback]
    case "BPEDecoder":
      return [.wordEnds(Array((fields["suffix"]?.string ?? "</w>").utf8))]
    case "Fuse":
      return [.fuse]
    case "Replace":
      let (old, new) = try replacement(fields, of: "decoder")
      return [.replace(old, with: new)]
    case "Strip":
      guard let content = fields["content"]?.string, !content.isEmpty else {
        throw corrupt("the decoder's Strip has no content")
      }
      let (start, end) = (fields["start"]?.integer ?? 0, fields["stop"]?.integer ?? 0)
      return [.strip(Array(content.utf8), start: start, end: end)]
    case "WordPiece":
      let prefix = fields["prefix"]?.string ?? "##"
      return [
        .wordPiece(prefix: Array(prefix.utf8), cleansUp: fields["cleanup"]?.boolean ?? true)
      ]
    case "Metaspace":
      guard case .metaspace(let marker, let prefix, _) = try metaspace(fields) else { return [] }
      return [.metaspace(marker: marker, dropsFirst: prefix != .never)]
    default:
      throw unsupported(
        "decoder", type,
        known:
          "BPEDecoder, ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip and WordPiece"
      )
    }
  }
}

extension TokenizerFile {
  private func characterMap(_ fields: JSONObject) throws(CheckpointError) -> CharacterMap {
    guard let text = fields["precompiled_charsmap"]?.string, let bytes = Data(base64Encoded: text)
    else { throw corrupt("the normalizer's 'precompiled_charsmap' is not in base 64") }
    do throws(CharacterMap.Mistake) {
      return try CharacterMap(Array(bytes))
    } catch {
      throw corrupt("the normalizer's 'precompiled_charsmap' \(error.message)")
    }
  }

  private func splitPattern(_ fields: JSONObject) throws(CheckpointError) -> PreTokenizer {
    let behavior = try behavior(fields, usual: nil)
    let isInverted = fields["invert"]?.boolean ?? false
    let pattern = fields["pattern"]?.object
    if let text = pattern?["String"]?.string, !text.isEmpty {
      return .split(
        TextSplit(pattern: .text(Array(text.utf8)), behavior: behavior, isInverted: isInverted))
    }
    guard let expression = pattern?["Regex"]?.string else {
      throw corrupt("a Split has neither a text nor an expression to split at")
    }
    // The patterns with a scanner of their own leave no gap, so between words is nothing to remove.
    let isPlain = behavior == .isolated ? !isInverted : behavior == .removed && isInverted
    if isPlain, let known = WordPattern(expression: expression) { return .pattern(known) }
    guard let regex = WordRegex(expression: expression) else {
      throw unsupported(
        "pre_tokenizer's pattern", expression,
        known: "expressions of characters, classes, groups, lookahead and greedy quantifiers")
    }
    return .split(TextSplit(pattern: .regex(regex), behavior: behavior, isInverted: isInverted))
  }

  private func behavior(
    _ fields: JSONObject, usual: TextSplit.Behavior?
  ) throws(CheckpointError) -> TextSplit.Behavior {
    let label = fields["behavior"]?.string ?? usual?.rawValue ?? ""
    if let behavior = TextSplit.Behavior(rawValue: label) { return behavior }
    throw unsupported(
      "pre_tokenizer's split behaviour", label,
      known: "Contiguous, Isolated, MergedWithNext, MergedWithPrevious and Removed")
  }

  private func metaspace(_ fields: JSONObject) throws(CheckpointError) -> PreTokenizer {
    // Before version 0.15 a flag had the meaning of the scheme.
    let usual = fields["add_prefix_space"]?.boolean == false ? "never" : "always"
    let label = fields["prepend_scheme"]?.string ?? usual
    guard let prefix = PreTokenizer.MetaspacePrefix(rawValue: label) else {
      throw unsupported("Metaspace prepend_scheme", label, known: "always, first and never")
    }
    let marker = Array((fields["replacement"]?.string ?? "\u{2581}").utf8)
    guard !marker.isEmpty else { throw corrupt("the Metaspace has an empty replacement") }
    return .metaspace(
      marker: marker, prefix: prefix, splits: fields["split"]?.boolean ?? true)
  }

  private func replacement(
    _ fields: JSONObject, of component: String
  ) throws(CheckpointError) -> (old: [UInt8], new: [UInt8]) {
    guard let old = fields["pattern"]?.object?["String"]?.string, !old.isEmpty else {
      throw unsupported("\(component) 'Replace'", "with a regular expression", known: "plain text")
    }
    return (Array(old.utf8), Array((fields["content"]?.string ?? "").utf8))
  }
}
