import Testing

@testable import Experiments

@Suite("Median and interquartile mean")
struct RobustLocationTests {
  /// Values with `numpy.median(x)` and `scipy.stats.trim_mean(x, 0.25)` (scipy 1.17.1).
  private static let recorded: [(values: [Double], median: Double, interquartileMean: Double)] = [
    ([0.457], 0.457, 0.457),
    ([0.506, 0.639], 0.5725, 0.5725),
    ([0.548, 0.653, 0.681], 0.653, 0.6273333333333334),
    ([0.456, 0.702, 0.54, 0.809], 0.621, 0.621),
    ([0.673, 0.546, 0.62, 0.621, 0.633], 0.621, 0.6246666666666667),
    ([0.739, 0.653, 0.766, 0.663, 0.582, 0.448], 0.658, 0.65925),
    ([0.444, 0.62, 0.669, 0.744, 0.539, 0.608, 0.519], 0.608, 0.591),
    ([0.558, 0.372, 0.674, 0.528, 0.593, 0.645, 0.634, 0.469], 0.5755, 0.57825),
    (
      [0.752, 0.676, 0.65, 0.534, 0.44, 0.437, 0.579, 0.616, 0.53, 0.783], 0.5974999999999999,
      0.5975
    ),
    (
      [0.63, 0.7, 0.691, 0.493, 0.699, 0.645, 0.473, 0.672, 0.707, 0.698, 0.705], 0.691,
      0.6764285714285714
    ),
  ]

  @Test("they match numpy and scipy") func recorded() throws {
    for (values, median, interquartileMean) in Self.recorded {
      #expect(abs(try #require(RobustLocation.median(values)) - median) < 1e-15)
      #expect(
        abs(try #require(RobustLocation.interquartileMean(values)) - interquartileMean) < 1e-15)
    }
  }

  @Test("no values have neither, and equal values have that value exactly") func edges() {
    #expect(RobustLocation.median([]) == nil && RobustLocation.interquartileMean([]) == nil)
    let equal = Array(repeating: 0.1, count: 7)
    #expect(RobustLocation.median(equal) == 0.1 && RobustLocation.interquartileMean(equal) == 0.1)
  }
}
