import Testing

@testable import Experiments

@Suite("Few-shot sampler")
struct FewShotSamplerTests {
  /// 90 examples, two thirds of class 1.
  static let pool = (0..<90).map { Example(fields: ["text \($0)"], label: $0 % 3 == 0 ? 0 : 1) }

  private func draw(_ shots: Int, _ counting: ShotCounting = .class, seed: Int = 0) throws -> [Int]
  {
    try FewShotSampler.draw(
      from: Self.pool, labels: ["no", "yes"], shots: shots, per: counting, seed: seed)
  }

  @Test("shots per class give every class that many", arguments: [1, 2, 16, 30])
  func perClass(shots: Int) throws {
    let sample = try draw(shots)
    #expect(sample.count == 2 * shots)
    #expect(Set(sample).count == sample.count)
    #expect(sample.count { Self.pool[$0].label == 0 } == shots)
  }

  @Test("classes alternate in rounds, in no fixed order within a round")
  func interleaving() throws {
    let labels = try draw(30).map { Self.pool[$0].label }
    let rounds = stride(from: 0, to: 60, by: 2).map { Array(labels[$0..<$0 + 2]) }
    #expect(rounds.allSatisfy { Set($0) == [0, 1] })
    #expect(Set(rounds).count == 2)
  }

  @Test("the sample for fewer shots begins the one for more", arguments: ShotCounting.allCases)
  func nested(counting: ShotCounting) throws {
    let largest = try draw(30, counting, seed: 4)
    for shots in 1...30 {
      let sample = try draw(shots, counting, seed: 4)
      #expect(sample == Array(largest.prefix(sample.count)))
    }
  }

  @Test("a total is met exactly and split as evenly as it goes", arguments: [1, 2, 7, 8])
  func total(shots: Int) throws {
    let labels = try draw(shots, .total).map { Self.pool[$0].label }
    #expect(labels.count == shots)
    #expect(abs(labels.count { $0 == 0 } - labels.count { $0 == 1 }) == shots % 2)
  }

  @Test("a rare class gives a total all it has, and the others the rest")
  func scarceTotal() throws {
    let sample = try draw(80, .total)
    #expect(sample.count == 80 && Set(sample).count == 80)
    #expect(sample.count { Self.pool[$0].label == 0 } == 30)
    #expect(try draw(60, .total) == Array(sample.prefix(60)))
    let labels = ["no", "yes"]
    let scarce = ScarceClasses(in: Self.pool, labels: labels, shots: 80, per: .total)
    #expect(scarce?.classes == ["no (30)"])
    #expect(ScarceClasses(in: Self.pool, labels: labels, shots: 60, per: .total) == nil)
    #expect(throws: TaskError(.tooFewExamples(label: "any", available: 90, needed: 91))) {
      try draw(91, .total)
    }
  }

  @Test("a natural sample follows the pool's shares")
  func natural() throws {
    let ones = try (0..<50).flatMap { try draw(9, .natural, seed: $0) }
      .count { Self.pool[$0].label == 1 }
    #expect(abs(Double(ones) / 450 - 2.0 / 3) < 0.08)
  }

  @Test("every seed gives another sample, the same seed the same", arguments: ShotCounting.allCases)
  func seeds(counting: ShotCounting) throws {
    let samples = try (-5..<20).map { try draw(8, counting, seed: $0) }
    #expect(Set(samples).count == 25)
    #expect(try draw(8, counting, seed: 3) == samples[8])
  }

  @Test("each example is drawn about equally often")
  func fairness() throws {
    var counts = [Int](repeating: 0, count: 90)
    for seed in 0..<400 { for index in try draw(3, seed: seed) { counts[index] += 1 } }
    // 400 draws of 3 of 30, and of 3 of 60: means 40 and 20, standard deviations 6.0 and 4.4.
    for (index, count) in counts.enumerated() {
      #expect(abs(count - (index % 3 == 0 ? 40 : 20)) < 27, "example \(index)")
    }
  }

  @Test("too many shots name the class that is too small")
  func tooMany() {
    #expect(throws: TaskError(.tooFewExamples(label: "no", available: 30, needed: 31))) {
      try draw(31)
    }
    #expect(throws: TaskError(.tooFewExamples(label: "any", available: 90, needed: 91))) {
      try draw(91, .natural)
    }
    #expect(throws: TaskError(.invalidShots(0))) { try draw(0) }
  }

  @Test("a digest depends on texts, classes, their borders and their order")
  func digest() {
    let base = [Example(fields: ["ab", "c"], label: 0), Example(fields: ["d", "e"], label: 1)]
    let variants = [
      base, base.reversed(), [base[0]],
      [Example(fields: ["a", "bc"], label: 0), base[1]],
      [Example(fields: ["ab", "c"], label: 1), base[1]],
    ]
    #expect(Set(variants.map(FewShotSampler.digest)).count == variants.count)
    #expect(FewShotSampler.digest(of: base) == FewShotSampler.digest(of: base))
    #expect(FewShotSampler.digest(of: base).count == 64)
  }
}
