extension LinearLayer {
  /// (IA)³'s trainable factors of the outputs, or of the inputs of a feed-forward block's last layer.
  package enum Rescaling {
    case outputs(Tensor<Scalar>)  // [1, outputs]
    case inputs(Tensor<Scalar>)  // [1, inputs]

    package var factors: Tensor<Scalar> {
      switch self {
      case .outputs(let factors), .inputs(let factors): factors
      }
    }

    var isOfInputs: Bool {
      if case .inputs = self { true } else { false }
    }
  }

  /// Adds factors that are 1, so that the layer computes what it did before.
  package func attachRescaling(ofInputs: Bool, in ledger: MemoryLedger) {
    let factors = Tensor<Scalar>(
      rows: 1, columns: ofInputs ? inputs : outputs, category: .weights, requiresGradient: true,
      in: ledger)
    factors.fill { _ in 1 }
    rescaling = ofInputs ? .inputs(factors) : .outputs(factors)
  }
}
