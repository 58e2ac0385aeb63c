import Testing

@testable import Experiments

/// Reference values: scipy 1.17, `scipy.stats.norm.ppf` and `scipy.stats.t.ppf`.
@Suite struct DistributionTests {
  @Test(
    "normal quantiles match scipy",
    arguments: [
      (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-06, -4.753424308822899),
      (0.01, -2.3263478740408408), (0.05, -1.6448536269514729), (0.3, -0.5244005127080409),
      (0.5, 0), (0.7, 0.5244005127080407), (0.975, 1.959963984540054),
      (0.999999, 4.753424308817087),
    ])
  func normalQuantile(p: Double, z: Double) {
    #expect(abs(Normal.quantile(p) - z) <= 1e-14 * max(1, abs(z)))
    #expect(abs(Normal.cumulative(z) - p) <= 1e-12 * p)
  }

  @Test("the normal quantile is infinite at the ends")
  func normalEnds() {
    #expect(Normal.quantile(0) == -.infinity)
    #expect(Normal.quantile(1) == .infinity)
  }

  @Test(
    "Student t quantiles match scipy",
    arguments: [
      (0.975, 1, 12.706204736174694), (0.975, 5, 2.5705818356363146),
      (0.9, 2.5, 1.7302509288071766), (0.995, 30, 2.7499956535672254),
      (0.999, 9, 4.296805662729918),
    ])
  func studentQuantile(p: Double, degreesOfFreedom: Double, t: Double) {
    let found = StudentT.quantile(p, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(found - t) < 1e-11 * t)
    #expect(StudentT.quantile(1 - p, degreesOfFreedom: degreesOfFreedom) < 0)
  }
}
