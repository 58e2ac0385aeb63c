import Testing

@testable import Engine

@Suite("Gradients agree with central differences")
struct GradientTests {
  static let widths = [1, 7, 8, 9, 17]

  @Test("linear layer with bias and residual", arguments: widths)
  func linear(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(5, width)
    let b = check.input(1, 5)
    let r = check.input(3, 5)
    #expect(check.worstError { $0.linear(x, w, bias: b, residual: r) } < 1e-8)
  }

  @Test("linear layer used twice adds its gradients up")
  func linearTwice() {
    var check = GradientCheck()
    let x = check.input(3, 4)
    let w = check.input(4, 4)
    #expect(check.worstError { $0.linear($0.linear(x, w), w) } < 1e-7)
  }

  @Test("low-rank addition", arguments: widths)
  func lowRank(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(5, width)
    let a = check.input(2, width)
    let b = check.input(5, 2)
    let error = check.worstError { tape in
      let y = tape.linear(x, w)
      tape.addLowRank(to: y, x, a: a, b: b, scale: 0.7)
      return y
    }
    #expect(error < 1e-8)
  }

  @Test("cosines of pairs, a row in several and one with itself", arguments: widths)
  func cosineErrors(width: Int) {
    var check = GradientCheck()
    let x = check.input(4, width)
    let pairs = [(0, 1), (1, 2), (3, 3), (2, 0), (1, 0)].map { (first: $0.0, second: $0.1) }
    let error = check.worstError {
      $0.cosineErrors(x, pairs: pairs, targets: [1, 0, 1, 0.5, 0])
    }
    #expect(error < 1e-7)
  }

  @Test("scores of words at masks", arguments: [5, 8, 17])
  func wordScores(vocabulary: Int) {
    var check = GradientCheck()
    let logits = check.input(6, vocabulary)
    let words = [[1], [0, 4], [2, 2, 3]]
    #expect(check.worstError { $0.wordScores(logits, words: words, masks: 3) } < 1e-7)
    #expect(check.worstError { $0.picked(logits, columnOfEachRow: [0, 1, 4, 4, 2, 0]) } < 1e-7)
  }

  @Test("layer normalization", arguments: widths)
  func layerNorm(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(1, width)
    let b = check.input(1, width)
    #expect(check.worstError { $0.layerNormalized(x, weight: w, bias: b, epsilon: 1e-2) } < 1e-7)
  }

  @Test("root-mean-square normalization", arguments: widths)
  func rmsNorm(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(1, width)
    #expect(check.worstError { $0.rmsNormalized(x, weight: w, epsilon: 1e-2) } < 1e-7)
  }

  @Test(
    "activation functions",
    arguments: [Activation.silu, .gelu, .geluTanh, .relu],
    widths)
  func activation(activation: Activation, width: Int) {
    var check = GradientCheck()
    let x = check.input(2, width)
    let gate = check.input(2, width)
    #expect(check.worstError { $0.activated(x, by: activation) } < 1e-8)
    #expect(check.worstError { $0.gated(x, gate: gate, by: activation) } < 1e-8)
  }

  @Test("gathered rows, some of them twice", arguments: widths)
  func gather(width: Int) {
    var check = GradientCheck()
    let x = check.input(4, width)
    #expect(check.worstError { $0.gathered(x, rows: [2, 0, 2]) } < 1e-8)
  }

  @Test("gathered rows with rows of a soft prompt, and rows added in place", arguments: widths)
  func virtualRows(width: Int) {
    var check = GradientCheck()
    let x = check.input(4, width)
    let prompt = check.input(2, width)
    let positions = check.input(3, width)
    let error = check.worstError { tape in
      let y = tape.gathered(x, rows: [2, -1, 0, -2, -1], virtual: prompt)
      tape.addRows(to: y, of: positions, rows: [0, 1, 2, 1, 1])
      return y
    }
    #expect(error < 1e-8)
  }

