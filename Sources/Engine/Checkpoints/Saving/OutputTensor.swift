import Foundation

/// A tensor of a checkpoint to write, and where its values come from.
struct OutputTensor {
  enum Content {
    /// Weights of the model: one, or the three that share the tensor.
    case weights([CheckpointLayout.Place])
    /// A tensor of another file, unchanged.
    case stored(TensorFile, TensorRecord)
    /// Numbers that are no part of the model.
    case values([Float])
  }

  let header: SafetensorsWriter.Tensor
  let content: Content

  /// The tensor that holds the weights at `places`, which have its name.
  init(_ name: String, places: [CheckpointLayout.Place], as element: TensorElement) {
    header = .init(name: name, element: element, shape: places.first?.shape ?? [])
    content = .weights(places)
  }

  /// A tensor of a head.
  init(_ tensor: ClassificationHead.Tensor) {
    header = .init(name: tensor.name, shape: tensor.shape)
    content = .values(tensor.matrix.values)
  }

  /// A tensor that is carried over.
  init(_ name: String, from file: TensorFile, _ record: TensorRecord) {
    header = .init(name: name, element: record.element, shape: record.shape)
    content = .stored(file, record)
  }

  /// Writes a file of tensors, one at a time.
  ///
  /// - Parameters:
  ///   - tensors: In their order in the file.
  ///   - url: The safetensors file, replaced when all is written.
  ///   - values: Lends a weight, row by row, until it is asked for the next.
  /// - Throws: ``CheckpointError`` when the file cannot be written or another cannot be read.
  static func write(
    _ tensors: [OutputTensor], to url: URL,
    values: (ModelDescription.Weight) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    var writer = try SafetensorsWriter(url, tensors: tensors.map(\.header))
    for tensor in tensors {
      switch tensor.content {
      case .stored(let file, let record):
        let bytes = try file.file.bytes(at: record.range.lowerBound, count: record.range.count)
        try append(bytes, to: &writer)
      case .values(let values):
        try values.withUnsafeBufferPointer { (values) throws(CheckpointError) in
          try writer.append(values)
        }
      case .weights(let places):
        try append(places, as: tensor.header, to: &writer, values: values)
      }
    }
    try writer.finish()
  }

  private static func append(
    _ places: [CheckpointLayout.Place], as header: SafetensorsWriter.Tensor,
    to writer: inout SafetensorsWriter,
    values: (ModelDescription.Weight) -> UnsafeBufferPointer<Float>
  ) throws(CheckpointError) {
    if places.count == 1, let place = places.first, place.isStoredAsUsed {
      return try append(lent(place.weight, by: values), as: header, to: &writer)
    }
    var whole = [Float](repeating: 0, count: header.shape.reduce(1, *))
    for place in places { place.scatter(lent(place.weight, by: values), into: &whole) }
    try whole.withUnsafeBufferPointer { (whole) throws(CheckpointError) in
      try append(whole, as: header, to: &writer)
    }
  }

  private static func append(
    _ floats: UnsafeBufferPointer<Float>, as header: SafetensorsWriter.Tensor,
    to writer: inout SafetensorsWriter
  ) throws(CheckpointError) {
    if header.element == .f32 { return try writer.append(floats) }
    // Half of the last step beyond F16's largest number is where rounding gives infinity.
    if header.element == .f16, let large = floats.first(where: { abs($0) >= 65_520 }) {
      throw CheckpointError(
        .unsupported, file: header.name, "contains \(large), which overflows F16 (at most 65,504)",
        help: "write it as bf16 or f32")
    }
    try append(FloatConversion.bytes(of: floats, as: header.element), to: &writer)
  }

  private static func append(
    _ bytes: [UInt8], to writer: inout SafetensorsWriter
  ) throws(CheckpointError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(CheckpointError) in
      try writer.append(bytes: UnsafeRawBufferPointer(bytes))
    }
  }

  private static func lent(
    _ weight: ModelDescription.Weight,
    by values: (ModelDescription.Weight) -> UnsafeBufferPointer<Float>
  ) -> UnsafeBufferPointer<Float> {
    let buffer = values(weight)
    precondition(
      buffer.count == weight.rows * weight.columns,
      "\(weight.slot) has \(weight.rows) × \(weight.columns) values, not \(buffer.count)")
    return buffer
  }
}

extension CheckpointLayout.Place {
  /// Puts the weight where it lies in its tensor; the reverse of ``read(_:of:into:)``.
  func scatter(_ values: UnsafeBufferPointer<Float>, into whole: inout [Float]) {
    let outputs = weight.slot.isVector ? weight.columns : weight.rows
    let inputs = weight.slot.isVector ? 1 : weight.columns
    let allOutputs = whole.count / inputs
    for output in 0..<outputs {
      let stored =
        share.map { $0.start(ofBlock: output / $0.block) + output % $0.block } ?? output
      for input in 0..<inputs {
        let index = isTransposed ? input &* allOutputs &+ stored : stored &* inputs &+ input
        whole[index] = values[output &* inputs &+ input]
      }
    }
  }
}
