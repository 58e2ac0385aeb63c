import Engine
import Foundation
import Testing

@testable import Experiments

@Suite struct ContrastTests {
  /// Right answers by a coin whose bias differs from seed to seed and from item to item.
  private static func scores(
    seeds: Int, items: Int, level: Double, seed: UInt64, set: String = "x"
  ) -> CrossedScores {
    var stream = RandomStream(seed: seed, purpose: "contrast tests")
    let bySeed = (0..<seeds).map { _ in 0.1 * stream.normal() }
    let byItem = (0..<items).map { _ in 0.2 * stream.normal() }
    return CrossedScores(
      right: bySeed.map { s in byItem.map { stream.uniform() < level + s + $0 } }, of: set)
  }

  @Test("the interval leaves out exactly the boundaries that p rejects", arguments: [1, 3, 20])
  func duality(members: Int) throws {
    let family = ContrastFamily(members: members)
    for seed in 0..<40 {
      let contrast = try #require(
        Contrast(
          Self.scores(seeds: 5, items: 40, level: 0.7, seed: UInt64(seed))
            - Self.scores(seeds: 5, items: 40, level: 0.6, seed: UInt64(seed + 100))))
      let interval = try #require(family.interval(of: contrast))
      for boundary in stride(from: -0.3, through: 0.5, by: 0.0137) {
        let p = family.adjusted(try #require(contrast.pValue(against: boundary)))
        #expect((p < family.level) == !(interval.lower...interval.upper).contains(boundary))
      }
    }
  }

  @Test("every outcome but inconclusive has a corrected p at most the level, and no other has")
  func outcomes() throws {
    let family = ContrastFamily(members: 4)
    let statements: [Statement] = [
      .above(0), .above(0.1), .below(0), .below(-0.05), .between(-0.1, 0.1), .between(-0.2, 0.05),
    ]
    var seen: Set<Statement.Outcome> = []
    for seed in 0..<60 {
      let level = 0.5 + 0.4 * Double(seed % 6) / 5
      let contrast = try #require(
        Contrast(
          Self.scores(seeds: 8, items: 300, level: level, seed: UInt64(seed))
            - Self.scores(seeds: 8, items: 300, level: 0.7, seed: UInt64(seed + 100))))
      let interval = try #require(family.interval(of: contrast))
      for statement in statements {
        let outcome = statement.outcome(interval)
        let p = family.adjusted(try #require(statement.pValue(of: contrast)))
        #expect((outcome == .inconclusive) == (p > family.level), "\(statement) \(outcome) \(p)")
        seen.insert(outcome)
      }
    }
    #expect(seen == [.supported, .refuted, .inconclusive])
  }

  @Test("an interval inside the smallest difference that matters is equivalent, unless it decides")
  func equivalent() {
    func outcome(_ statement: Statement, _ lower: Double, _ upper: Double) -> Statement.Outcome {
      statement.outcome(
        ConfidenceInterval(lower: lower, upper: upper, confidence: 0.95, method: .contrast),
        effect: 0.02)
    }
    #expect(outcome(.above(0), -0.01, 0.015) == .equivalent)
    #expect(outcome(.above(0), 0.001, 0.015) == .supported)
    #expect(outcome(.above(0), -0.01, 0.03) == .inconclusive)
    #expect(outcome(.below(0), -0.01, 0.015) == .equivalent)
    #expect(outcome(.between(-0.01, 0.01), -0.012, 0.015) == .inconclusive)
    #expect(outcome(.between(-0.01, 0.01), 0.011, 0.015) == .refuted)
  }

