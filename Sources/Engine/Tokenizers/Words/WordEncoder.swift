import Foundation

/// How one word becomes tokens.
enum WordModel: Sendable {
  case bytePair(BPEModel)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)

  /// What stands for what the model cannot spell.
  var unknownToken: Int32? {
    switch self {
    case .bytePair(let model): model.unknownToken
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
