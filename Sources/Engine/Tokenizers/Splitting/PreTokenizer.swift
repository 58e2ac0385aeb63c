/// One step that cuts a text into the words that are encoded on their own.
enum PreTokenizer: Hashable, Sendable {
  case pattern(WordPattern)
  case split(TextSplit)
  case characters(CharacterSplit)
  /// Spells bytes in ``ByteAlphabet``, for steps that come after it.
  case byteAlphabet
  /// Puts a space before a text that does not begin with one.
  case leadingSpace
  /// Writes spaces as a marker and cuts before each, as SentencePiece does.
  case metaspace(marker: [UInt8], prefix: MetaspacePrefix, splits: Bool)
  /// Cuts before each marker that follows another character.
  ///
  /// Not a step of the file format: where no merge joins across such a place, this changes no result
  /// and lets words be cached.
  case beforeMarkers([UInt8])

  /// Where SentencePiece's marker is put before a text that does not begin with it.
  enum MetaspacePrefix: String, Hashable, Sendable {
    case always
    case never
    /// Only at the very beginning, not after an added token.
    case first
  }

  /// Whether the step rewrites but does not cut.
  var keepsTextWhole: Bool {
    switch self {
    case .leadingSpace, .byteAlphabet, .metaspace(_, _, splits: false): true
    default: false
    }
  }

  /// Applies steps in order and hands over the words.
  ///
  /// - Parameters:
  ///   - steps: The steps.
  ///   - text: The text.
  ///   - isFirst: Whether the text begins the text that was given to the tokenizer.
  ///   - body: Receives each word, which is not empty.
  static func apply(
    _ steps: ArraySlice<PreTokenizer>, to text: UTF8Text.Bytes, isFirst: Bool,
    _ body: (UTF8Text.Bytes) -> Void
  ) {
    guard !text.isEmpty else { return }
    guard let step = steps.first else { return body(text) }
    step.apply(to: text, isFirst: isFirst) { piece, isFirst in
      apply(steps.dropFirst(), to: piece, isFirst: isFirst, body)
    }
  }

  private func apply(
    to text: UTF8Text.Bytes, isFirst: Bool, _ body: (UTF8Text.Bytes, _ isFirst: Bool) -> Void
  ) {
    func cut(_ text: UTF8Text.Bytes, _ end: (Int) -> Int) {
      var start = 0
      while start < text.count {
        let next = end(start)
        body(UTF8Text.Bytes(rebasing: text[start..<next]), isFirst && start == 0)
        start = next
      }
    }
    switch self {
    case .pattern(let pattern):
      cut(text) { pattern.end(in: text, from: $0) }
    case .split(let split):
      split.forEachPiece(of: text) {
        body(UTF8Text.Bytes(rebasing: text[$0]), isFirst && $0.lowerBound == 0)
      }
    case .byteAlphabet:
      ByteAlphabet.spelling(of: text).withUnsafeBufferPointer { body($0, isFirst) }
    case .characters(let split):
      split.forEachWord(in: text) {
        body(UTF8Text.Bytes(rebasing: text[$0]), isFirst && $0.lowerBound == 0)
      }
    case .leadingSpace:
      guard text.first != 0x20 else { return body(text, isFirst) }
      ([0x20] + text).withUnsafeBufferPointer { body($0, isFirst) }
    case .metaspace(let marker, let prefix, let splits):
      var marked = ByteReplacement.replacing([0x20], with: marker, in: text) ?? Array(text)
      if prefix == .always || (prefix == .first && isFirst), !marked.starts(with: marker) {
        marked = marker + marked
      }
      marked.withUnsafeBufferPointer { marked in
        guard splits else { return body(marked, isFirst) }
        cut(marked) { Self.markerEnd(marked, from: $0, marker, splitsRuns: true) }
      }
    case .beforeMarkers(let marker):
      cut(text) { Self.markerEnd(text, from: $0, marker, splitsRuns: false) }
    }
  }

  /// Where the next marker begins after `start`; in a run of them, the run's end counts unless split.
  private static func markerEnd(
    _ text: UTF8Text.Bytes, from start: Int, _ marker: [UInt8], splitsRuns: Bool
  ) -> Int {
    func isMarker(_ position: Int) -> Bool {
      text[position] == marker.first && text[position...].starts(with: marker)
    }
    var end = start
    if isMarker(start) {
      end += marker.count
      if !splitsRuns { while end < text.count, isMarker(end) { end += marker.count } }
    } else {
      end += 1
    }
    while end < text.count, !isMarker(end) { end += 1 }
    return end
  }
}

/// Cuts a text wherever characters of another kind begin.
enum CharacterSplit: Hashable, Sendable {
  /// White space is dropped, and each punctuation mark is a word, as in BERT.
  case bert
  /// Each punctuation mark is a word.
  case punctuation
  /// White space is dropped.
  case whitespace
  /// `\w+|[^\w\s]+`: as before, and words are cut from other characters.
  case words
  /// Numbers are cut out, each digit or each run of them.
  case digits(individually: Bool)

  /// What happens to a character.
  private enum Kind {
    case dropped
    case alone
    case run
    case otherRun
  }

  /// Hands over the words, which are not empty, and where each begins.
  @inline(__always)
  func forEachWord(in text: UTF8Text.Bytes, _ body: (Range<Int>) -> Void) {
    var start = 0
    var position = 0
    var current = Kind.dropped
    while position < text.count {
      let (value, length) = UTF8Text.scalar(in: text, at: position)
      let kind = kind(of: value)
      if kind != current || kind == .alone {
        if current != .dropped { body(start..<position) }
        start = position
        current = kind
      }
      position += length
    }
    if current != .dropped { body(start..<position) }
  }

  @inline(__always)
  private func kind(of value: UInt32) -> Kind {
    switch self {
    case .bert:
      if value < 0x80 { return Self.bertKinds[Int(value)] }
      return Self.bertKind(of: value)
    case .punctuation:
      return Self.isPunctuation(value) ? .alone : .run
    case .whitespace:
      return Self.isSpace(value) ? .dropped : .run
    case .words:
      return UTF8Text.isWord(value) ? .run : Self.isSpace(value) ? .dropped : .otherRun
    case .digits(let individually):
      return UTF8Text.isNumber(value) ? individually ? .alone : .otherRun : .run
    }
  }

  private static let bertKinds: [Kind] = (0..<0x80).map(bertKind)

  private static func bertKind(of value: UInt32) -> Kind {
    isSpace(value) ? .dropped : isPunctuation(value) ? .alone : .run
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    UTF8Text.characterClass(value).isSpace
  }

  private static func isPunctuation(_ value: UInt32) -> Bool {
    Unicode.Scalar(value).map(UnicodeTables.isPunctuation) ?? false
  }
}
