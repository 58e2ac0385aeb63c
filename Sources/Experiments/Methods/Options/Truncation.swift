import Engine

/// What is left out of a text that has more tokens than the model reads.
package enum Truncation: String, OptionChoice {
  /// Of an encoder's text the end, as Transformers' tokenizers cut; of a decoder's the beginning, since an
  /// answer follows the end.
  case model
  /// The beginning.
  case left
  /// The end.
  case right
  /// What lies between the beginning and the end.
  case middle

  /// In no key while it is not set.
  package static let option = MethodOption<Truncation>(
    "truncate", default: .model, "what is cut off a text that is longer than the model reads"
  ).unlessDefault

  /// What a method's options say.
  package init(_ options: ResolvedOptions) {
    self = options.value(of: Self.option) ?? .model
  }

  /// Where texts of a model are cut; nil for the usual place.
  var side: TruncationSide? {
    switch self {
    case .model: nil
    case .left: .left
    case .right: .right
    case .middle: .middle
    }
  }

  /// "their ends are", for a sentence about several texts.
  package func words(isEncoder: Bool) -> String {
    switch side ?? (isEncoder ? .right : .left) {
    case .left: "their beginnings are"
    case .right: "their ends are"
    case .middle: "their middles are"
    }
  }
}
