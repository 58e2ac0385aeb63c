extension AdapterFolder {
  /// A module's low-rank product, of the one part or the several parts it holds.
  private struct Product {
    let module: AdapterModules.Module
    let a: Adapter.Matrix
    let b: Adapter.Matrix
    let alpha: Double
    let magnitude: [Float]?
  }

  /// The configuration and tensors of a LoRA adapter.
  func loraFile(
    _ lora: Adapter.LoRA, base: (WeightSlot) -> UnsafeBufferPointer<Float>
  ) -> (members: KeyValuePairs<String, JSONValue>, tensors: [Tensor]) {
    var products: [Product] = []
    for module in modules.all {
      let parts = lora.parts.filter { part in
        part.layer == module.layer && module.members.contains { $0.part == part.part }
      }
      guard !parts.isEmpty else { continue }
      products.append(
        product(of: parts, in: module, isStable: lora.usesRankStabilization, base: base))
    }
    var tensors: [Tensor] = []
    for product in products {
      let name = AdapterModules.root + modules.fullName(product.module)
      tensors.append(Tensor("\(name).lora_A.weight", product.a))
      tensors.append(Tensor("\(name).lora_B.weight", product.b))
      if let magnitude = product.magnitude {
        tensors.append(Tensor("\(name).lora_magnitude_vector", [magnitude.count], magnitude))
      }
    }
    // The modules that differ from the first in rank or alpha are listed by name.
    let (rank, alpha) = (products.first?.a.rows ?? 1, products.first?.alpha ?? 1)
    func pattern(
      _ value: (Product) -> JSONValue, where differs: (Product) -> Bool
    ) -> JSONValue {
      .object(
        JSONObject(
          members: products.filter(differs).map {
            .init(key: modules.fullName($0.module), value: value($0))
          }))
    }
    return (
      [
        "peft_type": "LORA", "r": .integer(rank), "lora_alpha": Self.number(alpha),
        "rank_pattern": pattern({ .integer($0.a.rows) }, where: { $0.a.rows != rank }),
        "alpha_pattern": pattern({ Self.number($0.alpha) }, where: { $0.alpha != alpha }),
        "target_modules": .array(
          modules.targets(products.map(\.module)).map(JSONValue.string)),
        "lora_dropout": .number(lora.dropout),
        "use_rslora": .boolean(lora.usesRankStabilization),
        "use_dora": .boolean(products.contains { $0.magnitude != nil }),
        "fan_in_fan_out": .boolean(modules.isTransposed), "bias": "none",
        "init_lora_weights": true,
      ],
      tensors
    )
  }

  private static func number(_ value: Double) -> JSONValue {
    Int(exactly: value).map(JSONValue.integer) ?? .number(value)
  }

  /// The parts' products as one of the module: `B A` has each part's rows where the module has them.
  private func product(
    of parts: [Adapter.LoRA.Part], in module: AdapterModules.Module, isStable: Bool,
    base: (WeightSlot) -> UnsafeBufferPointer<Float>
  ) -> Product {
    let scale = parts[0].scale
    precondition(
      parts.allSatisfy { $0.scale == scale }, "\(module.path) would need more than one scale")
    let sharesA = parts.dropFirst().allSatisfy { $0.a == parts[0].a }
    let rank = sharesA ? parts[0].a.rows : parts.reduce(0) { $0 + $1.a.rows }
    var b = [Float](repeating: 0, count: module.outputs * rank)
    var magnitude = [Float](repeating: 0, count: module.outputs)
    var column = 0
    for (part, place) in module.members {
      let rows = module.rows(of: place)
      guard let own = parts.first(where: { $0.part == part }) else {
        if parts[0].magnitude != nil {
          let norms = Self.rowNorms(base(.layer(module.layer, part)), columns: module.inputs)
          for (row, norm) in zip(rows, norms) { magnitude[row] = norm }
        }
        continue
      }
      precondition(
        own.b.rows == rows.count && own.a.columns == module.inputs,
        "\(module.path): B has \(own.b.rows) rows, A \(own.a.columns) columns")
      for (index, row) in rows.enumerated() {
        for k in 0..<own.b.columns {
          b[row * rank + column + k] = own.b.values[index * own.b.columns + k]
        }
        if let norms = own.magnitude { magnitude[row] = norms[index] }
      }
      if !sharesA { column += own.a.rows }
    }
    let ordered = module.members.compactMap { member in parts.first { $0.part == member.part } }
    let a = sharesA ? parts[0].a.values : ordered.flatMap(\.a.values)
    return Product(
      module: module, a: .init(rows: rank, columns: module.inputs, values: a),
      b: .init(rows: module.outputs, columns: rank, values: b),
      alpha: Self.alpha(scale: scale, rank: rank, isStable: isStable),
      magnitude: parts[0].magnitude == nil ? nil : magnitude)
  }

  /// The alpha for a scale `α/r` or `α/√r`; whole numbers are recovered exactly.
  private static func alpha(scale: Double, rank: Int, isStable: Bool) -> Double {
    let alpha = scale * (isStable ? Double(rank).squareRoot() : Double(rank))
    return abs(alpha - alpha.rounded()) < 1e-9 * alpha ? alpha.rounded() : alpha
  }

  private static func rowNorms(
    _ matrix: UnsafeBufferPointer<Float>, columns: Int
  ) -> [Float] {
    stride(from: 0, to: matrix.count, by: columns).map { start in
      var sum = 0.0
      for i in start..<start + columns { sum += Double(matrix[i]) * Double(matrix[i]) }
      return Float(sum.squareRoot())
    }
  }
}
