/// SentencePiece's own way from a text to what its model cuts, with the switches of its
/// `NormalizerSpec`.
///
/// At each place the longest entry of the table wins, whatever the graphemes, unlike in Hugging Face's
/// ``CharacterMap/apply(to:)``. After `normalizer.cc` of SentencePiece 0.2.
struct SentencePieceNormalizer: Hashable, Sendable {
  var map: CharacterMap?
  var addsLeadingSpace = true
  var collapsesSpaces = true
  /// What a space is written as.
  var space = Array("\u{2581}".utf8)

  func apply(to text: UTF8Text.Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count * 2)
    var position = 0
    var isAfterSpace = collapsesSpaces
    var hasBegun = false
    while position < text.count {
      let length: Int
      var piece: ArraySlice<UInt8>
      if let entry = map?.longestEntry(in: text, at: position) {
        (length, piece) = entry
      } else {
        length = UTF8Text.scalar(in: text, at: position).length
        piece = Array(text[position..<position + length])[...]
      }
      position += length
      if !hasBegun {
        if collapsesSpaces, piece.elementsEqual([0x20]) { continue }
        hasBegun = true
        if addsLeadingSpace { result += space }
      }
      if isAfterSpace { piece = piece.drop { $0 == 0x20 } }
      if let last = piece.last {
        for byte in piece { if byte == 0x20 { result += space } else { result.append(byte) } }
        isAfterSpace = last == 0x20
      }
      if !collapsesSpaces { isAfterSpace = false }
    }
    while collapsesSpaces, !result.isEmpty, result.suffix(space.count).elementsEqual(space) {
      result.removeLast(space.count)
    }
    return result
  }
}
