import Engine
import Testing

@testable import Experiments

@Suite("Components of variance")
struct VarianceComponentsTests {
  /// Scores from effects with known variances, `[samples][initializations][items]`.
  private static func scores(
    samples: Int, runs: Int, items: Int, sample: Double, run: Double, item: Double, cell: Double,
    rest: Double, _ stream: inout RandomStream
  ) -> [[[Double]]] {
    let ofItems = (0..<items).map { _ in item.squareRoot() * stream.normal() }
    return (0..<samples).map { _ in
      let ofSample = sample.squareRoot() * stream.normal()
      let ofCells = (0..<items).map { _ in cell.squareRoot() * stream.normal() }
      return (0..<runs).map { _ in
        let ofRun = run.squareRoot() * stream.normal()
        return (0..<items).map {
          ofSample + ofRun + ofItems[$0] + ofCells[$0] + rest.squareRoot() * stream.normal()
        }
      }
    }
  }

  @Test("the mean of many estimates is what the scores were drawn with")
  func simulation() throws {
    var stream = RandomStream(seed: 1, purpose: "test of variance components")
    var sums = (sample: 0.0, initialization: 0.0, items: 0.0)
    let count = 1500
    for _ in 0..<count {
      let found = try #require(
        VarianceComponents(
          Self.scores(
            samples: 8, runs: 3, items: 12, sample: 4, run: 2, item: 9, cell: 3, rest: 6, &stream)))
      sums.sample += found.sample
      sums.initialization += found.initialization
      sums.items += found.items
    }
    // Standard errors of these means are about 0.07, 0.02 and 0.013; components cut at 0 add little.
    #expect(abs(sums.sample / Double(count) - 4) < 0.25)
    #expect(abs(sums.initialization / Double(count) - 2) < 0.08)
    #expect(abs(sums.items / Double(count) - 18.0 / 12) < 0.05)
  }

  @Test("components are those of an analysis of variance by sums of squares", arguments: 0..<20)
  func analysisOfVariance(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "test of variance components")
    let (s, r, i) = (4, 3, 7)
    let scores = Self.scores(
      samples: s, runs: r, items: i, sample: 2, run: 1, item: 3, cell: 1, rest: 2, &stream
    ).map { $0.map { $0.map { $0 > 0 ? 1.0 : 0 } } }
    let found = try #require(VarianceComponents(scores))
    // Raw totals, each squared and divided by the number of scores in it.
    func square(_ totals: [Double], of count: Int) -> Double {
      totals.reduce(0) { $0 + $1 * $1 } / Double(count)
    }
    let flat = scores.flatMap { $0.flatMap(\.self) }
    let all = square([flat.reduce(0, +)], of: s * r * i)
    let bySample = square(scores.map { $0.flatMap(\.self).reduce(0, +) }, of: r * i)
    let byRun = square(scores.flatMap { $0.map { $0.reduce(0, +) } }, of: i)
    let byItem = square(
      (0..<i).map { item in scores.flatMap { $0.map { $0[item] } }.reduce(0, +) }, of: s * r)
    let byCell = square(
      scores.flatMap { sample in (0..<i).map { item in sample.reduce(0) { $0 + $1[item] } } }, of: r
    )
    let byScore = square(flat, of: 1)
    let (a, b, c) = (Double(s), Double(r), Double(i))
    let meanSquares = (
      sample: (bySample - all) / (a - 1), run: (byRun - bySample) / (a * (b - 1)),
      item: (byItem - all) / (c - 1),
      cell: (byCell - bySample - byItem + all) / ((a - 1) * (c - 1)),
      rest: (byScore - byRun - byCell + bySample) / (a * (b - 1) * (c - 1))
    )
    let sample =
      (meanSquares.sample - meanSquares.cell - meanSquares.run + meanSquares.rest) / (b * c)
    let run = (meanSquares.run - meanSquares.rest) / c
    let item = max(0, (meanSquares.item - meanSquares.cell) / (a * b))
    let cell = max(0, (meanSquares.cell - meanSquares.rest) / b)
    #expect(abs(found.sample - max(0, sample)) < 1e-12)
    #expect(abs(found.initialization - max(0, run)) < 1e-12)
    #expect(abs(found.items - (item + cell + meanSquares.rest) / c) < 1e-12)
  }

  @Test("what does not vary has no variance, and what is not balanced no components")
  func edges() throws {
    let equal = try #require(
      VarianceComponents(
        Array(repeating: Array(repeating: [1, 0, 1, 1], count: 2), count: 3)))
    #expect(equal.sample == 0 && equal.initialization == 0)
    // σ²_c = Σ (y − ȳ)² / (I − 1) = 0.25.
    #expect(abs(equal.items - 0.25 / 4) < 1e-15)
    let bySample = try #require(
      VarianceComponents([[[1, 1], [1, 1]], [[0, 0], [0, 0]]] as [[[Double]]]))
    #expect(bySample.sample == 0.5 && bySample.initialization == 0 && bySample.items == 0)
    #expect(VarianceComponents([]) == nil)
    #expect(VarianceComponents([[[1, 0], [1, 0]]]) == nil)
    #expect(VarianceComponents([[[1, 0]], [[1, 0]]]) == nil)
    #expect(VarianceComponents([[[1, 0], [1, 0]], [[1, 0], [1]]]) == nil)
  }
}
