/// The unigram model of words: of all ways to cut a word into pieces, the one whose scores sum to the
/// most.
///
/// Kudo 2018, "Subword Regularization", arXiv:1804.10959. The search and its ties are those of Hugging
/// Face `tokenizers`, which follow `EncodeOptimized` of SentencePiece: from left to right the best cut
/// that ends at each character, and of equal sums the one found first, whose last piece is longest.
struct UnigramModel: Sendable {
  /// A piece of the vocabulary at the place of its id.
  struct Piece: Hashable, Sendable {
    let text: [UInt8]
    /// Logarithm of its probability.
    let score: Double
  }

  /// The best cut of the text before a place.
  fileprivate struct Step {
    var score = 0.0
    var start = -1
    var id: Int32 = 0
  }

  /// The arrays of the search, kept from word to word.
  struct Search {
    fileprivate var steps: [Step] = []
    fileprivate var pieces: [(range: Range<Int>, id: Int32)] = []

    init() {}
  }

  let unknownToken: Int32
  /// Whether sums are rounded to 32 bits, as SentencePiece's own are.
  private let roundsSums: Bool
  private let scores: [Double]
  private var trie = ByteTrie()
  /// The score of a character that is no piece: 10 below the worst of all.
  private let unknownScore: Double
  /// Ids of `<0x00>` … `<0xFF>` for text that is no piece, where the model has them, -1 where one is
  /// missing.
  private let byteFallback: [Int32]?

  /// - Parameters:
  ///   - pieces: The vocabulary; of equal pieces the last counts.
  ///   - unknownToken: The id for what no piece spells.
  ///   - byteFallback: Ids of the 256 bytes, -1 where one is missing, or nil.
  init(_ pieces: [Piece], unknownToken: Int32, byteFallback: [Int32]?) {
    self.init(
      pieces, isFound: { _ in true }, unknownToken: unknownToken, byteFallback: byteFallback,
      roundsSums: false)
  }

  /// The same with pieces of which only some are found in text.
  ///
  /// - Parameters:
  ///   - pieces: The vocabulary.
  ///   - isFound: Whether the piece of an id is.
  ///   - unknownToken: The id for what no piece spells.
  ///   - byteFallback: As above.
  ///   - roundsSums: Whether sums of scores are rounded, as by SentencePiece itself.
  init(
    _ pieces: [Piece], isFound: (Int) -> Bool, unknownToken: Int32, byteFallback: [Int32]?,
    roundsSums: Bool
  ) {
    self.unknownToken = unknownToken
    self.byteFallback = byteFallback
    self.roundsSums = roundsSums
    let found = pieces.indices.filter(isFound)
    scores = pieces.map(\.score)
    unknownScore = (found.map { pieces[$0].score }.min() ?? 0) - 10
    for id in found.reversed() { trie.insert(pieces[id].text, value: Int32(id)) }
  }

  /// Cuts a word into the ids of its pieces; unknown ones beside each other are one.
  func encode(_ word: UTF8Text.Bytes, into ids: inout [Int32], _ search: inout Search) {
    ids.removeAll(keepingCapacity: true)
    search.steps.removeAll(keepingCapacity: true)
    search.steps.append(contentsOf: repeatElement(Step(), count: word.count + 1))
    search.steps.withUnsafeMutableBufferPointer { fill($0, for: word) }
    search.pieces.removeAll(keepingCapacity: true)
    var end = word.count
    while end > 0 {
      let step = search.steps[end]
      if step.id == unknownToken, let last = search.pieces.last, last.id == unknownToken {
        search.pieces[search.pieces.count - 1].range = step.start..<last.range.upperBound
      } else {
        search.pieces.append((step.start..<end, step.id))
      }
      end = step.start
    }
    for piece in search.pieces.reversed() {
      if piece.id == unknownToken {
        appendUnknown(UTF8Text.Bytes(rebasing: word[piece.range]), to: &ids)
      } else {
        ids.append(piece.id)
      }
    }
  }

  /// Finds the best cut that ends at each character.
  private func fill(_ steps: UnsafeMutableBufferPointer<Step>, for word: UTF8Text.Bytes) {
    var start = 0
    while start < word.count {
      let length = UTF8Text.scalar(in: word, at: start).length
      let score = steps[start].score
      var isKnown = false
      func consider(_ end: Int, _ pieceScore: Double, _ id: Int32) {
        let sum = roundsSums ? Double(Float(pieceScore + score)) : pieceScore + score
        if steps[end].start < 0 || sum > steps[end].score {
          steps[end] = Step(score: sum, start: start, id: id)
        }
      }
      trie.forEachMatch(in: word, at: start) { matched, id in
        consider(start + matched, scores[Int(id)], id)
        if matched == length { isKnown = true }
      }
      if !isKnown { consider(start + length, unknownScore, unknownToken) }
      start += length
    }
  }

  /// Appends the ids of a run of characters that are no pieces.
  private func appendUnknown(_ text: UTF8Text.Bytes, to ids: inout [Int32]) {
    // Characters that are no pieces may make up one together, which lost to them.
    if let match = trie.longestMatch(in: text, at: 0), match.length == text.count {
      ids.append(match.value)
    } else if let byteFallback, text.allSatisfy({ byteFallback[Int($0)] >= 0 }) {
      ids.append(contentsOf: text.lazy.map { byteFallback[Int($0)] })
    } else {
      ids.append(unknownToken)
    }
  }
}
