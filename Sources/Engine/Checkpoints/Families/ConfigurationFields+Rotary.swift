import Foundation

extension ConfigurationFields {
  /// The rotary positions of a configuration.
  struct Rotary {
    let positions: RotaryPositions
    /// The share of each head's columns that turn.
    let part: Double
    /// The longest text that turns by these angles.
    let context: Int
  }

  /// Reads rotary positions: plain fields and `rope_scaling`, or `rope_parameters` of Transformers 5.
  ///
  /// As there, `rope_scaling` replaces `rope_parameters`, and a member of either a plain field.
  ///
  /// - Parameters:
  ///   - headWidth: Columns of a head.
  ///   - context: The longest text of the model.
  ///   - bases: Plain names of the base of the angles.
  ///   - base: The base where none is there.
  ///   - parts: Plain names of the rotated share of a head, besides `partial_rotary_factor`.
  ///   - part: The share where none is there.
  ///   - originalContext: The context before it was extended, where no plain field says it; nil for
  ///     what the object says.
  ///   - readingAs: Types that the model's class takes for another.
  /// - Returns: The positions, and how far they reach.
  /// - Throws: ``CheckpointError`` for positions that are not computed.
  func rotary(
    headWidth: Int, context: Int, bases: [String] = ["rope_theta"], base: Double = 10_000,
    parts: [String] = [], part: Double = 1, originalContext: Int? = nil,
    readingAs: [String: String] = [:]
  ) throws(CheckpointError) -> Rotary {
    var (base, part) = (base, part)
    for name in bases { base = try positive(name, default: base) }
    for name in parts + ["partial_rotary_factor"] { part = try positive(name, default: part) }
    for name in ["rope_scaling", "rope_parameters"] {
      guard let rope = try rope(name) else { continue }
      if let nested = rope.object.members.first(where: { $0.value.object != nil }) {
        throw unsupported(
          name, "a map by kind of layer, such as \"\(nested.key.prefix(60))\"",
          help:
            "this type of model turns alike in all layers; compare the file with the published one")
      }
      return try rotary(
        name, rope, headWidth: headWidth, context: context, base: base, part: part,
        originalContext: originalContext, readingAs: readingAs)
    }
    return Rotary(
      positions: RotaryPositions(base: base, width: Int(Double(headWidth) * part)), part: part,
      context: context)
  }

  /// Reads rotary positions of a model whose full and windowed layers turn differently.
  ///
  /// `rope_parameters` is then a map with an object for each kind; older files have plain fields.
  ///
  /// - Parameters:
  ///   - headWidth: Columns of a head.
  ///   - context: The longest text of the model.
  ///   - full: The plain name of the base in layers that see everything, and its default.
  ///   - windowed: The same of layers with a window.
  ///   - scalesWindowed: Whether `rope_scaling` is of all layers, or of those that see everything.
  /// - Returns: The positions of either kind.
  /// - Throws: ``CheckpointError`` for positions that are not computed.
  func rotaryByKind(
    headWidth: Int, context: Int, full: (name: String, base: Double),
    windowed: (name: String, base: Double), scalesWindowed: Bool
  ) throws(CheckpointError) -> (full: RotaryPositions, windowed: RotaryPositions) {
    let (scaling, parameters) = (try rope("rope_scaling"), try rope("rope_parameters"))
    for member in parameters?.object.members ?? [] {
      guard ["full_attention", "sliding_attention"].contains(member.key),
        member.value.object != nil || member.value.isNull
      else {
        throw unsupported(
          "rope_parameters", "an object with \"\(member.key.prefix(60))\"",
          help: "this type of model has one object for full_attention, one for sliding_attention")
      }
    }
    func positions(
      _ kind: String, _ plain: (name: String, base: Double), isScaled: Bool
    ) throws(CheckpointError) -> RotaryPositions {
      var members = parameters?.object[kind]?.object ?? JSONObject([:])
      if isScaled {
        for member in scaling?.object.members ?? [] {
          members = members.replacing(member.key, with: member.value)
        }
      }
      let found = try rotary(
        "rope_parameters", ConfigurationFields(members, file: file), headWidth: headWidth,
        context: context, base: try positive(plain.name, default: plain.base), part: 1)
      guard found.part == 1 else {
        throw unsupported("partial_rotary_factor", "\(found.part)")
      }
      guard found.context == context else { throw unsupported("rope_type", "\"longrope\"") }
      return found.positions
    }
    return (
      try positions("full_attention", full, isScaled: true),
      try positions("sliding_attention", windowed, isScaled: scalesWindowed)
    )
  }

