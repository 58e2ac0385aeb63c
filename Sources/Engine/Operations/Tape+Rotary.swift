/// Cosines and sines of rotary position embedding, extended as longer positions are needed.
package final class RotaryTable<Scalar: EngineScalar> {
  let rotary: RotaryPositions
  let headWidth: Int
  /// How many of a head's columns are turned, from the first.
  private let width: Int
  private var cosines: [Scalar] = []
  private var sines: [Scalar] = []

  /// Prepares the angles of `rotary`.
  package init(_ rotary: RotaryPositions, headWidth: Int) {
    width = rotary.width
    precondition(
      width % 2 == 0 && width <= headWidth, "rotary embedding of \(width) of \(headWidth) columns")
    self.rotary = rotary
    self.headWidth = headWidth
  }

  /// Computes the angles of positions below `count` that are still missing.
  func grow(to count: Int) {
    let half = width / 2
    let known = cosines.count / half
    guard known < count else { return }
    let (frequencies, scale) = (rotary.frequencies, rotary.scale)
    for position in known..<count {
      for frequency in frequencies {
        cosines.append(Scalar(scale * Double.cosine(Double(position) * frequency)))
        sines.append(Scalar(scale * Double.sine(Double(position) * frequency)))
      }
    }
  }

  /// Turns every pair `(x_i, x_{i + width/2})` of every head by its position's angle, or back.
  @inline(__always)
  func turn(
    _ x: UnsafeMutablePointer<Scalar>, positions: [Int], heads: Int, back: Bool
  ) {
    let half = width / 2
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        Parallel.ranges(positions.count, cost: 6 * heads * half) { rows in
          for row in rows {
            let angle = positions[row] &* half
            for head in 0..<heads {
              let first = x + (row &* heads &+ head) &* headWidth
              let second = first + half
              for i in 0..<half {
                let c = cosines[angle &+ i]
                let s = back ? -sines[angle &+ i] : sines[angle &+ i]
                let (a, b) = (first[i], second[i])
                first[i] = a * c - b * s
                second[i] = b * c + a * s
              }
            }
          }
        }
      }
    }
  }
}

extension Tape {
  /// Turns queries or keys by their position, in place.
  ///
  /// Su et al. 2021, "RoFormer", arXiv:2104.09864, equation 34, with the pairs split into halves as
  /// Hugging Face stores Llama. In place, since backward only turns the gradient back.
  ///
  /// - Parameters:
  ///   - x: `[tokens, heads · headWidth]`.
  ///   - positions: One per row.
  ///   - table: The angles.
  @_specialize(where Scalar == Float)
  func rotate(_ x: Tensor<Scalar>, positions: [Int], table: RotaryTable<Scalar>) {
    precondition(positions.count == x.rows, "\(positions.count) positions for \(x.rows) rows")
    table.grow(to: (positions.max() ?? -1) + 1)
    let heads = x.columns / table.headWidth
    ledger.compute { table.turn(x.start, positions: positions, heads: heads, back: false) }
    guard x.requiresGradient else { return }
    record { [ledger, derivative = x.derivative] in
      guard let dx = derivative.current else { return }
      ledger.compute { table.turn(dx, positions: positions, heads: heads, back: true) }
    }
  }
}
