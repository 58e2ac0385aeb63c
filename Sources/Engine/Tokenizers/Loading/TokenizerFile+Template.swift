extension TokenizerFile {
  /// What is put around and between texts, or nil where nothing says so.
  func template(
    _ value: JSONValue?, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> Template? {
    guard let fields = value?.object else { return nil }
    let type = fields["type"]?.string ?? "unknown"
    switch type {
    case "ByteLevel":
      return nil  // it only moves offsets
    case "Sequence":
      var template: Template?
      for part in fields["processors"]?.array ?? [] {
        guard let next = try self.template(part, vocabulary) else { continue }
        guard template == nil else {
          throw unsupported("post_processor", "a second template", known: "sequences with one")
        }
        template = next
      }
      return template
    case "TemplateProcessing":
      return Template(
        single: try pieces("single", fields, vocabulary),
        pair: try pieces("pair", fields, vocabulary))
    case "BertProcessing", "RobertaProcessing":
      guard let begin = fields["cls"]?.array?.first?.string.flatMap({ vocabulary[$0] }),
        let end = fields["sep"]?.array?.first?.string.flatMap({ vocabulary[$0] })
      else { throw corrupt("the \(type) names tokens outside the vocabulary") }
      return type == "BertProcessing"
        ? .bert(begin: begin, end: end) : .roberta(begin: begin, end: end)
    default:
      throw unsupported(
        "post_processor", type,
        known: "BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing")
    }
  }

  private func pieces(
    _ role: String, _ fields: JSONObject, _ vocabulary: Vocabulary
  ) throws(CheckpointError) -> [Template.Piece] {
    // The reference's own template for a pair where the file has none.
    guard let values = fields[role]?.array else {
      guard role == "pair" else { throw corrupt("the template has no '\(role)'") }
      return Template().pair
    }
    var pieces: [Template.Piece] = []
    for value in values {
      if let text = value.object?["Sequence"]?.object {
        let type = try typeID(text)
        pieces.append(text["id"]?.string == "B" ? .second(type: type) : .first(type: type))
        continue
      }
      let token = value.object?["SpecialToken"]?.object ?? JSONObject(members: [])
      let type = try typeID(token)
      let name = token["id"]?.string ?? ""
      let listed = fields["special_tokens"]?.object?[name]?.object?["ids"]?.array ?? []
      let ids = listed.compactMap { $0.integer.flatMap(Int32.init(exactly:)) }
      guard !ids.isEmpty, ids.count == listed.count, ids.allSatisfy({ vocabulary[$0] != nil })
      else {
        throw corrupt("the template's token '\(name.prefix(60))' has no id in the vocabulary")
      }
      pieces += ids.map { .token($0, type: type) }
    }
    try check(pieces, role)
    return pieces
  }

  /// The segment a piece belongs to.
  private func typeID(_ piece: JSONObject) throws(CheckpointError) -> Int32 {
    let type = piece["type_id"]?.integer ?? 0
    guard type == 0 || type == 1 else {
      throw unsupported("template's type_id", String(type), known: "0 and 1")
    }
    return Int32(type)
  }

  /// Checks that a template holds each text once.
  private func check(_ pieces: [Template.Piece], _ role: String) throws(CheckpointError) {
    var (first, second) = (0, 0)
    for piece in pieces {
      switch piece {
      case .first: first += 1
      case .second: second += 1
      case .token: break
      }
    }
    guard first == 1, second == (role == "pair" ? 1 : 0) else {
      throw corrupt("the template '\(role)' does not hold each text once")
    }
  }
}
