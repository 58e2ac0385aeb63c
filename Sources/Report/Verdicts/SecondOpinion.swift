import Experiments
import Formats

/// What other methods say of a contrast, where a source asks for it; never a verdict.
struct SecondOpinion: Hashable, Sendable {
  /// p of the sign-flip test over seeds against the statement's boundary, not corrected.
  let signFlip: Double?
  /// ``signFlip`` after Holm's correction for the family.
  package fileprivate(set) var holm: Double?
  /// ``signFlip`` corrected jointly, where all contrasts have the same seeds.
  package fileprivate(set) var joint: Double?
  /// The bias-corrected and accelerated bootstrap over seeds, not corrected.
  let bca: ConfidenceInterval?

  /// Opinions on a family of differences.
  ///
  /// - Parameters:
  ///   - family: Differences by seed, each minus what it is compared with.
  ///   - confidence: Coverage of the bootstrap intervals.
  /// - Returns: One for each, in the order given.
  static func all(_ family: [[Double]], confidence: Double) -> [SecondOpinion] {
    var opinions = family.map { differences in
      let isConstant = Set(differences).count < 2
      return SecondOpinion(
        signFlip: isConstant ? nil : SignFlipTest(differences)?.pValue,
        bca: isConstant ? nil : ConfidenceInterval.ofMean(differences, confidence: confidence))
    }
    let tested = opinions.indices.filter { opinions[$0].signFlip != nil }
    let holm = HolmCorrection.adjusted(tested.compactMap { opinions[$0].signFlip })
    for (index, p) in zip(tested, holm) { opinions[index].holm = p }
    if Set(tested.map { family[$0].count }).count == 1 {
      let joint = JointSignFlipTest.adjusted(tested.map { family[$0] })
      for (index, p) in zip(tested, joint) { opinions[index].joint = p }
    }
    return opinions
  }

  private init(signFlip: Double?, bca: ConfidenceInterval?) {
    self.signFlip = signFlip
    self.bca = bca
  }

  /// One line: "second opinion: sign flips p 0.031 (Holm 0.281, joint 0.094), BCa …".
  ///
  /// - Parameter format: Of the bootstrap's ends.
  /// - Returns: Nil where nothing varies.
  func words(_ format: ValueFormat) -> String? {
    guard let signFlip else { return nil }
    let corrected = [
      holm.map { "Holm \(Words.probability($0))" }, joint.map { "joint \(Words.probability($0))" },
    ].compactMap(\.self)
    var text = "sign flips p \(Words.probability(signFlip))"
    if !corrected.isEmpty { text += " (\(corrected.joined(separator: ", ")))" }
    if let bca {
      text += ", BCa bootstrap over seeds \(format.string(from: bca.lower, to: bca.upper))"
    }
    return text
  }

  var json: JSONText {
    .map([
      "signFlip": JSONText(signFlip), "holm": JSONText(holm), "joint": JSONText(joint),
      "bca": bca.map { JSONText($0) } ?? .null,
    ])
  }
}
