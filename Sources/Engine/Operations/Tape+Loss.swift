extension Tape {
  /// Computes each row's cross-entropy in nats: `−log softmax(z)_target`.
  ///
  /// - Parameters:
  ///   - logits: `[examples, classes]`.
  ///   - targets: One class per row.
  /// - Returns: `[examples, 1]`.
  @_specialize(where Scalar == Float)
  package func crossEntropy(_ logits: Tensor<Scalar>, targets: [Int]) -> Tensor<Scalar> {
    let (examples, classes) = (logits.rows, logits.columns)
    precondition(targets.count == examples, "\(targets.count) targets for \(examples) rows")
    let loss = result(rows: examples, columns: 1, requiresGradient: logits.requiresGradient)
    let normalizers = Storage<Scalar>(examples, .activations, in: ledger)
    for target in targets {
      precondition(target >= 0 && target < classes, "target \(target) of \(classes)")
    }
    ledger.compute {
      for i in 0..<examples {
        let row = UnsafePointer(logits.start + i &* classes)
        let normalizer = Softmax.logSumExp(row, count: classes)
        normalizers.start[i] = normalizer
        loss.start[i] = normalizer - row[targets[i]]
      }
    }
    guard logits.requiresGradient else { return loss }
    record { [ledger] in
      guard let dloss = loss.derivative.current else { return }
      let dz = logits.derivative.cleared()
      ledger.compute {
        for i in 0..<examples where dloss[i] != 0 {
          let target = dz + i &* classes
          Softmax.addProbabilities(
            logits.start + i &* classes, normalizer: normalizers.start[i], scale: dloss[i],
            to: target, count: classes)
          target[targets[i]] -= dloss[i]
        }
      }
    }
    return loss
  }

  /// Computes each row's distillation loss `T² KL(p ‖ q)` in nats, `q = softmax(z / T)`.
  ///
  /// Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network",
  /// arXiv:1503.02531, section 2; `T²` keeps the gradient's size independent of the temperature.
  ///
  /// - Parameters:
  ///   - logits: The student's, `[examples, classes]`.
  ///   - teacher: The teacher's probabilities `p` at the same temperature, row-major, of that shape.
  ///   - temperature: `T`.
  /// - Returns: `[examples, 1]`.
  @_specialize(where Scalar == Float)
  package func distillation(
    _ logits: Tensor<Scalar>, teacher: [Scalar], temperature: Scalar
  ) -> Tensor<Scalar> {
    let (examples, classes) = (logits.rows, logits.columns)
    precondition(teacher.count == logits.count, "teacher of \(teacher.count) for \(logits.count)")
    let loss = result(rows: examples, columns: 1, requiresGradient: logits.requiresGradient)
    let scaled = Storage<Scalar>(logits.count, .activations, in: ledger)
    let normalizers = Storage<Scalar>(examples, .activations, in: ledger)
    ledger.compute {
      Elementwise.copy(logits.start, scale: 1 / temperature, to: scaled.start, count: logits.count)
      for i in 0..<examples {
        let row = UnsafePointer(scaled.start + i &* classes)
        let normalizer = Softmax.logSumExp(row, count: classes)
        normalizers.start[i] = normalizer
        var divergence = Scalar.zero
        for j in 0..<classes {
          let p = teacher[i &* classes &+ j]
          if p > 0 { divergence += p * (Scalar.log(p) - (row[j] - normalizer)) }
        }
        loss.start[i] = temperature * temperature * divergence
      }
    }
    guard logits.requiresGradient else { return loss }
    record { [ledger] in
      guard let dloss = loss.derivative.current else { return }
      let dz = logits.derivative.cleared()
      ledger.compute {
        for i in 0..<examples {
          // d(T² KL)/dz = T (q Σp − p); Σp is 1 up to rounding, and its rounding is kept.
          let scale = dloss[i] * temperature
          var mass = Scalar.zero
          for j in 0..<classes { mass += teacher[i &* classes &+ j] }
          let target = dz + i &* classes
          Softmax.addProbabilities(
            scaled.start + i &* classes, normalizer: normalizers.start[i], scale: scale * mass,
            to: target, count: classes)
          for j in 0..<classes { target[j] -= scale * teacher[i &* classes &+ j] }
        }
      }
    }
    return loss
  }
}
