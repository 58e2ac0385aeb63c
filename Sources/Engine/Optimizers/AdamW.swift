/// Adam with decoupled weight decay.
///
/// Loshchilov and Hutter 2019, "Decoupled weight decay regularization", arXiv:1711.05101,
/// algorithm 2, in the arrangement of `torch.optim.AdamW`: decay first, then
/// `θ −= η m̂ / (√v̂ + ε)` with bias-corrected moments.
package final class AdamW<Scalar: EngineScalar> {
  package struct Options: Hashable, Sendable {
    package var beta1 = 0.9
    package var beta2 = 0.999
    package var epsilon = 1e-8
    package var weightDecay = 0.0
    /// Largest norm of the whole gradient; nil for no clipping.
    package var clipNorm: Double?

    package init(weightDecay: Double = 0, clipNorm: Double? = nil) {
      self.weightDecay = weightDecay
      self.clipNorm = clipNorm
    }
  }

  /// A tensor that trains, with the factor its learning rate is multiplied by.
  package struct Group {
    package let tensor: Tensor<Scalar>
    package let rateScale: Double

    package init(_ tensor: Tensor<Scalar>, rateScale: Double = 1) {
      self.tensor = tensor
      self.rateScale = rateScale
    }
  }

  private let groups: [Group]
  private let options: Options
  private let ledger: MemoryLedger
  private var moments: [Storage<Scalar>?]  // m then v, allocated at a tensor's first gradient
  private var step = 0

  /// Prepares to train `groups`; moments are entered in `ledger` once needed.
  package init(_ groups: [Group], options: Options, in ledger: MemoryLedger) {
    self.groups = groups
    self.options = options
    self.ledger = ledger
    moments = groups.map { _ in nil }
  }

  /// Changes every tensor along its gradient and marks the gradients as used up.
  ///
  /// - Parameter learningRate: Of this step, before each group's factor.
  /// - Returns: The norm of the whole gradient before clipping; NaN or infinite when training broke.
  @_specialize(where Scalar == Float)
  package func step(learningRate: Double) -> Double {
    step += 1
    var squares = 0.0
    for group in groups {
      if let gradient = group.tensor.gradient?.baseAddress {
        squares += Elementwise.squaredNorm(gradient, count: group.tensor.count)
      }
    }
    let norm = squares.squareRoot()
    guard norm.isFinite else { return norm }
    // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
    let clip = options.clipNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    for (index, group) in groups.enumerated() {
      guard let gradient = group.tensor.gradient?.baseAddress else { continue }
      update(
        group, index: index, gradient, clip: Scalar(clip), rate: learningRate * group.rateScale)
      group.tensor.discardGradient()
    }
    return norm
  }

  @inline(__always)
  private func update(
    _ group: Group, index: Int, _ gradient: UnsafeMutablePointer<Scalar>, clip: Scalar, rate: Double
  ) {
    let count = group.tensor.count
    let moment: Storage<Scalar>
    if let known = moments[index] {
      moment = known
    } else {
      moment = Storage(2 * count, .optimizer, in: ledger)
      moment.clear()
      moments[index] = moment
    }
    let (m, v, x) = (moment.start, moment.start + count, group.tensor.start)
    let (beta1, beta2) = (Scalar(options.beta1), Scalar(options.beta2))
    let stepSize = Scalar(rate / (1 - power(options.beta1, step)))
    let correction = Scalar(1 / (1 - power(options.beta2, step)).squareRoot())
    let epsilon = Scalar(options.epsilon)
    let keep = Scalar(1 - rate * options.weightDecay)
    var i = 0
    while i &+ 8 <= count {
      let g = Elementwise.load(gradient, i) * clip
      let nextM = Elementwise.load(m, i) * beta1 + g * (1 - beta1)
      let nextV = Elementwise.load(v, i) * beta2 + g * g * (1 - beta2)
      Elementwise.store(nextM, m, i)
      Elementwise.store(nextV, v, i)
      let change = nextM * stepSize / (nextV.squareRoot() * correction + epsilon)
      Elementwise.store(Elementwise.load(x, i) * keep - change, x, i)
      i &+= 8
    }
    while i < count {
      let g = gradient[i] * clip
      m[i] = m[i] * beta1 + g * (1 - beta1)
      v[i] = v[i] * beta2 + g * g * (1 - beta2)
      x[i] = x[i] * keep - m[i] * stepSize / (v[i].squareRoot() * correction + epsilon)
      i &+= 1
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    Double.exp(Double.log(base) * Double(exponent))
  }
}
