/// Cuts a text at the places where something is found, as `Split` and `Punctuation` do.
struct TextSplit: Hashable, Sendable {
  /// What is looked for.
  enum Pattern: Hashable, Sendable {
    case text([UInt8])
    case regex(WordRegex)
    case punctuation
  }

  /// What becomes of a match.
  enum Behavior: String, Hashable, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case contiguous = "Contiguous"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
  }

  let pattern: Pattern
  let behavior: Behavior
  /// Whether what lies between the matches counts as the match.
  var isInverted = false

  private struct Piece {
    var range: Range<Int>
    let isMatch: Bool
  }

  /// Hands over the pieces, which are not empty, and where each lies.
  func forEachPiece(of text: UTF8Text.Bytes, _ body: (Range<Int>) -> Void) {
    var pieces: [Piece] = []
    var done = 0
    forEachMatch(in: text) { range in
      if done < range.lowerBound {
        pieces.append(Piece(range: done..<range.lowerBound, isMatch: isInverted))
      }
      pieces.append(Piece(range: range, isMatch: !isInverted))
      done = range.upperBound
    }
    if done < text.count { pieces.append(Piece(range: done..<text.count, isMatch: isInverted)) }
    switch behavior {
    case .removed: pieces.removeAll(where: \.isMatch)
    case .isolated: break
    case .contiguous: pieces = Self.merged(pieces) { $0 == $1 }
    case .mergedWithPrevious: pieces = Self.merged(pieces) { !$0 && $1 }
    case .mergedWithNext:
      pieces = Self.merged(pieces.reversed()) { !$0 && $1 }.reversed()
    }
    for piece in pieces where !piece.range.isEmpty { body(piece.range) }
  }

  /// Joins each piece to the one before it where `joins` says so of whether that and it are matches;
  /// before the first, none was.
  private static func merged(_ pieces: [Piece], _ joins: (Bool, Bool) -> Bool) -> [Piece] {
    var result: [Piece] = []
    var wasMatch = false
    for piece in pieces {
      if joins(wasMatch, piece.isMatch), let last = result.last {
        let low = min(last.range.lowerBound, piece.range.lowerBound)
        result[result.count - 1].range = low..<max(last.range.upperBound, piece.range.upperBound)
      } else {
        result.append(piece)
      }
      wasMatch = piece.isMatch
    }
    return result
  }

  private func forEachMatch(in text: UTF8Text.Bytes, _ body: (Range<Int>) -> Void) {
    switch pattern {
    case .regex(let regex):
      regex.forEachMatch(in: text, body)
    case .text(let content):
      var position = 0
      while let first = content.first, position < text.count {
        if text[position] == first, text[position...].starts(with: content) {
          body(position..<position + content.count)
          position += content.count
        } else {
          position += 1
        }
      }
    case .punctuation:
      var position = 0
      while position < text.count {
        let (value, length) = UTF8Text.scalar(in: text, at: position)
        if Unicode.Scalar(value).map(UnicodeTables.isPunctuation) ?? false {
          body(position..<position + length)
        }
        position += length
      }
    }
  }
}
