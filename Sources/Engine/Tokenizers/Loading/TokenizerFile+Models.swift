extension TokenizerFile {
  /// The byte-pair encoding that a file's `model` describes, which must have no word affixes.
  ///
  /// To `steps`, which cut the text, one may be added that only helps the cache.
  func bytePairModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary, _ steps: inout [PreTokenizer]
  ) throws(CheckpointError) -> BPEModel {
    if let dropout = fields["dropout"]?.number, dropout != 0 {
      throw unsupported("model option", "dropout", known: "encodings without it")
    }
    for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = fields[option]?.string, !affix.isEmpty {
        throw unsupported("model option", option, known: "encodings without it")
      }
    }
    var builder = BPEBuilder(vocabulary: vocabulary, file: path)
    builder.fusesUnknown = fields["fuse_unk"]?.boolean ?? false
    builder.fallsBackToBytes = fields["byte_fallback"]?.boolean ?? false
    builder.looksUpWholeWords = fields["ignore_merges"]?.boolean ?? false
    if let unknown = fields["unk_token"]?.string {
      builder.unknownToken = try unknownToken(unknown, vocabulary)
    }
    let merges = try mergePairs(fields["merges"])
    let isOverBytes = try splitting(object["pre_tokenizer"]).isOverBytes
    if !isOverBytes, steps.allSatisfy(\.keepsTextWhole) {
      steps += builder.cutsBeforeMarkers(merges)
    }
    return try builder.model(overBytes: isOverBytes, merges: merges)
  }

  /// The WordPiece model that a file's `model` describes.
  func wordPieceModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> WordPieceModel {
    WordPieceModel(
      vocabulary,
      prefix: Array((fields["continuing_subword_prefix"]?.string ?? "##").utf8),
      unknownToken: try unknownToken(fields["unk_token"]?.string ?? "[UNK]", vocabulary),
      longestWord: fields["max_input_chars_per_word"]?.integer ?? 100)
  }

  /// The model of whole words that a file's `model` describes.
  func wordLevelModel(
    _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> WordLevelModel {
    WordLevelModel(
      vocabulary,
      unknownToken: try unknownToken(fields["unk_token"]?.string ?? "<unk>", vocabulary))
  }

  private func unknownToken(
    _ content: String, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Int32 {
    guard let id = vocabulary[content] else {
      throw corrupt("the unknown token '\(content.prefix(60))' is not in the vocabulary")
    }
    return id
  }

  private func mergePairs(_ value: JSONValue?) throws(CheckpointError) -> [MergePair] {
    guard let values = value?.array else { throw corrupt("'model.merges' is not an array") }
    var pairs: [MergePair] = []
    pairs.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      let pair: MergePair? =
        if let text = value.string {
          MergePair(Array(text.utf8))
        } else if let parts = value.array, parts.count == 2, let left = parts[0].string,
          let right = parts[1].string
        {
          MergePair(left: left.utf8, right: right.utf8)
        } else {
          nil
        }
      guard let pair else {
        throw corrupt("merge \((index + 1).grouped) is not a pair of tokens")
      }
      pairs.append(pair)
    }
    return pairs
  }
}