  @Test("scaled columns with constants, bias and residual", arguments: widths)
  func scaledColumns(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let scale = check.input(1, width)
    let bias = check.input(1, width)
    let residual = check.input(3, width)
    let constants = Tensor<Double>(rows: 1, columns: width, in: check.ledger)
    for i in 0..<width { constants.elements[i] = Double(i + 1) / 3 }
    #expect(check.worstError { $0.scaledColumns(x, by: scale) } < 1e-8)
    let error = check.worstError {
      $0.scaledColumns(x, by: scale, constants: constants, bias: bias, residual: residual)
    }
    #expect(error < 1e-8)
  }

  @Test("values that were forgotten are computed again", arguments: widths)
  func forgotten(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(1, width)
    let b = check.input(1, width)
    let matrix = check.input(4, width)
    let stream = RandomStream(seed: 3, purpose: "mask")
    let error = check.worstError { tape in
      let normed = tape.layerNormalized(x, weight: w, bias: b, epsilon: 1e-2)
      let gated = tape.gated(normed, gate: normed, by: .silu)
      let dropped = tape.droppedOut(gated, probability: 0.2, stream: stream)
      let active = tape.activated(dropped, by: .gelu)
      let y = tape.linear(active, matrix)
      for tensor in [normed, gated, dropped, active] { tensor.forget() }
      return y
    }
    #expect(error < 1e-7)
  }

