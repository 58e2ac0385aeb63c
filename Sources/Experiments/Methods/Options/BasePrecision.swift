package import Engine

/// How the frozen matrices of a model are stored while additions to them train.
///
/// `int8` keeps a byte a weight and a scale a row (Dettmers et al. 2022, arXiv:2208.07339, section 2,
/// without its outliers); `nf4` half a byte and a scale for 64 weights, `nf4-double` with scales in
/// 8 bits (Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3).
package enum BasePrecision: String, CaseIterable, Hashable, Sendable {
  case float32
  case int8
  case nf4
  case nf4Double = "nf4-double"

  static let optionName = "base"

  static let specification = OptionSpecification(
    optionName, .choice(allCases.map(\.rawValue)), default: .text(float32.rawValue),
    "how frozen matrices are stored")

  /// What the options of a method say; floats where it has none to freeze.
  package init(_ options: ResolvedOptions) {
    self = options.optionalChoice(Self.optionName) ?? .float32
  }

  /// The engine's format; nil for floats.
  package var format: QuantizedFormat? {
    switch self {
    case .float32: nil
    case .int8: .int8
    case .nf4: .nf4(doubleQuantization: false)
    case .nf4Double: .nf4(doubleQuantization: true)
    }
  }
}
