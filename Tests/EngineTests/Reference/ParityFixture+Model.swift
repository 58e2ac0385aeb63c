import Testing

@testable import Engine

extension ParityFixture {
  /// The model, read as a user's is.
  func model() throws -> Transformer<Float> {
    let folder = try ModelFolder(folder)
    return try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
  }

  /// The batch of the numbers at the start, with room for a soft prompt.
  func firstBatch(virtualTokens: Int = 0) throws -> PackedBatch {
    let batch = try #require(expected.batches.first)
    return PackedBatch(batch.sequences, virtualTokens: virtualTokens)
  }

  /// The recorded gradients as those of the engine's weights; each is used, and each weight has one.
  func gradients(
    of model: Transformer<Float>
  ) throws -> [(slot: WeightSlot, values: [Float])] {
    let layout = CheckpointLayout(model.description)
    var recorded: [String: Numbers] = [:]
    for (name, numbers) in try gradients() where name != "head" {
      recorded[layout.names.canonical(name)] = numbers
    }
    var used: Set<String> = []
    // The recorded loss reads the state of the first token, which no pooler touches.
    let poolers: [WeightSlot] = [.pooler, .pooler.bias, .poolerNorm, .poolerNorm.bias]
    let weights = model.description.weights.filter { !poolers.contains($0.slot) }
    let gradients = try weights.map { weight in
      let place = layout.place(of: weight)
      used.insert(place.name)
      let whole = try #require(recorded[place.name], "no gradient of \(place.name)")
      return (weight.slot, whole.cut(to: place))
    }
    #expect(used == Set(recorded.keys))
    return gradients
  }
}

extension ParityFixture.Numbers {
  /// The part of a tensor that lies in a weight's place, in the engine's layout.
  fileprivate func cut(to place: CheckpointLayout.Place) -> [Float] {
    let isVector = shape.count == 1
    let inputs = isVector ? 1 : place.weight.columns
    let outputs = isVector ? place.weight.columns : place.weight.rows
    return (0..<outputs * inputs).map { index in
      let (own, input) = (index / inputs, index % inputs)
      let output = place.share.map { $0.start(ofBlock: own / $0.block) + own % $0.block } ?? own
      return values[place.isTransposed ? input * shape[1] + output : output * inputs + input]
    }
  }
}

extension Tensor<Float> {
  /// A parameter that begins with recorded numbers.
  convenience init(_ numbers: ParityFixture.Numbers, in ledger: MemoryLedger) {
    self.init(
      rows: numbers.shape.first ?? 0, columns: numbers.shape.last ?? 0, category: .weights,
      requiresGradient: true, in: ledger)
    precondition(numbers.values.count == count, "\(numbers.values.count) values for \(count)")
    for (index, value) in numbers.values.enumerated() { elements[index] = value }
  }
}

/// The largest absolute difference; infinite where there are not as many or one is no number.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  let differences = zip(a, b).map { abs($0 - $1) }
  return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? .infinity
}

/// The length of a vector.
func length(_ values: [Float]) -> Double {
  values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}

/// The length of the difference of two vectors; infinite where one is longer.
func distance(_ a: [Float], _ b: [Float]) -> Double {
  a.count == b.count ? length(zip(a, b).map { $0 - $1 }) : .infinity
}
