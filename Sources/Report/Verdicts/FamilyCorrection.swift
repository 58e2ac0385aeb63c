import Experiments
import Foundation

/// How p-values of several tests are corrected for being many.
enum FamilyCorrection: String, CaseIterable, Hashable, Sendable {
  /// Holm's step-down correction.
  case holm
  /// Sign flips of all comparisons together (``JointSignFlipTest``).
  case joint
  /// Not at all.
  case none

  /// Corrected p-values of some paired differences.
  ///
  /// - Parameter tests: The p-value of each alone with the differences behind it.
  /// - Returns: In the order given.
  func adjusted(_ tests: [(pValue: Double, differences: [Double])]) -> [Double] {
    switch self {
    case .none: return tests.map(\.pValue)
    case .holm: return HolmCorrection.adjusted(tests.map(\.pValue))
    case .joint:
      let counts = Set(tests.map(\.differences.count))
      // Signs can change together only where every comparison has the same seeds.
      return counts.count == 1
        ? JointSignFlipTest.adjusted(tests.map(\.differences))
        : HolmCorrection.adjusted(tests.map(\.pValue))
    }
  }

  /// The smallest corrected p that this many tests of this many pairs can all reach.
  func smallestPValue(pairs: Int, tests: Int) -> Double {
    let alone = SignFlipTest.smallestPValue(count: pairs)
    return self == .holm ? min(1, alone * Double(max(1, tests))) : alone
  }

  /// The fewest pairs with which ``smallestPValue(pairs:tests:)`` is at most `level`.
  func fewestPairs(tests: Int, level: Double) -> Int {
    // A confidence of 1 cannot be reached; 64 pairs mean "more than anybody runs".
    (1...64).first { smallestPValue(pairs: $0, tests: tests) <= level + 1e-12 } ?? 64
  }

  /// What was done, after "p".
  func words(tests: Int, _ noun: String) -> String {
    switch self {
    case .none: "uncorrected"
    case .holm: "Holm-corrected for \(tests) \(tests == 1 ? noun : noun + "s")"
    case .joint: "corrected for \(tests) \(tests == 1 ? noun : noun + "s") by joint sign flips"
    }
  }

  /// A warning where no test of the family can reach the level; nil where one can.
  ///
  /// - Parameters:
  ///   - pairs: Seeds behind each test.
  ///   - tests: How many tests are corrected for.
  ///   - level: The largest p that counts as clear, such as 0.05.
  ///   - noun: What is tested, such as "pair".
  /// - Returns: A sentence with what to do.
  func powerWarning(pairs: Int, tests: Int, level: Double, noun: String) -> String? {
    guard tests > 0, pairs > 0 else { return nil }
    let smallest = smallestPValue(pairs: pairs, tests: tests)
    guard smallest > level + 1e-12 else { return nil }
    let seeds = "\(pairs) \(pairs == 1 ? "seed" : "seeds")"
    let correction =
      self == .holm && tests > 1 ? " after Holm’s correction for \(tests) \(noun)s" : ""
    let alone = FamilyCorrection.joint.fewestPairs(tests: tests, level: level)
    let way =
      self == .holm && pairs >= alone
      ? ", or 'correction: joint', which \(pairs) seeds suffice for" : ""
    return "Power: with \(seeds) no p can fall below \(Self.text(smallest))\(correction), so "
      + "nothing here can be clear at \(Self.text(level)). It takes "
      + "\(fewestPairs(tests: tests, level: level)) seeds\(way)."
  }

  private static func text(_ p: Double) -> String { String(format: "%.2g", p) }
}
