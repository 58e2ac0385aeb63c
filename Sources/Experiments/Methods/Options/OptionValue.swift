import Formats

/// A scalar or list given to a task or method in a source.
package enum OptionValue: Hashable, Sendable {
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([OptionValue])
}

extension OptionValue {
  /// The value of a word on a command line.
  init(parsing text: String) {
    if text.contains(bytes: ",") {
      self = .list(text.split(atByte: ",").map { OptionValue(parsing: String($0)) })
    } else if let number = Int(text) {
      self = .integer(number)
    } else if let number = Double(text) {
      self = .number(number)
    } else {
      self = text == "true" || text == "false" ? .flag(text == "true") : .text(text)
    }
  }
}

extension OptionValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try container.decode([OptionValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}

extension OptionValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    }
  }
}

/// A Swift type that the value of an option may have.
package protocol OptionConvertible: Hashable, Sendable {
  /// Reads a value; nil for one of another kind.
  init?(optionValue: OptionValue)
  /// The value as a source or recipe writes it.
  var optionValue: OptionValue { get }
}

/// One of a few words.
package protocol OptionChoice: OptionConvertible, CaseIterable, RawRepresentable
where RawValue == String {}

extension OptionChoice {
  package init?(optionValue: OptionValue) {
    guard case .text(let word) = optionValue else { return nil }
    self.init(rawValue: word)
  }

  package var optionValue: OptionValue { .text(rawValue) }
}

/// An integer, or a word in its place.
enum NumberOrWord: OptionConvertible {
  case number(Int)
  case word(String)

  init?(optionValue: OptionValue) {
    switch optionValue {
    case .integer(let number): self = .number(number)
    case .text(let word): self = .word(word)
    case .flag, .number, .list: return nil
    }
  }

  var optionValue: OptionValue {
    switch self {
    case .number(let number): .integer(number)
    case .word(let word): .text(word)
    }
  }
}

extension Int: OptionConvertible {
  package init?(optionValue: OptionValue) {
    guard case .integer(let value) = optionValue else { return nil }
    self = value
  }

  package var optionValue: OptionValue { .integer(self) }
}

extension Double: OptionConvertible {
  // A recipe's JSON writes 8.0 as 8, which comes back as an integer.
  package init?(optionValue: OptionValue) {
    switch optionValue {
    case .number(let value): self = value
    case .integer(let value): self = Double(value)
    case .flag, .text, .list: return nil
    }
  }

  package var optionValue: OptionValue { .number(self) }
}

extension Bool: OptionConvertible {
  package init?(optionValue: OptionValue) {
    guard case .flag(let value) = optionValue else { return nil }
    self = value
  }

  package var optionValue: OptionValue { .flag(self) }
}

extension String: OptionConvertible {
  package init?(optionValue: OptionValue) {
    guard case .text(let value) = optionValue else { return nil }
    self = value
  }

  package var optionValue: OptionValue { .text(self) }
}

extension Array: OptionConvertible where Element: OptionChoice {
  package init?(optionValue: OptionValue) {
    guard case .list(let items) = optionValue else { return nil }
    self = items.compactMap(Element.init(optionValue:))
    guard count == items.count else { return nil }
  }

  package var optionValue: OptionValue { .list(map(\.optionValue)) }
}
