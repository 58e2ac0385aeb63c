import Testing

@testable import Engine

@Suite("Rows of tables of distances")
struct RelativePositionsTests {
  @Test("MPNet's 32 buckets begin where Transformers' do")
  func buckets() {
    let relative = RelativePositions.biases(rows: 40)
    let begins = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91]
    for (bucket, first) in begins.enumerated() {
      #expect(relative.row(of: first) == bucket)
      if bucket > 0 {
        #expect(relative.row(of: first - 1) == bucket - 1)
        #expect(relative.row(of: -first) == bucket + 16)
      }
    }
    #expect(relative.row(of: 100_000) == 15 && relative.row(of: -100_000) == 31)
  }

  /// The sum of `row(d) · (d + 601)` over the distances from −600 to 600, as PyTorch computes it.
  @Test(
    "DeBERTa's buckets are those of Transformers",
    arguments: [
      (256, 512, 264_928_317), (6, 8, 5_957_645), (256, 256, 271_515_895), (32, 128, 34_112_849),
    ])
  func logarithmic(span: Int, farthest: Int, sum: Int) {
    let relative = RelativePositions.disentangled(.init(span: span, bucketedUpTo: farthest))
    let rows = (-600...600).map { relative.row(of: $0) }
    #expect(rows.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element } == sum)
    #expect(rows == rows.sorted() && (0..<2 * span).contains(rows[0]))
  }

  @Test("without buckets every distance has a row, up to the last on each side")
  func plain() {
    let relative = RelativePositions.disentangled(.init(span: 3))
    #expect((-5...5).map { relative.row(of: $0) } == [0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 5])
  }
}
