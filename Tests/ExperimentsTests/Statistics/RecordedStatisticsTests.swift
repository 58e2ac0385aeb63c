import Testing

@testable import Experiments

@Suite struct RecordedStatisticsTests {
  private let recorded: RecordedStatistics

  init() throws { recorded = try RecordedStatistics.all.get() }

  /// Whether two numbers agree to `tolerance`, relative above 1.
  private func agree(_ a: Double, _ b: Double, _ tolerance: Double = 1e-11) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  @Test("BCa intervals match scipy.stats.bootstrap") func bca() throws {
    for reference in recorded.intervals {
      let found = try #require(
        ConfidenceInterval.ofMean(reference.values, confidence: reference.confidence))
      #expect(abs(found.lower - reference.lower) < reference.tolerance, "\(reference)")
      #expect(abs(found.upper - reference.upper) < reference.tolerance, "\(reference)")
    }
  }

  @Test("Wilson intervals match statsmodels") func wilson() {
    for reference in recorded.wilson {
      let found = ConfidenceInterval.wilson(
        share: Double(reference.right) / Double(reference.count), of: reference.count,
        confidence: reference.confidence)
      #expect(agree(found.lower, reference.lower), "\(reference)")
      #expect(agree(found.upper, reference.upper), "\(reference)")
    }
  }

  @Test("the exact sign-flip test matches scipy.stats.permutation_test") func signFlip() throws {
    for reference in recorded.signFlips {
      let found = try #require(SignFlipTest(reference.values))
      #expect(found.isExact)
      #expect(agree(found.pValue, reference.p), "\(reference)")
    }
  }

  @Test("Holm's correction matches statsmodels") func holm() {
    for reference in recorded.holm {
      let found = HolmCorrection.adjusted(reference.p)
      #expect(zip(found, reference.adjusted).allSatisfy { agree($0, $1) }, "\(reference)")
    }
  }

  @Test("a contrast matches statsmodels' analysis of variance and scipy's t")
  func contrasts() throws {
    for reference in recorded.contrasts {
      let (first, second) = (
        ItemSamples.answers(
          seeds: reference.seeds, items: reference.items, method: 1, share: reference.first),
        ItemSamples.answers(
          seeds: reference.seeds, items: reference.items, method: 2, share: reference.second)
      )
      let contrast = try #require(
        Contrast(CrossedScores(right: first, of: "x") - CrossedScores(right: second, of: "x")))
      let family = ContrastFamily(members: reference.members)
      let interval = try #require(family.interval(of: contrast))
      let p = try #require(contrast.pValue())
      #expect(agree(contrast.estimate, reference.estimate), "\(reference)")
      #expect(agree(contrast.standardError, reference.standardError), "\(reference)")
      #expect(agree(interval.lower, reference.lower, 1e-9), "\(reference)")
      #expect(agree(interval.upper, reference.upper, 1e-9), "\(reference)")
      #expect(agree(family.adjusted(p), reference.p), "\(reference)")
      #expect(contrast.basis == .seedsAndItems)
    }
  }

  @Test("without items a contrast is scipy's paired t test") func pairedT() throws {
    for reference in recorded.pairedT {
      let contrast = try #require(Contrast(CrossedScores(values: reference.values)))
      let interval = try #require(contrast.interval(confidence: 0.95))
      #expect(agree(try #require(contrast.pValue(against: reference.boundary)), reference.p))
      #expect(agree(interval.lower, reference.lower, 1e-9), "\(reference)")
      #expect(agree(interval.upper, reference.upper, 1e-9), "\(reference)")
      #expect(contrast.basis == .seedsOnly)
    }
  }

  @Test("jackknife values match those of scikit-learn's metrics") func jackknives() throws {
    for reference in recorded.jackknives {
      let found = try #require(
        Metrics.itemScores(
          reference.metric, predictions: reference.predictions, labels: reference.labels,
          classNames: (0..<reference.classes).map(String.init)))
      #expect(zip(found, reference.scores).allSatisfy { agree($0, $1, 1e-9) }, "\(reference)")
    }
  }

  @Test("rank correlations match scipy.stats.spearmanr") func spearman() throws {
    for reference in recorded.spearman {
      let found = try #require(RankCorrelation.spearman(reference.first, reference.second))
      #expect(agree(found, reference.rho), "\(reference)")
    }
  }
}

/// Right and wrong answers by the formula of `make_statistics.py`.
enum ItemSamples {
  static func answers(
    seeds: Int, items: Int, method: Int, share: Int
  ) -> [[Bool]] {
    (0..<seeds).map { seed in
      (0..<items).map { item in
        let own = (item * 7919 + seed * 104_729 + method * 1_299_709) % 1000
        let shared = item * 6007 % 1000
        return (own + shared) / 2 < share
      }
    }
  }
}
