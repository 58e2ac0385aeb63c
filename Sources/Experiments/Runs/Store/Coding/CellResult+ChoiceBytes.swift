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
