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
  private var moments: [Moments?]
  private var step = 0

  /// The running means of a tensor's gradient and of its square, for all of it or for touched rows.
  private enum Moments {
    case whole(Storage<Scalar>)  // m then v
    case rows([RowMoments])
  }

  /// The moments of rows that were first touched together, m then v.
  private struct RowMoments {
    let numbers: [Int]
    let storage: Storage<Scalar>
  }

  /// What one step multiplies with.
  private struct Factors {
    let clip, beta1, beta2, stepSize, correction, epsilon, keep: Scalar
  }

  /// Prepares to train `groups`; moments are entered in `ledger` once needed.
  package init(_ groups: [Group], options: Options, in ledger: MemoryLedger) {
    precondition(
      Set(groups.map { ObjectIdentifier($0.tensor) }).count == groups.count,
      "a tensor is in two groups")
    self.groups = groups
    self.options = options
    self.ledger = ledger
    moments = groups.map { _ in nil }
  }

  /// Changes every tensor along its gradient and marks the gradients as used up.
  ///
  /// Rows of an embedding that no batch has touched have no gradient and no moments; without weight
  /// decay Adam would not move them either, and with it they decay as the rest does.
  ///
  /// - Parameter learningRate: Of this step, before each group's factor.
  /// - Returns: The norm of the whole gradient before clipping; NaN or infinite when training broke.
  @_specialize(where Scalar == Float)
  package func step(learningRate: Double) -> Double {
    step += 1
    var norm = 0.0
    ledger.compute { norm = gradientNorm() }
    guard norm.isFinite else { return norm }
    // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
    let clip = options.clipNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    var pieces: [Piece] = []
    for (index, group) in groups.enumerated() {
      let derivative = group.tensor.derivative
      guard derivative.holdsValue else { continue }
      group.tensor.willChange()
      let factors = factors(clip: clip, rate: learningRate * group.rateScale)
      if let touched = derivative.touched {
        add(group.tensor, touched, index: index, factors, to: &pieces)
      } else if let gradient = derivative.current {
        add(group.tensor, gradient, index: index, factors, to: &pieces)
      }
    }
    ledger.compute { update(pieces) }
    for group in groups { group.tensor.derivative.discard() }
    return norm
  }

  private func gradientNorm() -> Double {
    var runs: [UnsafeBufferPointer<Scalar>] = []
    for group in groups {
      let derivative = group.tensor.derivative
      guard derivative.holdsValue else { continue }
      if let touched = derivative.touched {
        runs += touched.chunks.map {
          UnsafeBufferPointer(start: $0.storage.start, count: $0.storage.count)
        }
      } else if let gradient = derivative.current {
        runs.append(UnsafeBufferPointer(start: gradient, count: group.tensor.count))
      }
    }
    return Elementwise.squaredNorm(of: runs).squareRoot()
  }

  private func factors(clip: Double, rate: Double) -> Factors {
    Factors(
      clip: Scalar(clip), beta1: Scalar(options.beta1), beta2: Scalar(options.beta2),
      stepSize: Scalar(rate / (1 - power(options.beta1, step))),
      correction: Scalar(1 / (1 - power(options.beta2, step)).squareRoot()),
      epsilon: Scalar(options.epsilon), keep: Scalar(1 - rate * options.weightDecay))
  }

  /// A run of weights with its gradient and moments.
  private struct Piece {
    let x, gradient, m, v: UnsafeMutablePointer<Scalar>
    let count: Int
    let factors: Factors
  }

  private func add(
    _ tensor: Tensor<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>, index: Int,
    _ factors: Factors, to pieces: inout [Piece]
  ) {
    let count = tensor.count
    let moment: Storage<Scalar>
    switch moments[index] {
    case .whole(let known): moment = known
    case .rows(let chunks): moment = spread(chunks, over: tensor)
    case nil: moment = fresh(count)
    }
    moments[index] = .whole(moment)
    let m = moment.start
    pieces.append(
      Piece(
        x: tensor.start, gradient: gradient, m: m, v: m + count, count: count, factors: factors))
  }

  private func add(
    _ tensor: Tensor<Scalar>, _ touched: TouchedRows<Scalar>, index: Int, _ factors: Factors,
    to pieces: inout [Piece]
  ) {
    var known: [RowMoments] = []
    if case .rows(let chunks) = moments[index] { known = chunks }
    for chunk in touched.chunks[known.count...] {
      known.append(
        RowMoments(numbers: Array(chunk.numbers), storage: fresh(chunk.storage.count)))
    }
    moments[index] = .rows(known)
    let (width, x) = (touched.width, tensor.start)
    for (chunk, moment) in zip(touched.chunks, known) {
      let (g, m, numbers) = (chunk.storage.start, moment.storage.start, moment.numbers)
      for (i, number) in numbers.enumerated() {
        let place = i &* width
        pieces.append(
          Piece(
            x: x + number &* width, gradient: g + place, m: m + place,
            v: m + (numbers.count &* width &+ place), count: width, factors: factors))
      }
    }
    guard options.weightDecay > 0 else { return }
    ledger.compute {
      let isTouched = Set(touched.numbers)
      for row in 0..<tensor.rows where !isTouched.contains(row) {
        for i in 0..<width { x[row &* width &+ i] *= factors.keep }
      }
    }
  }

  /// Updates all pieces, on all threads at once: threads wait for each other once per step.
  private func update(_ pieces: [Piece]) {
    let total = pieces.reduce(0) { $0 + $1.count }
    Parallel.ranges(total, cost: 8, multiple: 16) { range in
      var first = 0
      for piece in pieces {
        let mine = range.clamped(to: first..<(first &+ piece.count))
        if !mine.isEmpty {
          let skipped = mine.lowerBound &- first
          update(
            piece.x + skipped, piece.gradient + skipped, m: piece.m + skipped,
            v: piece.v + skipped, count: mine.count, piece.factors)
        }
        first &+= piece.count
      }
    }
  }

  private func fresh(_ count: Int) -> Storage<Scalar> {
    let moment = Storage<Scalar>(2 * count, .optimizer, in: ledger)
    moment.clear()
    return moment
  }

  /// The sparse moments as those of the whole tensor, whose other rows have had no gradient.
  private func spread(_ chunks: [RowMoments], over tensor: Tensor<Scalar>) -> Storage<Scalar> {
    let whole = fresh(tensor.count)
    let width = tensor.columns
    ledger.compute {
      for chunk in chunks {
        let half = chunk.storage.count / 2
        for (i, row) in chunk.numbers.enumerated() {
          for (from, to) in [
            (i * width, row * width), (half + i * width, tensor.count + row * width),
          ] {
            Elementwise.copy(chunk.storage.start + from, to: whole.start + to, count: width)
          }
        }
      }
    }
    return whole
  }

  @inline(__always)
  private func update(
    _ x: UnsafeMutablePointer<Scalar>, _ gradient: UnsafePointer<Scalar>,
    m: UnsafeMutablePointer<Scalar>, v: UnsafeMutablePointer<Scalar>, count: Int, _ f: Factors
  ) {
    var i = 0
    while i &+ 8 <= count {
      let g = Elementwise.load(gradient, i) * f.clip
      let nextM = Elementwise.load(m, i) * f.beta1 + g * (1 - f.beta1)
      let nextV = Elementwise.load(v, i) * f.beta2 + g * g * (1 - f.beta2)
      Elementwise.store(nextM, m, i)
      Elementwise.store(nextV, v, i)
      let change = nextM * f.stepSize / (Scalar.squareRoot(nextV) * f.correction + f.epsilon)
      Elementwise.store(Elementwise.load(x, i) * f.keep - change, x, i)
      i &+= 8
    }
    while i < count {
      let g = gradient[i] * f.clip
      m[i] = m[i] * f.beta1 + g * (1 - f.beta1)
      v[i] = v[i] * f.beta2 + g * g * (1 - f.beta2)
      x[i] = x[i] * f.keep - m[i] * f.stepSize / (v[i].squareRoot() * f.correction + f.epsilon)
      i &+= 1
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    Double.exp(Double.log(base) * Double(exponent))
  }
}

