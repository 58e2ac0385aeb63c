/// Pairs of sentences: one follows from the other, or is ruled out by it.
enum InferenceData {
  /// Rows by role; made once a process.
  static let rows: [String: [GeneratedRow]] = {
    var maker = TableMaker()
    let likenesses = InferenceFamily.likenesses.flatMap { share, family in
      Array(repeating: family, count: share)
    }
    return [
      ("ood", InferenceFamily.heuristics, 540), ("in-domain", likenesses, 572),
      ("train", likenesses, 4840),
    ].reduce(into: [:]) { tables, entry in
      let (role, families, count) = entry
      tables[role] = table(families, count: count, role, &maker)
    }
  }()

  /// The pairs of all tables, which no retelling says.
  static let pairs = Set(rows.values.flatMap(\.self).map(\.fields))

  /// Both classes of each family in turn.
  private static func table(
    _ families: [InferenceFamily], count: Int, _ role: String, _ maker: inout TableMaker
  ) -> [GeneratedRow] {
    maker.rows(count, "inference \(role)") { index, composer in
      let family = families[index / 2 % families.count]
      let inference = family.inference(index.isMultiple(of: 2), &composer)
      let row = GeneratedRow(
        fields: [inference.premise, inference.hypothesis], label: inference.isEntailed ? 0 : 1,
        group: family.name, variant: inference.isEntailed ? "entailment" : "contradiction")
      return (row, [])
    }
  }
}
