/// Cosines and sines of rotary position embedding, grown as longer positions are asked for.
package final class RotaryTable<Scalar: EngineScalar> {
  let base: Double
  let headWidth: Int
  private var cosines: [Scalar] = []
  private var sines: [Scalar] = []

  /// Prepares angles `position · base^(−2i/headWidth)` for `i` in `0..<headWidth/2`.
  package init(base: Double, headWidth: Int) {
    precondition(headWidth % 2 == 0, "rotary embedding of odd width \(headWidth)")
    self.base = base
    self.headWidth = headWidth
  }

  /// Computes the angles of positions below `count` that are still missing.
  func grow(to count: Int) {
    let half = headWidth / 2
    let known = cosines.count / half
    guard known < count else { return }
    let frequencies = (0..<half).map { i in
      Double.exp(-Double.log(base) * Double(2 * i) / Double(headWidth))
    }
    for position in known..<count {
      for frequency in frequencies {
        cosines.append(Scalar(Double.cosine(Double(position) * frequency)))
        sines.append(Scalar(Double.sine(Double(position) * frequency)))
      }
    }
  }

  /// Turns every pair `(x_i, x_{i + w/2})` of every head by its position's angle, or back.
  @inline(__always)
  func turn(
    _ x: UnsafeMutablePointer<Scalar>, positions: [Int], heads: Int, back: Bool
  ) {
    let half = headWidth / 2
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        for (row, position) in positions.enumerated() {
          for head in 0..<heads {
            let first = x + (row &* heads &+ head) &* headWidth
            let second = first + half
            for i in 0..<half {
              let c = cosines[position &* half &+ i]
              let s = back ? -sines[position &* half &+ i] : sines[position &* half &+ i]
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
  package func rotate(_ x: Tensor<Scalar>, positions: [Int], table: RotaryTable<Scalar>) {
    precondition(positions.count == x.rows, "\(positions.count) positions for \(x.rows) rows")
    table.grow(to: (positions.max() ?? -1) + 1)
    let heads = x.columns / table.headWidth
    table.turn(x.start, positions: positions, heads: heads, back: false)
    guard x.requiresGradient else { return }
    record {
      guard let dx = x.gradient?.baseAddress else { return }
      table.turn(dx, positions: positions, heads: heads, back: true)
    }
  }
}