  @Test("one seed, or no part of the seed, speaks of other items with I − 1 degrees") func oneRun()
    throws
  {
    let one = Self.scores(seeds: 1, items: 50, level: 0.7, seed: 1)
    let fixed = CrossedScores(
      right: Array(repeating: (0..<50).map { $0 % 3 > 0 }, count: 4), of: "x", isDeterministic: true
    )
    for scores in [one, fixed, fixed - CrossedScores(constant: 0.5, seeds: 4)] {
      let contrast = try #require(Contrast(scores))
      #expect(contrast.basis == .itemsOnly)
      #expect(contrast.degreesOfFreedom == 49)
      #expect(contrast.seeds == 1)
    }
    let p = 33.0 / 50  // of 50 items 33 leave a remainder
    let contrast = try #require(Contrast(fixed))
    #expect(abs(contrast.estimate - p) < 1e-12)
    #expect(abs(contrast.standardError - (p * (1 - p) / 49).squareRoot()) < 1e-12)
  }

  @Test("a trained side against one without a seed rests on the seeds") func oneSideFixed() throws {
    let fixed = CrossedScores(
      right: Array(repeating: (0..<50).map { $0 % 3 > 0 }, count: 4), of: "x", isDeterministic: true
    )
    let contrast = try #require(
      Contrast(Self.scores(seeds: 4, items: 50, level: 0.7, seed: 1) - fixed))
    #expect(contrast.basis == .seedsAndItems)
    #expect(contrast.degreesOfFreedom == 3)
  }

  @Test("no spread gives no interval and no p") func noSpread() throws {
    let equal = try #require(
      Contrast(
        CrossedScores(right: Array(repeating: Array(repeating: true, count: 9), count: 5), of: "x"))
    )
    #expect(!equal.hasSpread)
    #expect(equal.interval(confidence: 0.95) == nil)
    #expect(equal.pValue() == nil)
    #expect(Contrast(CrossedScores(values: [0.5])) == nil)
    #expect(Contrast(CrossedScores(values: [0.5, .nan])) == nil)
    #expect(Contrast(CrossedScores(values: [])) == nil)
  }

  @Test("items of one group count as a cluster, whose variance is that of sums")
  func clusters() throws {
    let row: [Double] = [1, 1, 1, 0, 0, 1, 0, 1, 1, 0]
    let groups = [3, 3, 3, 1, 1, 1, 8, 8, 2, 2]
    let scores = CrossedScores(
      values: [0.6], scores: [row], groups: groups, of: "x", isDeterministic: true)
    let contrast = try #require(Contrast(scores))
    #expect(contrast.items == 4 && contrast.degreesOfFreedom == 3)
    // Sums of deviations from 0.6: 1.2, −0.8, −0.2, −0.2.
    let squares = 1.2 * 1.2 + 0.8 * 0.8 + 0.2 * 0.2 + 0.2 * 0.2
    #expect(abs(contrast.standardError - (4.0 / 3 * squares / 100).squareRoot()) < 1e-12)
    // Groups of one item are items.
    let alone = CrossedScores(
      values: [0.6], scores: [row], groups: Array(0..<10), of: "x", isDeterministic: true)
    let items = CrossedScores(
      values: [0.6], scores: [row], of: "x", isDeterministic: true)
    let errors = try [alone, items].map { try #require(Contrast($0)).standardError }
    #expect(abs(errors[0] - errors[1]) < 1e-12)
  }

  @Test("where every answer is right the number of items gives the interval of Clopper and Pearson")
  func leastVariance() throws {
    for items in [8, 12, 20, 30, 64, 200, 872] {
      for overlap in [0, 0.25] {
        let right = Array(repeating: Array(repeating: true, count: items), count: 15)
        let scores =
          overlap > 0
          ? CrossedScores(values: right.map { _ in 1 }).overlapping(by: overlap)
          : CrossedScores(right: right, of: "x")
        let contrast = try #require(Contrast(scores.answering(of: items)))
        #expect(contrast.basis == (overlap > 0 ? .folds : .seedsAndItems))
        for members in [1, 6, 28, 100] {
          let level = 0.05 / Double(members)
          let exact = pow(level / 2, 1 / Double(items))
          let lower = try #require(contrast.interval(confidence: 1 - level)).lower
          #expect(lower < exact + 0.03, "\(items) items, \(members) members")
          #expect(items < 20 || lower > exact - 0.12, "\(items) items, \(members) members")
        }
      }
    }
    // Against a side that is wrong half of the time, and scaled, the parts add up.
    let all = CrossedScores(values: [1, 1, 1]).answering(of: 30)
    let half = CrossedScores(values: [0.5, 0.5, 0.5]).answering(of: 30)
    #expect(abs((all - half).leastVariance - all.leastVariance - half.leastVariance) < 1e-15)
    #expect(abs(all.scaled(by: 3).leastVariance - 9 * all.leastVariance) < 1e-15)
    // What varies is not changed.
    let varied = CrossedScores(values: [1, 0.9, 1]).overlapping(by: 0.25)
    #expect(Contrast(varied.answering(of: 30)) == Contrast(varied))
  }

  @Test("items of another set add their variance, and a factor scales everything") func sets()
    throws
  {
    let a = Self.scores(seeds: 6, items: 80, level: 0.7, seed: 1)
    let b = Self.scores(seeds: 6, items: 60, level: 0.6, seed: 2, set: "y")
    let both = try #require(Contrast(a - b))
    #expect(both.items == 140)
    let alone = try [a, b].map { try #require(Contrast($0)) }
    #expect(both.components.item <= alone[0].components.item + alone[1].components.item + 1e-12)
    #expect(both.components.item >= max(alone[0].components.item, alone[1].components.item) - 1e-12)
    let scaled = try #require(Contrast(a.scaled(by: 3)))
    #expect(abs(scaled.standardError - 3 * alone[0].standardError) < 1e-12)
  }

  @Test("a quotient's variance agrees with its derivative") func quotient() throws {
    let a = Self.scores(seeds: 6, items: 200, level: 0.7, seed: 1)
    let two = try #require(Contrast(a / CrossedScores(constant: 2, seeds: 6)))
    let half = try #require(Contrast(a.scaled(by: 0.5)))
    #expect(abs(two.standardError - half.standardError) < 1e-12)
    #expect(try #require(Contrast(a / a)).standardError == 0)
  }

  @Test("a trend is the slope over its places") func slope() throws {
    let one = Self.scores(seeds: 5, items: 30, level: 0.6, seed: 3)
    let line = [0, 1, 2].map { one + CrossedScores(constant: 0.1 * Double($0), seeds: 5) }
    let contrast = try #require(
      Contrast(CrossedScores.slope(line, on: [4, 5, 6])))
    #expect(abs(contrast.estimate - 0.1) < 1e-12)
  }

  @Test("a held-out choice does not flatter methods that are alike") func heldOut() throws {
    var own = 0.0
    var heldOut = 0.0
    for seed in 0..<60 {
      let methods = (0..<6).map {
        Self.scores(seeds: 5, items: 60, level: 0.6, seed: UInt64(1000 + seed * 6 + $0))
      }
      own += methods.map { $0.values.reduce(0, +) / 5 }.max() ?? 0
      heldOut += try #require(HeldOutChoice.score(of: methods))
    }
    // The mean of the coin with its tails cut at 0 and 1.
    #expect(own / 60 > 0.64)
    #expect(abs(heldOut / 60 - 0.595) < 0.02)
  }
}

