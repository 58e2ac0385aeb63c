/// How the states of a sequence's tokens become one state.
package enum TokenPooling: Hashable, Sendable {
  /// Their mean.
  case mean
  /// Of each column the largest.
  case max
}

extension Tape {
  /// Pools runs of rows: `y_i = mean(x_r)` or `max(x_r)` over the rows `r` of span `i`.
  ///
  /// The mean adds rows in their order. Of equal largest elements the first one gets the gradient.
  ///
  /// - Parameters:
  ///   - x: `[any, width]`.
  ///   - spans: Rows of `x`, at least one each.
  ///   - pooling: What is made of them.
  /// - Returns: `[spans.count, width]`.
  @_specialize(where Scalar == Float)
  func pooled(
    _ x: Tensor<Scalar>, spans: [Range<Int>], by pooling: TokenPooling
  ) -> Tensor<Scalar> {
    let width = x.columns
    for span in spans {
      precondition(
        !span.isEmpty && span.lowerBound >= 0 && span.upperBound <= x.rows,
        "pooled: rows \(span) of \(x.rows)")
    }
    let y = result(rows: spans.count, columns: width, requiresGradient: x.requiresGradient)
    ledger.compute {
      let (from, to) = (x.start, y.start)
      Parallel.ranges(spans.count, cost: x.rows / Swift.max(1, spans.count) * width) { range in
        for i in range {
          let (span, target) = (spans[i], to + i &* width)
          Elementwise.copy(from + span.lowerBound &* width, to: target, count: width)
          for row in span.dropFirst() {
            let source = from + row &* width
            switch pooling {
            case .mean: Elementwise.add(source, to: target, count: width)
            case .max: for j in 0..<width where source[j] > target[j] { target[j] = source[j] }
            }
          }
          if pooling == .mean {
            let factor = 1 / Scalar(span.count)
            for j in 0..<width { target[j] *= factor }
          }
        }
      }
    }
    guard y.requiresGradient else { return y }
    let kept = pooling == .max ? x : nil
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard dx.isWanted, let gradient = dy.current else { return }
      let target = dx.cleared()
      ledger.compute {
        for (i, span) in spans.enumerated() {
          let g = gradient + i &* width
          guard let kept else {
            let factor = 1 / Scalar(span.count)
            for row in span {
              let d = target + row &* width
              for j in 0..<width { d[j] += g[j] * factor }
            }
            continue
          }
          let values = kept.start
          for j in 0..<width {
            var best = span.lowerBound
            for row in span where values[row &* width &+ j] > values[best &* width &+ j] {
              best = row
            }
            target[best &* width &+ j] += g[j]
          }
        }
      }
    }
    return y
  }

  /// The mean of tensors of one shape, added in their order.
  @_specialize(where Scalar == Float)
  package func mean(_ tensors: [Tensor<Scalar>]) -> Tensor<Scalar> {
    precondition(!tensors.isEmpty, "the mean of no tensors")
    let (rows, columns) = (tensors[0].rows, tensors[0].columns)
    let needs = tensors.contains { $0.requiresGradient }
    let y = result(rows: rows, columns: columns, requiresGradient: needs)
    let factor = 1 / Scalar(tensors.count)
    ledger.compute {
      Elementwise.copy(tensors[0].start, to: y.start, count: y.count)
      for x in tensors.dropFirst() { Elementwise.add(x.start, to: y.start, count: y.count) }
      for i in 0..<y.count { y.start[i] *= factor }
    }
    guard needs else { return y }
    record { [ledger, dy = y.derivative, targets = tensors.map(\.derivative)] in
      guard let gradient = dy.current else { return }
      for dx in targets where dx.isWanted {
        let target = dx.cleared()
        ledger.compute { for i in 0..<(rows * columns) { target[i] += gradient[i] * factor } }
      }
    }
    return y
  }
}
