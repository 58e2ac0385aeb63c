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

/// A premise, a hypothesis, and whether one follows from the other or is ruled out by it.
struct Inference: Hashable, Sendable {
  let premise: [String]
  let hypothesis: [String]
  let isEntailed: Bool

  init(_ premise: [String], _ hypothesis: [String], isEntailed: Bool) {
    self.premise = Composer.sentence(premise)
    self.hypothesis = Composer.sentence(hypothesis)
    self.isEntailed = isEntailed
  }

  /// Share of the hypothesis's words that the premise holds, in [0, 1]; a word said twice must be
  /// there twice.
  var overlap: Double {
    var rest = Dictionary(premise.map { ($0, 1) }, uniquingKeysWith: +)
    let shared = hypothesis.count { word in
      guard let count = rest[word], count > 0 else { return false }
      rest[word] = count - 1
      return true
    }
    return Double(shared) / Double(hypothesis.count)
  }
}

/// A way to make inferences of one kind, entailed or contradicted as asked.
struct InferenceFamily: Sendable {
  let name: String
  private let make: @Sendable (_ isEntailed: Bool, _ composer: inout Composer) -> Inference

  init(
    _ name: String,
    _ make: @escaping @Sendable (_ isEntailed: Bool, _ composer: inout Composer) -> Inference
  ) {
    self.name = name
    self.make = make
  }

  func inference(_ isEntailed: Bool, _ composer: inout Composer) -> Inference {
    make(isEntailed, &composer)
  }
}

extension InferenceFamily {
  /// Families in which all words of the hypothesis are in the premise, whatever the class: what overlap
  /// has taught is of no use.
  ///
  /// The three are the heuristics of McCoy, Pavlick and Linzen 2019, "Right for the Wrong Reasons",
  /// arXiv:1902.01007; sentences and words are our own.
  static let heuristics = [roleSwap, subsequence, constituent]

  /// Who does it and whom it is done to, in either order and voice.
  static let roleSwap = InferenceFamily("role-swap") { isEntailed, composer in
    let verb = composer.pick(
      Composer.animateTransitives.filter { $0.past == $0.participle })
    let (agent, patient) = persons(&composer)
    let passive = patient + ["was", verb.past, "by"] + agent
    switch (composer.number(0...2), isEntailed) {
    case (0, true): return Inference(passive, agent + [verb.past] + patient, isEntailed: true)
    case (0, false): return Inference(passive, patient + [verb.past] + agent, isEntailed: false)
    case (1, _):
      // The place stays with who is there, so that only the order matters.
      let place = composer.placePhrase()
      let premise = agent + place + [verb.past] + patient
      return Inference(
        premise, isEntailed ? agent + [verb.past] + patient : patient + [verb.past] + agent,
        isEntailed: isEntailed)
    default:
      let other = composer.pick(
        Lexicon.animates.filter { !agent.contains($0.singular) && !patient.contains($0.singular) })
      let premise =
        agent + [composer.pick(Lexicon.prepositions), "the", other.singular] + [verb.past] + patient
      return Inference(
        premise, isEntailed ? agent + [verb.past] + patient : patient + [verb.past] + agent,
        isEntailed: isEntailed)
    }
  }

  /// A stretch of the premise that is a sentence by itself, but not always one that it says.
  static let subsequence = InferenceFamily("subsequence") { isEntailed, composer in
    let (first, second) = persons(&composer)
    let verb = composer.pick(Lexicon.intransitives).past
    let tail = [verb]
    guard isEntailed else {
      let linking =
        composer.chance(0.5)
        ? [composer.pick(Lexicon.prepositions)]
        : ["that", composer.pick(Composer.animateTransitives).past]
      return Inference(first + linking + second + tail, second + tail, isEntailed: false)
    }
    if composer.chance(0.5) {
      return Inference(first + ["and"] + second + tail, second + tail, isEntailed: true)
    }
    return Inference(
      first + [verb, composer.pick(Lexicon.prepositions)] + second, first + tail, isEntailed: true)
  }

  /// A clause inside the premise, which holds or is only supposed, said or one of two.
  static let constituent = InferenceFamily("constituent") { isEntailed, composer in
    let (first, second) = persons(&composer)
    let inner = first + [composer.pick(Lexicon.intransitives).past]
    let outer = second + [composer.pick(Lexicon.intransitives).past]
    switch composer.number(0...2) {
    case 0:
      let word = composer.pick(isEntailed ? ["because", "when", "while"] : ["if"])
      return Inference([word] + inner + [","] + outer, inner, isEntailed: isEntailed)
    case 1:
      let word = isEntailed ? composer.pick(["and", "but", "because"]) : "or"
      return Inference(inner + [word] + outer, inner, isEntailed: isEntailed)
    default:
      let verb = isEntailed ? "knew" : composer.pick(["thought", "said", "believed", "hoped"])
      return Inference(second + [verb, "that"] + inner, inner, isEntailed: isEntailed)
    }
  }

  /// Two different persons or animals.
  private static func persons(_ composer: inout Composer) -> ([String], [String]) {
    let first = composer.participant(.animate, counted: false)
    let second = composer.participant(.animate, counted: false, not: first.noun)
    return (
      first.phrase(detailed: false).words, second.phrase(detailed: false).words
    )
  }
}
