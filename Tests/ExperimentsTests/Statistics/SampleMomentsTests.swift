import Testing

@testable import Experiments

@Suite struct SampleMomentsTests {
  @Test("mean and standard deviation match numpy with ddof=1")
  func moments() throws {
    let moments = try #require(
      SampleMoments([0.62, 0.58, 0.71, 0.66, 0.69, 0.63, 0.60, 0.74, 0.65, 0.67]))
    #expect(abs(moments.mean - 0.655) < 1e-15)
    #expect(abs((moments.standardDeviation ?? 0) - 0.049721446300587654) < 1e-15)
    #expect(moments.minimum == 0.58)
    #expect(moments.maximum == 0.74)
    #expect(moments.distinct == 10)
  }

  @Test("one value has a mean but no spread, and none has nothing")
  func small() {
    #expect(SampleMoments([3])?.mean == 3)
    #expect(SampleMoments([3])?.standardDeviation == nil)
    #expect(SampleMoments([]) == nil)
  }

  @Test("repeated results show in the count of distinct values")
  func distinct() {
    #expect(SampleMoments([0.5, 0.5, 0.5, 0.6])?.distinct == 2)
    #expect(SampleMoments([0.1, 0.1, 0.1])?.mean == 0.1)
  }
}
