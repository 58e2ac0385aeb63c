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
