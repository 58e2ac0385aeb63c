extension Tape {
  /// Computes the squared error of each pair's cosine: `(cos(x_a, x_b) − t)²`.
  ///
  /// `CosineSimilarityLoss` of sentence-transformers, before the mean over pairs (Reimers and Gurevych
  /// 2019, "Sentence-BERT", arXiv:1908.10084, section 3). Norms are not below 1e-8, as in PyTorch. The
  /// gradient of a row is summed in the order of the pairs; a pair of a row with itself has none.
  ///
  /// - Parameters:
  ///   - x: `[any, width]`.
  ///   - pairs: Row numbers of `x`.
  ///   - targets: `t`, one a pair.
  /// - Returns: `[pairs.count, 1]`.
  @_specialize(where Scalar == Float)
  package func cosineErrors(
    _ x: Tensor<Scalar>, pairs: [(first: Int, second: Int)], targets: [Scalar]
  ) -> Tensor<Scalar> {
    precondition(targets.count == pairs.count, "\(targets.count) targets, \(pairs.count) pairs")
    for pair in pairs {
      precondition(
        min(pair.first, pair.second) >= 0 && max(pair.first, pair.second) < x.rows,
        "pair \(pair) of \(x.rows) rows")
    }
    let width = x.columns
    let losses = result(rows: pairs.count, columns: 1, requiresGradient: x.requiresGradient)
    let norms = Storage<Scalar>(x.rows, .activations, in: ledger)
    let cosines = Storage<Scalar>(pairs.count, .activations, in: ledger)
    ledger.compute {
      for row in 0..<x.rows {
        let square = Elementwise.squaredNorm(x.start + row &* width, count: width)
        norms.start[row] = Scalar(max(square.squareRoot(), 1e-8))
      }
      for (i, pair) in pairs.enumerated() {
        let product = Elementwise.dot(
          x.start + pair.first &* width, x.start + pair.second &* width, count: width)
        let cosine = Scalar(product) / (norms.start[pair.first] * norms.start[pair.second])
        cosines.start[i] = cosine
        losses.start[i] = (cosine - targets[i]) * (cosine - targets[i])
      }
    }
    guard losses.requiresGradient else { return losses }
    record { [ledger, dy = losses.derivative] in
      guard x.derivative.isWanted, let gradient = dy.current else { return }
      let target = x.derivative.cleared()
      ledger.compute {
        for (i, pair) in pairs.enumerated() where pair.first != pair.second {
          let cosine = cosines.start[i]
          let slope = 2 * (cosine - targets[i]) * gradient[i]
          let cross = slope / (norms.start[pair.first] * norms.start[pair.second])
          // d cos / d a = b / (|a| |b|) − cos · a / |a|²
          for (own, other) in [pair, (pair.second, pair.first)] {
            let along = -slope * cosine / (norms.start[own] * norms.start[own])
            let (a, b, d) = (
              x.start + own &* width, x.start + other &* width, target + own &* width
            )
            Elementwise.add(b, scale: cross, to: d, count: width)
            Elementwise.add(a, scale: along, to: d, count: width)
          }
        }
      }
    }
    return losses
  }
}
