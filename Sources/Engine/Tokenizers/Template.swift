/// What is put around and between the texts of a sequence.
struct Template: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    /// The first or only text.
    case first(type: Int32)
    case second(type: Int32)
    case token(Int32, type: Int32)
  }

  /// Pieces of a sequence of one text.
  var single: [Piece] = [.first(type: 0)]
  /// Pieces of a sequence of two.
  var pair: [Piece] = [.first(type: 0), .second(type: 1)]

  /// BERT's `[CLS] a [SEP] b [SEP]`.
  static func bert(begin: Int32, end: Int32) -> Template {
    let single: [Piece] = [.token(begin, type: 0), .first(type: 0), .token(end, type: 0)]
    return Template(single: single, pair: single + [.second(type: 1), .token(end, type: 1)])
  }

  /// RoBERTa's `<s> a </s> </s> b </s>`, all of one type.
  static func roberta(begin: Int32, end: Int32) -> Template {
    let single: [Piece] = [.token(begin, type: 0), .first(type: 0), .token(end, type: 0)]
    return Template(
      single: single,
      pair: single + [.token(end, type: 0), .second(type: 0), .token(end, type: 0)])
  }

  /// Tokens before and after each text, as the decoders have them.
  static func around(begin: Int32?, end: Int32?) -> Template {
    func pieces(_ text: Piece, type: Int32) -> [Piece] {
      (begin.map { [.token($0, type: type)] } ?? []) + [text]
        + (end.map { [.token($0, type: type)] } ?? [])
    }
    let single = pieces(.first(type: 0), type: 0)
    return Template(single: single, pair: single + pieces(.second(type: 1), type: 1))
  }
}