@Suite struct BestSetTests {
  @Test("a method leaves the set when another is better, and shares no letter with it")
  func letters() {
    // 0 beats 2 and 3; 1 beats 3.
    let better: Set<[Int]> = [[0, 2], [0, 3], [1, 3]]
    let set = BestSet(count: 4) { better.contains([$0, $1]) }
    #expect(set.members == [0, 1])
    #expect(set.letters == ["a", "ab", "bc", "c"])
  }

  @Test("methods that nothing tells apart share one letter") func alike() {
    let set = BestSet(count: 3) { _, _ in false }
    #expect(set.members == [0, 1, 2])
    #expect(set.letters == ["a", "a", "a"])
    #expect(BestSet(count: 0) { _, _ in true }.members.isEmpty)
    #expect(BestSet(count: 1) { _, _ in true }.letters == ["a"])
  }

  @Test("letters say of each pair whether it differs", arguments: 0..<50)
  func agreement(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: "letters")
    let count = 2 + stream.index(below: 7)
    let differs = (0..<count).map { i in
      (0..<count).map { j in i < j && stream.uniform() < 0.4 }
    }
    let set = BestSet(count: count) { $0 < $1 && differs[$0][$1] }
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        let shares = !Set(set.letters[i]).isDisjoint(with: set.letters[j])
        #expect(shares == !differs[i][j])
      }
    }
  }
}

