extension ConfigurationFields {
  /// The rotary positions a configuration asks for: plain fields in old files, `rope_parameters` in
  /// those of Transformers 5, where the object wins.
  ///
  /// - Parameters:
  ///   - bases: Plain names of the base of the angles, 10,000 where none is there.
  ///   - parts: Plain names of the rotated share of a head, besides `partial_rotary_factor`.
  ///   - defaultPart: The share where none is there.
  /// - Returns: The base, and the share of each head's columns that turn.
  /// - Throws: ``CheckpointError`` for scaled positions, which are not computed.
  func rotary(
    bases: [String], parts: [String], defaultPart: Double
  ) throws(CheckpointError) -> (base: Double, part: Double) {
    var (base, part) = (10_000.0, defaultPart)
    for name in bases { base = try positive(name, default: base) }
    for name in parts + ["partial_rotary_factor"] { part = try positive(name, default: part) }
    for name in ["rope_scaling", "rope_parameters"] {
      guard let value = object[name] else { continue }
      guard let members = value.object else {
        throw inconsistent("'\(name)' is \(value.summary), not an object")
      }
      let rope = ConfigurationFields(members, file: file)
      let (label, oldLabel) = (try rope.text("rope_type"), try rope.text("type"))
      let type = label ?? oldLabel ?? "default"
      guard type == "default" else {
        throw unsupported(
          name, "of type \"\(type.prefix(60))\"",
          help: "only rotary positions without scaling are computed; choose a model without")
      }
      base = try rope.positive("rope_theta", default: base)
      part = try rope.positive("partial_rotary_factor", default: part)
    }
    return (base, part)
  }
}
