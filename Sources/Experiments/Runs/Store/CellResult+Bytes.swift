/// The stored form of a result: about a hundred bytes and one bit a binary prediction.
///
/// JSON would be readable, but decoding a thousand results from it takes longer than a whole plan
/// should. The key is not part of it.
extension CellResult {
  /// The first byte; a program that changes the layout adds a number and keeps reading the old ones.
  private static let layout: UInt8 = 5

  /// Encodes everything but the key.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.layout)
    switch status {
    case .succeeded: writer.write(UInt8(0))
    case .diverged(let step):
      writer.write(UInt8(1))
      writer.write(step)
    case .failed(let reason):
      writer.write(UInt8(2))
      writer.write(reason)
    }
    writer.write(evaluations) { $1.write(to: &$0) }
    writer.write(training) { $1.write(to: &$0) }
    memory.write(to: &writer)
    writer.write(seconds)
    writer.write(sampleDigest)
    writer.write(demonstrations) { $0.write($1) }
    writer.write(provenance) { $1.write(to: &$0) }
    writer.write(demonstrationsOffered) { $0.write($1) }
    writer.write(preparation) { $1.write(to: &$0) }
    writer.write(choice) { $1.write(to: &$0) }
    writer.write(memory.predictedPeak) { $0.write($1) }
    for evaluation in evaluations {
      writer.write(evaluation.vocabularyPredictions) { $0.write(packed: $1) }
    }
    writer.write(tuning) { $1.write(to: &$0) }
    return writer.bytes
  }

  /// Whether a later program encoded a result in a layout that this one does not know.
  static func isOfNewerLayout(_ bytes: [UInt8]) -> Bool { (bytes.first ?? 0) > layout }

  /// Decodes what ``encoded()`` made.
  init(key: String, encoded bytes: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes)
    let layout = try reader.byte()
    guard (1...Self.layout).contains(layout) else { throw ByteReader.Malformed() }
    let status: Status
    switch try reader.byte() {
    case 0: status = .succeeded
    case 1: status = .diverged(step: try reader.integer())
    case 2: status = .failed(reason: try reader.text())
    default: throw ByteReader.Malformed()
    }
    self.init(
      key: key, status: status,
      evaluations: try reader.array { reader throws(ByteReader.Malformed) in
        try Evaluation(from: &reader)
      },
      training: try reader.optional { reader throws(ByteReader.Malformed) in
        try Training(from: &reader)
      },
      memory: try Memory(from: &reader), seconds: try reader.double(),
      sampleDigest: try reader.text(),
      demonstrations: try reader.optional { reader throws(ByteReader.Malformed) in
        try reader.integer()
      },
      provenance: try reader.optional { reader throws(ByteReader.Malformed) in
        try Provenance(from: &reader)
      })
    if layout > 1 { try readChoices(&reader) }
    if layout > 2 {
      memory.predictedPeak = try reader.optional { reader throws(ByteReader.Malformed) in
        try reader.integer()
      }
    }
    if layout > 3 {
      for i in evaluations.indices {
        evaluations[i].vocabularyPredictions = try reader.optional {
          reader throws(ByteReader.Malformed) in try reader.packed()
        }
      }
    }
    if layout > 4 {
      tuning = try reader.optional { reader throws(ByteReader.Malformed) in
        try Tuning(from: &reader)
      }
    }
    guard reader.isAtEnd else { throw ByteReader.Malformed() }
  }
}

extension CellResult {
  /// What the first layout lacked.
  private mutating func readChoices(_ reader: inout ByteReader) throws(ByteReader.Malformed) {
    demonstrationsOffered = try reader.optional { reader throws(ByteReader.Malformed) in
      try reader.integer()
    }
    preparation = try reader.optional { reader throws(ByteReader.Malformed) in
      try Preparation(from: &reader)
    }
    choice = try reader.optional { reader throws(ByteReader.Malformed) in
      try Choice(from: &reader)
    }
  }
}

extension CellResult.Evaluation {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(set)
    writer.write(count)
    writer.write(metrics.sorted { $0.key < $1.key }) { writer, metric in
      writer.write(metric.key)
      writer.write(metric.value)
    }
    writer.write(packed: predictions)
    writer.write(tokens)
    writer.write(seconds)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let (set, count) = (try reader.text(), try reader.integer())
    let metrics = try reader.array { reader throws(ByteReader.Malformed) in
      (try reader.text(), try reader.double())
    }
    self.init(
      set: set, count: count, metrics: Dictionary(metrics) { $1 },
      predictions: try reader.packed(), tokens: try reader.integer(),
      seconds: try reader.double())
  }
}

