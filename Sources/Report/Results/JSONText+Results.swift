import Experiments
import Formats

extension JSONText {
  init(_ interval: ConfidenceInterval) {
    self = .map([
      "lower": JSONText(interval.lower), "upper": JSONText(interval.upper),
      "confidence": JSONText(interval.confidence), "method": .text(interval.method.rawValue),
    ])
  }

  /// An option of a method or a parameter of a report.
  init(_ option: OptionValue?) {
    switch option {
    case nil: self = .null
    case .flag(let value): self = .flag(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = JSONText(value)
    case .text(let value): self = .text(value)
    case .list(let values): self = .list(values.map { JSONText($0) })
    }
  }
}
