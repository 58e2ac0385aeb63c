/// Records operations as they run so that their gradients can be computed in reverse.
///
/// An operation is recorded only when something trainable leads to it: frozen layers below the
/// lowest trainable one leave nothing behind and free their activations at once. Backward drops each
/// record after use, which frees the activations it held.
package final class Tape<Scalar: EngineScalar> {
  package let ledger: MemoryLedger
  private var backwardSteps: [() -> Void] = []

  /// Opens an empty tape whose tensors are entered in `ledger`.
  package init(ledger: MemoryLedger) {
    self.ledger = ledger
  }

  /// The number of recorded operations.
  package var count: Int { backwardSteps.count }

  /// Allocates the result of an operation; it needs a gradient when one of the inputs does.
  func result(rows: Int, columns: Int, requiresGradient: Bool) -> Tensor<Scalar> {
    Tensor(rows: rows, columns: columns, requiresGradient: requiresGradient, in: ledger)
  }

  func record(_ step: @escaping () -> Void) {
    backwardSteps.append(step)
  }

  /// Adds to every trainable tensor's gradient that of `Σ weight · Σ loss` over the given losses.
  ///
  /// - Parameter losses: Column vectors of losses, `[examples, 1]`, with the factor each counts with.
  package func backward(from losses: [(loss: Tensor<Scalar>, weight: Scalar)]) {
    for (loss, weight) in losses {
      let gradient = loss.derivative.cleared()
      ledger.compute { for i in 0..<loss.count { gradient[i] += weight } }
    }
    replay()
  }

  /// Adds to every trainable tensor's gradient that of `Σ wᵢ · lossᵢ`.
  ///
  /// - Parameters:
  ///   - loss: A column vector of losses, `[examples, 1]`.
  ///   - weights: `w`, one a loss.
  package func backward(from loss: Tensor<Scalar>, weights: [Scalar]) {
    precondition(weights.count == loss.count, "\(weights.count) weights, \(loss.count) losses")
    let gradient = loss.derivative.cleared()
    ledger.compute { for i in 0..<loss.count { gradient[i] += weights[i] } }
    replay()
  }

  /// Runs the recorded steps in reverse after the caller has written the outputs' gradients.
  func replay() {
    while let step = backwardSteps.popLast() { step() }
  }
}
