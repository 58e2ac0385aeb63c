package import Experiments
package import Formats

/// One method an experiment runs: a preset, and what the source changes about it.
package struct MethodRequest: Hashable, Sendable {
  package let preset: Located<String>
  /// What charts and expressions call it; the preset's name unless given.
  package let name: Located<String>
  /// Every other key, checked by whoever knows the preset.
  package let options: [String: OptionValue]
  let optionPositions: [String: SourcePosition]

  /// Reads a list of presets and of maps such as `{preset: lora, name: lora-r64, rank: 64}`.
  static func read(_ key: String, in fields: inout FieldReader) -> [MethodRequest]? {
    guard let value = fields.value(key) else { return nil }
    let values: [YAMLValue] = if case .list(let list) = value.content { list } else { [value] }
    if values.isEmpty {
      fields.report(
        Diagnostic(.invalidValue, at: value.position, "'\(key)' must not be empty"))
    }
    var requests: [MethodRequest] = []
    for value in values {
      guard let request = MethodRequest(value, key: key, in: &fields) else { continue }
      if let same = requests.first(where: { $0.name.value == request.name.value }) {
        fields.report(
          Diagnostic(
            .invalidValue, at: request.name.position,
            "two methods are named '\(request.name.value)'; the first is on line "
              + "\(same.name.position.line)",
            help: "give one of them another 'name'"))
      } else {
        requests.append(request)
      }
    }
    return requests
  }

  private init?(_ value: YAMLValue, key: String, in fields: inout FieldReader) {
    switch value.content {
    case .text:
      self.init(
        preset: Located(value.source.text, at: value.position), name: nil, options: [],
        in: &fields)
    case .map:
      var inner = FieldReader(value, owner: "method", position: value.position)
      let preset = inner.string("preset")
      inner.requirePresence(of: "preset", like: "lora")
      let name = inner.string("name")
      let options = inner.all().filter { $0.key != "preset" && $0.key != "name" }
      fields.report(inner.finish())
      guard let preset else { return nil }
      self.init(preset: preset, name: name, options: options, in: &fields)
    default:
      fields.reportInvalid(
        key, value, wants: "names of presets, or maps with a 'preset'",
        help: "write [vanilla, {preset: lora, name: lora-r64, rank: 64}]")
      return nil
    }
  }

  private init?(
    preset: Located<String>, name: Located<String>?, options: [YAMLField],
    in fields: inout FieldReader
  ) {
    self.preset = preset
    self.name = name ?? preset
    guard Name.isValid(self.name.value) else {
      fields.report(
        Diagnostic(
          .invalidValue, at: self.name.position,
          "'\(self.name.value)' cannot be a method's name", help: Name.rule))
      return nil
    }
    var values: [String: OptionValue] = [:]
    var positions: [String: SourcePosition] = [:]
    for option in Self.withAxes(options, in: &fields) {
      positions[option.key] = positions[option.key] ?? option.position
      if let value = option.value.optionValue {
        values[option.key] = value
      } else {
        fields.reportInvalid(option.key, option.value, wants: "a scalar or a list of scalars")
      }
    }
    self.options = values
    optionPositions = positions
  }

  /// The options with the axes of `grid: {rank: [2, 8]}` as `grid.rank`, as the catalog expects.
  private static func withAxes(
    _ options: [YAMLField], in fields: inout FieldReader
  ) -> [YAMLField] {
    options.flatMap { option -> [YAMLField] in
      guard option.key == MethodGrid.key else { return [option] }
      guard case .map(let axes) = option.value.content, !axes.isEmpty else {
        fields.reportInvalid(
          option.key, option.value, wants: "options with lists of values",
          help: "write 'grid: {learning-rate: [1.0e-4, 1.0e-3], rank: [4, 16]}'")
        return []
      }
      return axes.map { axis in
        YAMLField(
          key: MethodGrid.prefix + axis.key, position: axis.position, value: axis.value)
      }
    }
  }
}