  @Test("a rectifier takes the place of an input that nobody reads any more", arguments: widths)
  func rectifierInPlace(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let w = check.input(5, width)
    #expect(
      check.worstError { $0.activated($0.linear(x, w), by: .relu, consuming: true) } < 1e-8)
  }

  @Test("sum of two tensors and of a tensor with itself", arguments: widths)
  func sum(width: Int) {
    var check = GradientCheck()
    let x = check.input(2, width)
    let y = check.input(2, width)
    #expect(check.worstError { $0.sum($0.sum(x, y), x) } < 1e-8)
  }

  @Test("dropout, whose mask backward draws again", arguments: widths)
  func dropout(width: Int) {
    var check = GradientCheck()
    let x = check.input(3, width)
    let stream = RandomStream(seed: 3, purpose: "mask")
    #expect(check.worstError { $0.droppedOut(x, probability: 0.3, stream: stream) } < 1e-8)
  }

  @Test("cross-entropy", arguments: [2, 7, 8, 9, 17])
  func crossEntropy(classes: Int) {
    var check = GradientCheck()
    let z = check.input(3, classes, scale: 3)
    #expect(check.worstError { $0.crossEntropy(z, targets: [0, classes - 1, 1]) } < 1e-8)
  }

  @Test("distillation at a temperature", arguments: [2, 7, 8, 9, 17])
  func distillation(classes: Int) {
    var check = GradientCheck()
    let z = check.input(2, classes, scale: 2)
    var random = RandomStream(seed: 11, purpose: "teacher")
    let teacher = (0..<2).flatMap { _ in
      let raw = (0..<classes).map { _ in random.uniform() }
      return raw.map { $0 / raw.reduce(0, +) }
    }
    #expect(check.worstError { $0.distillation(z, teacher: teacher, temperature: 2.5) } < 1e-8)
  }

  @Test("rotary embedding in place", arguments: [2, 4, 8, 18])
  func rotary(headWidth: Int) {
    var check = GradientCheck()
    let x = check.input(3, 5)
    let w = check.input(2 * headWidth, 5)
    let table = RotaryTable<Double>(
      RotaryPositions(base: 100, width: headWidth), headWidth: headWidth)
    let error = check.worstError { tape in
      let y = tape.linear(x, w)
      tape.rotate(y, positions: [0, 4, 2], table: table)
      return y
    }
    #expect(error < 1e-8)
  }

  @Test(
    "attention over packed sequences with grouped queries and a prefix",
    arguments: [1, 3, 8, 9], [0, 3])
  func attention(headWidth: Int, prefixLength: Int) {
    var check = GradientCheck()
    let batch = PackedBatch([[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11, 12, 13]])
    for (isBidirectional, chosen) in [
      (false, nil), (false, batch.lastRows), (true, nil), (true, batch.firstRows),
    ] {
      let layout = AttentionLayout(
        BatchRows(batch, from: 0), heads: 4, keyValueHeads: 2,
        headWidth: headWidth, isBidirectional: isBidirectional, onlyRows: chosen)
      let q = check.input(layout.visible.count, 4 * headWidth)
      let k = check.input(13, 2 * headWidth)
      let v = check.input(13, 2 * headWidth)
      var prefix: AttentionPrefix<Double>?
      if prefixLength > 0 {
        let keys = check.input(prefixLength + 1, 2 * headWidth)
        let values = check.input(prefixLength + 1, 2 * headWidth)
        prefix = AttentionPrefix(keys: keys, values: values, length: prefixLength)
      }
      let error = check.worstError {
        $0.attention(query: q, key: k, value: v, layout: layout, prefix: prefix)
      }
      #expect(error < 1e-7)
    }
  }

  @Test(
    "attention whose scores depend on distances, by biases or by products", arguments: [1, 8, 9],
    [0, 3])
  func relativeAttention(headWidth: Int, prefixLength: Int) {
    let batch = PackedBatch([[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11, 12, 13]])
    let rows = BatchRows(batch, from: 0)
    let heads = 2
    for chosen in [nil, batch.firstRows, batch.lastRows] {
      for (hasBiases, hasKeys, hasQueries) in [
        (true, false, false), (false, true, true), (false, true, false), (false, false, true),
      ] {
        var check = GradientCheck()
        var layout = AttentionLayout(
          rows, heads: heads, keyValueHeads: heads, headWidth: headWidth, isBidirectional: true,
          onlyRows: chosen)
        layout.scale = 0.6
        layout.distances = DistanceRows(
          places: (chosen ?? Array(0..<13)).map { rows.positions[$0] },
          rows: (-8...8).map { min(max($0, -3), 3) + 3 }, reach: 8, first: 0, count: 7)
        let q = check.input(layout.visible.count, heads * headWidth)
        let k = check.input(13, heads * headWidth)
        let v = check.input(13, heads * headWidth)
        let terms: RelativeTerms<Double> =
          hasBiases
          ? .biases(check.input(7, heads))
          : .projections(
            keys: hasKeys ? check.input(7, heads * headWidth) : nil,
            queries: hasQueries ? check.input(7, heads * headWidth) : nil)
        let prefix =
          prefixLength == 0
          ? nil
          : AttentionPrefix(
            keys: check.input(prefixLength, heads * headWidth),
            values: check.input(prefixLength, heads * headWidth), length: prefixLength)
        let error = check.worstError {
          $0.attention(
            query: q, key: k, value: v, layout: layout, prefix: prefix, relative: terms)
        }
        #expect(error < 1e-7)
      }
    }
  }

  @Test(
    "attention over sequences that share their beginnings", arguments: [0, 3], [false, true])
  func sharedAttention(prefixLength: Int, onlyLast: Bool) {
    let headWidth = 5
    var check = GradientCheck()
    let batch = PackedBatch([
      [1, 2, 3], [1, 2, 3, 4], [1, 5], [1, 2, 3], [1, 2, 6, 7], [1, 2, 6, 8],
    ])
    let rows = BatchRows(batch, from: 0, sharedBy: 4)
    let layout = AttentionLayout(
      rows, heads: 4, keyValueHeads: 2, headWidth: headWidth,
      onlyRows: onlyLast ? batch.lastRows.map { rows.rows[$0] } : nil)
    let q = check.input(layout.visible.count, 4 * headWidth)
    let k = check.input(8, 2 * headWidth)
    let v = check.input(8, 2 * headWidth)
    var prefix: AttentionPrefix<Double>?
    if prefixLength > 0 {
      let keys = check.input(prefixLength, 2 * headWidth)
      let values = check.input(prefixLength, 2 * headWidth)
      prefix = AttentionPrefix(keys: keys, values: values, length: prefixLength)
    }
    let error = check.worstError {
      $0.attention(query: q, key: k, value: v, layout: layout, prefix: prefix)
    }
    #expect(error < 1e-7)
  }
}
