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