extension CellResult.Training {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(steps)
    writer.write(tokens)
    writer.write(seconds)
    writer.write(losses) { $0.write($1) }
    writer.write(accuracy) { $0.write($1) }
    writer.write(relativeWeightChange) { $0.write($1) }
    writer.write(trainableParameters)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    func number(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> Double {
      try reader.double()
    }
    self.init(
      steps: try reader.integer(), tokens: try reader.integer(), seconds: try reader.double(),
      losses: try reader.array(number), accuracy: try reader.optional(number),
      relativeWeightChange: try reader.optional(number),
      trainableParameters: try reader.integer())
  }
}

extension CellResult.Memory {
  fileprivate func write(to writer: inout ByteWriter) {
    for value in [
      weights, gradients, optimizer, activations, workspace, keyValue, peak, residentPeak,
    ] { writer.write(value) }
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    self.init(
      weights: try reader.integer(), gradients: try reader.integer(),
      optimizer: try reader.integer(), activations: try reader.integer(),
      workspace: try reader.integer(), keyValue: try reader.integer(),
      peak: try reader.integer(), residentPeak: try reader.integer())
  }
}

extension CellResult.Provenance {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(numericsVersion)
    writer.write(blas)
    writer.write(processor)
    writer.write(threads)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    self.init(
      numericsVersion: try reader.integer(), blas: try reader.text(),
      processor: try reader.text(), threads: try reader.integer())
  }
}

extension CellResult.Preparation {
  func write(to writer: inout ByteWriter) {
    writer.write(texts)
    writer.write(steps)
    writer.write(tokens)
    writer.write(losses) { $0.write($1) }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    self.init(
      texts: try reader.integer(), steps: try reader.integer(), tokens: try reader.integer(),
      losses: try reader.array { reader throws(ByteReader.Malformed) in try reader.double() })
  }
}

extension CellResult.Choice {
  func write(to writer: inout ByteWriter) {
    writer.write(heldOut)
    writer.write(evaluationSet) { $0.write($1) }
    writer.write(candidates) { writer, candidate in
      writer.write(candidate.setting)
      writer.write(candidate.accuracy) { $0.write($1) }
    }
    writer.write(chosen) { $0.write($1) }
    writer.write(epoch) { $0.write($1) }
    writer.write(epochAccuracies) { $0.write($1) }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    func integer(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> Int {
      try reader.integer()
    }
    func number(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> Double {
      try reader.double()
    }
    self.init(
      heldOut: try reader.integer(),
      evaluationSet: try reader.optional { reader throws(ByteReader.Malformed) in
        try reader.text()
      },
      candidates: try reader.array { reader throws(ByteReader.Malformed) in
        Candidate(setting: try reader.text(), accuracy: try reader.optional(number))
      },
      chosen: try reader.optional(integer), epoch: try reader.optional(integer),
      epochAccuracies: try reader.array(number))
  }
}

extension CellResult.Tuning {
  func write(to writer: inout ByteWriter) {
    writer.write(trials) { $1.write(to: &$0) }
    writer.write(chosen) { $0.write($1) }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    self.init(
      trials: try reader.array { reader throws(ByteReader.Malformed) in
        try Trial(from: &reader)
      },
      chosen: try reader.optional { reader throws(ByteReader.Malformed) in try reader.integer() })
  }
}

extension CellResult.Tuning.Trial {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(candidate)
    writer.write(setting)
    writer.write(rung)
    writer.write(epochs)
    writer.write(seed)
    writer.write(examples)
    writer.write(accuracy) { $0.write($1) }
    writer.write(logLoss) { $0.write($1) }
    writer.write(seconds)
    writer.write(peak)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    func number(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> Double {
      try reader.double()
    }
    self.init(
      candidate: try reader.integer(), setting: try reader.text(), rung: try reader.integer(),
      epochs: try reader.integer(), seed: try reader.integer(), examples: try reader.integer(),
      accuracy: try reader.optional(number), logLoss: try reader.optional(number),
      seconds: try reader.double(), peak: try reader.integer())
  }
}
