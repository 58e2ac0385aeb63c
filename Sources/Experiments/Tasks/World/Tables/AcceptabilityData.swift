/// A labelled example that was made, with the kind it is of.
struct GeneratedRow: Hashable, Sendable {
  let fields: [[String]]
  let label: Int
  /// The phenomenon or the heuristic.
  let group: String
  /// The way in which it shows there.
  let variant: String

  /// The fields as texts.
  var texts: [String] { fields.map { $0.joined(separator: " ") } }
}

/// Tables of rows without a text that occurs twice.
struct TableMaker {
  /// Texts that are taken: in rows, or the other half of a pair of which a row has one.
  private var taken: Set<[String]> = []

  /// Draws rows until there are `count`, leaving out those whose texts are taken.
  ///
  /// - Parameters:
  ///   - count: How many rows.
  ///   - name: Names the random stream, so that tables do not disturb one another.
  ///   - draw: The row for a place in the table, and texts that must not become rows of any table.
  /// - Returns: The rows in a random order.
  mutating func rows(
    _ count: Int, _ name: String,
    draw: (_ index: Int, _ composer: inout Composer) -> (row: GeneratedRow, apart: [[String]])
  ) -> [GeneratedRow] {
    var composer = Composer(seed: 1, purpose: "world table, \(name)")
    var rows: [GeneratedRow] = []
    var failures = 0
    while rows.count < count {
      let (row, apart) = draw(rows.count, &composer)
      let texts = row.texts
      guard !taken.contains(texts), !apart.contains(where: taken.contains) else {
        failures += 1
        precondition(failures < 100_000, "the world has too few rows for \(name)")
        continue
      }
      taken.insert(texts)
      taken.formUnion(apart)
      rows.append(row)
    }
    return composer.permuted(rows)
  }
}

/// Sentences that are good or bad, of phenomena that training shows and of others.
enum AcceptabilityData {
  /// Variants of a phenomenon that one subset holds.
  struct Group: Sendable {
    /// The subset's name.
    let name: String
    let variants: [PhenomenonVariant]

    init(_ phenomenon: any Phenomenon.Type) {
      name = phenomenon.name
      variants = phenomenon.variants
    }

    init(_ name: String, _ phenomenon: any Phenomenon.Type, _ names: [String]) {
      self.name = name
      variants = names.map { PhenomenonRegistry.standard.variant(phenomenon.name, $0) }
    }
  }

  /// What training shows.
  ///
  /// In their bad halves words are missing, left over or beside words that do not take them. The
  /// variants balance one another, so that no word gives the class away.
  static let inDomain = [
    Group("argument-structure", ArgumentStructure.self, ["transitive", "intransitive", "animacy"]),
    Group(FillerGap.self),
    Group("islands", Islands.self, ["left-branch", "subject", "coordination"]),
  ]

  /// What training never shows: the same phenomena in other constructions, and other phenomena.
  static let outOfDomain = [
    Group("other-arguments", ArgumentStructure.self, ["passive", "dative"]),
    Group("other-islands", Islands.self, ["adjunct", "question"]),
    Group(ControlRaising.self), Group(IrregularForms.self), Group(Ellipsis.self),
    Group(Binding.self), Group(DeterminerNoun.self),
    Group("agreement", Agreement.self, ["verb", "auxiliary", "copula", "coordination"]),
    Group("attractors", Agreement.self, ["phrase-attractor", "relative-attractor"]),
    Group(AnaphorAgreement.self), Group(NegativePolarity.self),
    // Without the superlatives, whose words would be in good or in bad sentences only.
    Group(
      "quantifiers", Quantifiers.self, ["existential", "existential-singular", "mass", "count"]),
  ]

  /// Rows by role; made once a process.
  static let rows: [String: [GeneratedRow]] = {
    var maker = TableMaker()
    return [
      ("ood", outOfDomain, 50), ("in-domain", inDomain, 188),
      ("train", inDomain, 1600),
    ].reduce(into: [:]) { tables, entry in
      let (role, groups, count) = entry
      tables[role] = table(groups, count: count, role, &maker)
    }
  }()

  /// As many good as bad sentences of each variant, each from a pair of its own: the other half of a
  /// pair is in no table.
  private static func table(
    _ groups: [Group], count: Int, _ role: String, _ maker: inout TableMaker
  ) -> [GeneratedRow] {
    maker.rows(groups.count * count, "acceptability \(role)") { index, composer in
      let group = groups[index / count]
      let variant = group.variants[index % count / 2 % group.variants.count]
      let pair = variant.pair(&composer)
      let isGood = index.isMultiple(of: 2)
      let row = GeneratedRow(
        fields: [isGood ? pair.good : pair.bad], label: isGood ? 1 : 0, group: group.name,
        variant: variant.name)
      return (row, [[(isGood ? pair.bad : pair.good).joined(separator: " ")]])
    }
  }
}