extension AdamW {
  /// The optimizer's state between steps, from which a stopped run continues.
  package struct State: Sendable {
    /// Steps done.
    package var step: Int
    /// For each group the running means of the gradient and of its square, `2 · count` scalars; nil
    /// before the first step.
    package var moments: [[Scalar]?]

    package init(step: Int, moments: [[Scalar]?]) {
      self.step = step
      self.moments = moments
    }
  }

  /// The state after the last step; every group must be a tensor that gradients fill as a whole.
  package var state: State {
    State(
      step: step,
      moments: moments.map { moment in
        switch moment {
        case .whole(let storage):
          return withExtendedLifetime(storage) {
            Array(UnsafeBufferPointer(start: storage.start, count: storage.count))
          }
        case .rows: preconditionFailure("the moments of single rows are not saved")
        case nil: return nil
        }
      })
  }

  /// Continues from the state of an optimizer with the same groups.
  package func restore(_ state: State) {
    precondition(
      state.moments.count == groups.count,
      "moments of \(state.moments.count) groups for \(groups.count)")
    step = state.step
    moments = zip(groups, state.moments).map { group, saved in
      guard let saved else { return nil }
      precondition(
        saved.count == 2 * group.tensor.count,
        "\(saved.count) moments for \(group.tensor.count) weights")
      let storage = fresh(group.tensor.count)
      withExtendedLifetime(storage) {
        saved.withUnsafeBufferPointer { values in
          if let start = values.baseAddress {
            Elementwise.copy(start, to: storage.start, count: values.count)
          }
        }
      }
      return .whole(storage)
    }
  }
}