  /// The members of `rope_scaling` or `rope_parameters`; nil where there are none.
  func rope(_ name: String) throws(CheckpointError) -> ConfigurationFields? {
    guard let value = object[name] else { return nil }
    guard let members = value.object else {
      throw inconsistent("'\(name)' is \(value.summary), not an object")
    }
    return members.members.isEmpty ? nil : ConfigurationFields(members, file: file)
  }

  /// Reads the members of an object of rotary parameters.
  func rotary(
    _ name: String, _ rope: ConfigurationFields, headWidth: Int, context: Int, base: Double,
    part: Double, originalContext: Int? = nil, readingAs: [String: String] = [:]
  ) throws(CheckpointError) -> Rotary {
    let (label, oldLabel) = (try rope.text("rope_type"), try rope.text("type"))
    let written = label ?? oldLabel ?? "default"
    let type = readingAs[written] ?? written
    let base = try rope.positive("rope_theta", default: base)
    let part = try rope.positive("partial_rotary_factor", default: part)
    let width = Int(Double(headWidth) * part)
    func number(_ key: String) throws(CheckpointError) -> Double {
      guard let value = try rope.optionalPositive(key) else {
        throw inconsistent("'\(name)' of type \"\(written.prefix(60))\" has no '\(key)'")
      }
      return value
    }
    let limit = ConfigurationLimit.positions
    let original = try rope.size(
      "original_max_position_embeddings", default: context, limit: limit)
    let trained = try size(
      "original_max_position_embeddings", default: originalContext ?? original, limit: limit)
    var reach = context
    let scaling: RotaryPositions.Scaling
    switch type {
    case "default": scaling = .none
    case "linear":
      let factor = try number("factor")
      scaling = factor == 1 ? .none : .linear(factor: factor)
    case "dynamic":
      // Angles change for texts beyond the context only, and none is longer here.
      _ = try number("factor")
      scaling = .none
    case "llama3":
      scaling = .llama3(
        factor: try number("factor"), low: try number("low_freq_factor"),
        high: try number("high_freq_factor"), context: Double(trained))
    case "yarn": scaling = .yarn(try yarn(rope, context: context, trained: trained))
    case "longrope":
      // Longer texts turn by other angles, all of their tokens: the context ends before them.
      reach = min(context, trained)
      scaling = .longrope(
        divisors: try divisors(rope, "short_factor", name, count: width / 2),
        attention: try longRopeAttention(rope, context: context, trained: trained))
      _ = try divisors(rope, "long_factor", name, count: width / 2)
    default:
      throw unsupported(
        name, "of type \"\(written.prefix(60))\"",
        help: "known: default, linear, dynamic, llama3, yarn and longrope")
    }
    return Rotary(
      positions: RotaryPositions(base: base, width: width, scaling: scaling), part: part,
      context: reach)
  }

  private func yarn(
    _ rope: ConfigurationFields, context: Int, trained: Int
  ) throws(CheckpointError) -> RotaryPositions.Yarn {
    let factor = try rope.positive("factor", default: Double(context) / Double(trained))
    func magnitude(_ share: Double) -> Double {
      factor <= 1 ? 1 : 0.1 * share * Double.log(factor) + 1
    }
    var attention = magnitude(1)
    if let share = try rope.optionalPositive("mscale"),
      let all = try rope.optionalPositive("mscale_all_dim")
    {
      attention = magnitude(share) / magnitude(all)
    }
    return RotaryPositions.Yarn(
      factor: factor, attention: try rope.positive("attention_factor", default: attention),
      fast: try rope.positive("beta_fast", default: 32),
      slow: try rope.positive("beta_slow", default: 1), context: Double(trained),
      isTruncated: try rope.flag("truncate", default: true))
  }

  private func longRopeAttention(
    _ rope: ConfigurationFields, context: Int, trained: Int
  ) throws(CheckpointError) -> Double {
    let factor = try rope.positive("factor", default: Double(context) / Double(trained))
    let usual =
      factor <= 1 ? 1 : (1 + Double.log(factor) / Double.log(Double(trained))).squareRoot()
    return try rope.positive("attention_factor", default: usual)
  }

  private func divisors(
    _ rope: ConfigurationFields, _ key: String, _ name: String, count: Int
  ) throws(CheckpointError) -> [Double] {
    let numbers = rope.object[key]?.array?.compactMap(\.number).filter { $0 > 0 } ?? []
    guard numbers.count == count, rope.object[key]?.array?.count == count else {
      throw inconsistent("'\(key)' in '\(name)' is not a list of \(count) numbers above 0")
    }
    return numbers
  }
}
