/// Two tokens that join into one, in UTF-8.
///
/// Bytes rather than strings: to Swift, a space and an accent after it are one character.
struct MergePair: Hashable, Sendable {
  let left: [UInt8]
  let right: [UInt8]

  init(left: some Sequence<UInt8>, right: some Sequence<UInt8>) {
    self.left = Array(left)
    self.right = Array(right)
  }

  /// Splits `left right` at its only space.
  init?(_ text: some Collection<UInt8>) {
    let parts = text.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    left = Array(parts[0])
    right = Array(parts[1])
  }
}

/// Checks a list of merges against a vocabulary and makes a byte-pair encoding of them.
struct BPEBuilder {
  /// Where the merges come from, for messages.
  let file: String
  let vocabulary: Vocabulary
  var unknownToken: Int32?
  var fusesUnknown = false
  var fallsBackToBytes = false
  var looksUpWholeWords = false
  /// The mark of a token that ends a word, as `</w>`; empty without one.
  var suffix: [UInt8] = []

  init(vocabulary: Vocabulary, file: String) {
    self.vocabulary = vocabulary
    self.file = file
  }

  /// SentencePiece's mark for a space, U+2581.
  static let marker = Array("\u{2581}".utf8)

  /// Makes an encoding over bytes or over characters of merges in the order of their ranks.
  func model(overBytes: Bool, merges: [MergePair]) throws(CheckpointError) -> BPEModel {
    var table = PairTable(capacity: merges.count)
    for (rank, merge) in merges.enumerated() {
      let joined = try id(merge.left + merge.right, rank)
      table[try id(merge.left, rank), try id(merge.right, rank)] = PairTable.Merge(
        rank: UInt32(rank), id: joined)
    }
    return try model(overBytes: overBytes, table: table)
  }

  /// Makes an encoding of a table of merges.
  func model(overBytes: Bool, table: PairTable) throws(CheckpointError) -> BPEModel {
    BPEModel(
      units: overBytes ? .bytes(try byteUnits(suffix: [])) : .scalars(scalarUnits(suffix: [])),
      lastUnits: suffix.isEmpty
        ? nil
        : overBytes ? .bytes(try byteUnits(suffix: suffix)) : .scalars(scalarUnits(suffix: suffix)),
      merges: table,
      wholeWords: looksUpWholeWords ? wholeWords(overBytes: overBytes) : nil,
      unknownToken: unknownToken, fusesUnknown: fusesUnknown,
      byteFallback: fallsBackToBytes && !overBytes ? vocabulary.byteTokens : nil)
  }

  /// The step that cuts texts before SentencePiece's markers, if that changes no result.
  ///
  /// That is so if no merge joins a marker to another character before it, and the marker is a token,
  /// so that it ends a run of unknown characters.
  func cutsBeforeMarkers(_ merges: some Sequence<MergePair>) -> [PreTokenizer] {
    let isSafe =
      !looksUpWholeWords && vocabulary[Self.marker] != nil
      && merges.allSatisfy { merge in
        !merge.right.starts(with: Self.marker)
          || merge.left.suffix(Self.marker.count).elementsEqual(Self.marker)
      }
    return isSafe ? [.beforeMarkers(Self.marker)] : []
  }

  /// The id of a token that merge number `rank` speaks of.
  private func id(_ token: [UInt8], _ rank: Int) throws(CheckpointError) -> Int32 {
    if let id = vocabulary[token] { return id }
    throw CheckpointError(
      .corrupt, file: file,
      "merge \((rank + 1).grouped) needs the token"
        + " '\(String(decoding: token.prefix(60), as: UTF8.self))', which the vocabulary lacks",
      help: "vocabulary and merges come from different tokenizers, or one was cut short")
  }

  private func byteUnits(suffix: [UInt8]) throws(CheckpointError) -> [Int32] {
    let units = ByteAlphabet.scalars.map { vocabulary[Array(String($0).utf8) + suffix] ?? -1 }
    if fallsBackToBytes, units.contains(-1) {
      throw CheckpointError(
        .unsupported, file: file,
        "a byte-level vocabulary without all 256 bytes cannot fall back to bytes")
    }
    return units
  }

  private func scalarUnits(suffix: [UInt8]) -> [UInt32: Int32] {
    var units: [UInt32: Int32] = [:]
    for (token, id) in vocabulary.ids
    where token.count <= 4 + suffix.count && token.suffix(suffix.count).elementsEqual(suffix) {
      let scalars = String(decoding: token.dropLast(suffix.count), as: UTF8.self).unicodeScalars
      if let scalar = scalars.first, scalars.count == 1 { units[scalar.value] = id }
    }
    return units
  }

  private func wholeWords(overBytes: Bool) -> [[UInt8]: Int32] {
    guard overBytes else { return vocabulary.ids }
    var words: [[UInt8]: Int32] = [:]
    words.reserveCapacity(vocabulary.ids.count)
    for (token, id) in vocabulary.ids {
      if let word = ByteAlphabet.bytes(of: token) { words[word] = id }
    }
    return words
  }
}
