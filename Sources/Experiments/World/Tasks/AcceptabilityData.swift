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
  static let inDomain = [
    Group("agreement", Agreement.self, ["verb", "auxiliary", "copula", "coordination"]),
    Group(DeterminerNoun.self), Group(ArgumentStructure.self),
    // Without the superlatives, whose words would be in good or in bad sentences only.
    Group(
      "quantifiers", Quantifiers.self, ["existential", "existential-singular", "mass", "count"]),
  ]

  /// What training never shows: from near, agreement across other nouns, to far, islands.
  static let outOfDomain = [
    Group("attractors", Agreement.self, ["phrase-attractor", "relative-attractor"]),
    Group(IrregularForms.self), Group(AnaphorAgreement.self), Group(Binding.self),
    Group(ControlRaising.self), Group(FillerGap.self), Group(NegativePolarity.self),
    Group(Ellipsis.self), Group(Islands.self),
  ]

  /// Rows by role; made once a process.
  static let rows: [String: [GeneratedRow]] = {
    var maker = TableMaker()
    return [
      ("ood", outOfDomain, 60), ("in-domain", inDomain, 140),
      (TaskDefinition.trainingRole, inDomain, 1200),
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
