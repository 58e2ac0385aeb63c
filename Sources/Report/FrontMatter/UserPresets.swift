import Experiments
import Formats

/// Methods with settings that the front matter gives a name, for every experiment of the report.
struct UserPresets: Hashable, Sendable {
  /// By name: a preset and its options.
  private let presets: [String: [YAMLField]]

  private static let key = "presets"
  private static let baseKey = "preset"
  private static let nameKey = "name"
  /// Where experiments list methods.
  private static let listKey = "methods"

  /// Reads `presets: {small: {preset: lora, rank: 2}}`.
  init(_ fields: inout FieldReader) {
    var presets: [String: [YAMLField]] = [:]
    if fields.value(Self.key) != nil, var inner = fields.map(Self.key) {
      let taken = Set(MethodCatalog.builtin.presets.map(\.name))
      for field in inner.all() {
        guard case .map(let options) = field.value.content,
          options.contains(where: { $0.key == Self.baseKey })
        else {
          fields.reportInvalid(
            field.key, field.value, wants: "a map with a 'preset' and options",
            help: "write \(field.key): {preset: lora, rank: 2}")
          continue
        }
        guard Name.isValid(field.key) else {
          fields.report(
            Diagnostic(
              .invalidValue, at: field.position, "'\(field.key)' cannot be a method's name",
              help: Name.rule))
          continue
        }
        guard !taken.contains(field.key) else {
          fields.report(
            Diagnostic(
              .invalidValue, at: field.position,
              "'\(field.key)' is a preset of the program, which keeps its meaning",
              help: "give yours another name"))
          continue
        }
        presets[field.key] = options
      }
    }
    self.presets = presets
  }

  /// An experiment's YAML with the settings in place of the names.
  func applied(to block: YAMLValue) -> YAMLValue {
    guard !presets.isEmpty, case .map(let fields) = block.content else { return block }
    var result = block
    result.content = .map(
      fields.map { field in
        guard field.key == Self.listKey else { return field }
        var field = field
        if case .list(let items) = field.value.content {
          field.value.content = .list(items.map(method))
        } else {
          field.value = method(field.value)
        }
        return field
      })
    return result
  }

  /// One method of a list: its own options go over those of the front matter.
  private func method(_ value: YAMLValue) -> YAMLValue {
    var own: [YAMLField] = []
    let base: YAMLValue
    switch value.content {
    case .text: base = value
    case .map(let fields):
      guard let field = fields.first(where: { $0.key == Self.baseKey }) else { return value }
      own = fields.filter { $0.key != Self.baseKey }
      base = field.value
    default: return value
    }
    guard let preset = presets[base.source.text] else { return value }
    if !own.contains(where: { $0.key == Self.nameKey }) {
      own.append(YAMLField(key: Self.nameKey, position: base.position, value: base))
    }
    let keys = Set(own.map(\.key))
    var result = value
    result.content = .map(own + preset.filter { !keys.contains($0.key) })
    return result
  }
}
