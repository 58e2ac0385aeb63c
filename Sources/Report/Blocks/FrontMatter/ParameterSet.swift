package import Experiments
import Formats

/// The parameters of one build: declared values, with a profile's and the command line's over them.
package struct ParameterSet: Hashable, Sendable {
  package let values: [String: OptionValue]

  package init(_ values: [String: OptionValue] = [:]) { self.values = values }

  /// Names in alphabetical order.
  package var names: [String] { values.keys.sorted() }

  package subscript(name: String) -> OptionValue? { values[name] }
}

extension YAMLValue {
  /// A scalar or list as an option; nil for maps, lists that hold them, and nothing.
  var optionValue: OptionValue? {
    switch content {
    case .null, .map: return nil
    case .flag(let value): return .flag(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .text: return .text(source.text)
    case .list(let values):
      let options = values.compactMap(\.optionValue)
      return options.count == values.count ? .list(options) : nil
    }
  }

  /// An option put in the place of a node.
  init(_ option: OptionValue, at position: SourcePosition) {
    var source = SourceText(option.description, at: position)
    let content: Content
    switch option {
    case .flag(let value): content = .flag(value)
    case .integer(let value): content = .integer(value)
    case .number(let value): content = .number(value)
    case .text: content = .text
    case .list(let values):
      content = .list(values.map { YAMLValue($0, at: position) })
      source = SourceText("", at: position)
    }
    self.init(content: content, position: position, source: source)
  }
}
