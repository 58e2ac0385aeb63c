import Foundation

/// How one word becomes tokens.
enum WordModel: Sendable {
  case bytePair(BPEModel)
  case unigram(UnigramModel)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)

  /// The token for what the model cannot spell.
  var unknownToken: Int32? {
    switch self {
    case .bytePair(let model): model.unknownToken
    case .unigram(let model): model.unknownToken
    case .wordPiece(let model): model.unknownToken
    case .wordLevel(let model): model.unknownToken
    }
  }
}

/// A model of words with its cache, shared by all who encode with one tokenizer.
///
/// `@unchecked Sendable`: the mutable state is touched only in ``encode(_:)``'s closure, under the lock.
final class WordEncoder: @unchecked Sendable {
  /// What encoding a word needs besides the model.
  struct State {
    fileprivate let model: WordModel
    fileprivate var cache = WordCache()
    fileprivate var queue = MergeQueue()
    fileprivate var search = UnigramModel.Search()
    fileprivate var units: [Int32] = []

    /// Appends the ids of a word.
    mutating func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
      let hash = WordCache.hash(word)
      if cache.append(word, hash: hash, to: &ids) { return }
      switch model {
      case .bytePair(let model):
        if let whole = model.wholeWords?[Array(word)] {
          units = [whole]
        } else {
          model.units(of: word, into: &units)
          queue.merge(&units, with: model.merges)
        }
      case .unigram(let model):
        model.encode(word, into: &units, &search)
      case .wordPiece(let model):
        model.encode(word, into: &units)
      case .wordLevel(let model):
        units = [model.id(of: word)]
      }
      ids.append(contentsOf: units)
      cache.insert(word, hash: hash, ids: units)
    }
  }

  private let lock = NSLock()
  private var state: State

  init(_ model: WordModel) { state = State(model: model) }

  /// Runs `body` with exclusive use of the state.
  func encode(_ body: (inout State) -> Void) {
    lock.lock()
    defer { lock.unlock() }
    body(&state)
  }
}

/// Token ids of words met before.
///
/// Text repeats its words: of the 1.2 million in CoLA, MNLI and HANS, one in 35 is new. Words are kept
/// in the order of their arrival until the cache is full, and then no more; what is in it never
/// changes a result, only its speed.
struct WordCache {
  private struct Entry {
    let hash: UInt64
    let word: Range<Int>
    let ids: Range<Int>
  }

  private var slots: [Int32]
  private var entries: [Entry] = []
  private var words: [UInt8] = []
  private var ids: [Int32] = []

  private static let capacity = 1 << 17
  /// Longer words are rarely met twice.
  private static let longestWord = 64
  private static let free: Int32 = -1

  init() { slots = Array(repeating: Self.free, count: 2 * Self.capacity) }

  /// Appends the ids of a word if they are known.
  ///
  /// - Returns: Whether they were.
  func append(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64, to target: inout [Int32]) -> Bool {
    let index = slots[slot(of: word, hash)]
    guard index != Self.free else { return false }
    target.append(contentsOf: ids[entries[Int(index)].ids])
    return true
  }

  /// Remembers the ids of a word, if there is room.
  mutating func insert(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64, ids new: [Int32]) {
    guard word.count <= Self.longestWord, entries.count < Self.capacity else { return }
    let slot = slot(of: word, hash)
    guard slots[slot] == Self.free else { return }
    slots[slot] = Int32(entries.count)
    entries.append(
      Entry(
        hash: hash, word: words.count..<words.count + word.count,
        ids: ids.count..<ids.count + new.count))
    words.append(contentsOf: word)
    ids.append(contentsOf: new)
  }

  /// A hash of a word's bytes: FNV-1a, with a last mix for the low bits.
  static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ hash >> 29
  }

  private func slot(of word: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
    while slots[slot] != Self.free {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, words[entry.word].elementsEqual(word) { break }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return slot
  }
}
