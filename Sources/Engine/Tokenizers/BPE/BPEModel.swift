/// Byte-pair encoding of one word: split into units, then join the pair of lowest rank until none is
/// left.
///
/// Sennrich et al. 2016, arXiv:1508.07909; the order of merges and the treatment of unknown units are
/// those of Hugging Face `tokenizers`.
struct BPEModel: Sendable {
  /// What a word is split into at first.
  enum Units: Sendable {
    /// Bytes, with the id of each, -1 where the vocabulary lacks it.
    case bytes([Int32])
    /// Characters.
    case scalars([UInt32: Int32])
  }

  let units: Units
  let merges: PairTable
  /// Ids of whole words, looked up before any merge, for models that ask for it.
  let wholeWords: [[UInt8]: Int32]?
  /// Stands for a unit that is not in the vocabulary; such a unit is dropped where this is nil.
  let unknownToken: Int32?
  /// Whether a run of unknown units is one unknown token.
  let fusesUnknown: Bool
  /// Ids of `<0x00>` … `<0xFF>` for characters that are not in the vocabulary, where the model has
  /// them, -1 where one is missing.
  let byteFallback: [Int32]?

  /// Splits a word into its first units.
  func units(of word: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
    ids.removeAll(keepingCapacity: true)
    var hasPendingUnknown = false
    func unknown() {
      guard let unknownToken else { return }
      if hasPendingUnknown, !fusesUnknown { ids.append(unknownToken) }
      hasPendingUnknown = true
    }
    func known(_ id: Int32) {
      if hasPendingUnknown, let unknownToken { ids.append(unknownToken) }
      hasPendingUnknown = false
      ids.append(id)
    }
    switch units {
    case .bytes(let table):
      for byte in word {
        let id = table[Int(byte)]
        if id >= 0 { known(id) } else { unknown() }
      }
    case .scalars(let table):
      var position = 0
      while position < word.count {
        let (value, length) = UTF8Text.scalar(in: word, at: position)
        let range = position..<position + length
        position += length
        if let id = table[value] {
          known(id)
        } else if let byteFallback, range.allSatisfy({ byteFallback[Int(word[$0])] >= 0 }) {
          // As in the reference, this does not settle a pending unknown token.
          ids.append(contentsOf: range.lazy.map { byteFallback[Int(word[$0])] })
        } else {
          unknown()
        }
      }
    }
    if hasPendingUnknown, let unknownToken { ids.append(unknownToken) }
  }
}