@Suite struct ContrastPrecisionTests {
  private static let components = Contrast.Components(
    seed: 0.0004, item: 0.0002, interaction: 0.0008)

  @Test("the number of seeds is the smallest that is narrow enough") func seeds() throws {
    let precision = ContrastPrecision(Self.components, items: 500, confidence: 0.95)
    guard case .seeds(let count) = precision.need(for: 0.04) else {
      Issue.record("no number of seeds")
      return
    }
    #expect(try #require(precision.halfWidth(seeds: count)) <= 0.04)
    #expect(try #require(precision.halfWidth(seeds: count - 1)) > 0.04)
  }

  @Test("where items alone vary too much, more of them are needed") func items() throws {
    let precision = ContrastPrecision(Self.components, items: 500, confidence: 0.95)
    guard case .items(let items, let seeds) = precision.need(for: 0.02) else {
      Issue.record("seeds alone")
      return
    }
    #expect(items > 500)
    let width = precision.halfWidth(seeds: seeds, itemsTimes: Double(items) / 500)
    #expect(try #require(width) <= 0.02)
    #expect(
      ContrastPrecision(Self.components, items: 0, confidence: 0.95).need(for: 0.02)
        == .unreachable)
  }

  @Test("the width at the measured numbers is that of the contrast") func agreement() throws {
    var stream = RandomStream(seed: 9, purpose: "precision")
    let scores = CrossedScores(
      right: (0..<6).map { seed in
        (0..<100).map { item in
          stream.uniform() < 0.3 + 0.05 * Double(seed) + 0.003 * Double(item)
        }
      }, of: "x")
    let contrast = try #require(Contrast(scores))
    let predicted = ContrastPrecision(contrast.components, items: 100, confidence: 0.95)
      .halfWidth(seeds: 6)
    let measured = try #require(contrast.halfWidth(confidence: 0.95))
    #expect(abs(try #require(predicted) - measured) < 1e-9)
  }
}

/// Folds of a cross-validation are not independent.
@Suite("Contrasts of folds") struct FoldContrastTests {
  @Test("the variance of folds has the term of Nadeau and Bengio, also after arithmetic")
  func variance() throws {
    let differences = [0.02, 0.05, -0.01, 0.04, 0.03, 0.02, 0.06, 0.01, 0.00, 0.03]
    let a = CrossedScores(values: differences.map { $0 + 0.7 }).overlapping(by: 0.25)
    let b = CrossedScores(values: differences.map { _ in 0.7 }).overlapping(by: 0.25)
    let contrast = try #require(Contrast(a - b))
    #expect(contrast.basis == .folds && contrast.degreesOfFreedom == 9)
    let mean = differences.reduce(0, +) / 10
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9
    #expect(abs(contrast.estimate - mean) < 1e-12)
    #expect(abs(contrast.standardError - ((0.1 + 0.25) * variance).squareRoot()) < 1e-12)
    // More repeats narrow the interval, but not below what the overlap leaves.
    let precision = ContrastPrecision(contrast.components, items: 0, confidence: 0.95)
    let half = try #require(contrast.halfWidth(confidence: 0.95))
    #expect(precision.halfWidth(seeds: 10).map { abs($0 - half) < 1e-12 } == true)
    #expect(precision.need(for: 0.9 * (0.25 * variance).squareRoot()) == .unreachable)
  }
}
