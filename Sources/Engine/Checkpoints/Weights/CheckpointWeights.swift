import Foundation

/// Fills a transformer's slots from a Hugging Face checkpoint.
///
/// A matrix in F32 whose layout is the engine's is used where it lies in the mapped file, so it takes no
/// second copy and only what is touched of it becomes resident; any other is converted, cut or
/// transposed into memory of its own, and vectors are copied. A source fills one model: a slot asked for again is copied.
package struct CheckpointWeights: WeightSource {
  private let weights: ShardedWeights
  private let layout: CheckpointLayout
  private let maps: [MappedFile]

  /// Maps the folder's files; no weight is read yet.
  ///
  /// - Throws: ``CheckpointError`` where a file cannot be mapped.
  package init(_ folder: ModelFolder) throws(CheckpointError) {
    weights = folder.weights
    layout = folder.layout
    var maps: [MappedFile] = []
    for shard in weights.shards { maps.append(try MappedFile(shard.file)) }
    self.maps = maps
  }

  /// The weight of a slot.
  ///
  /// Its values are checked to be finite, but for the rows of a mapped vocabulary or position table:
  /// checking all of them would make all of them resident. `ModelFolder.checkFinite()` does.
  ///
  /// - Throws: ``CheckpointError`` where it is missing, of another shape, or not finite.
  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(CheckpointError) -> Tensor<Float> {
    let place = layout.place(of: .init(slot: slot, rows: rows, columns: columns))
    let entry = try weights.entry(of: place.name)
    let (file, map, record) = (weights.shards[entry.shard], maps[entry.shard], entry.record)
    try place.checkShape(of: record, in: file)
    if place.isMappable, record.element == .f32, let mapped = map.lend(record.range) {
      if slot.isTable {
        map.expectScatteredReads(record.range)
      } else {
        try file.checkFinite(UnsafeBufferPointer(start: mapped, count: record.count), of: record)
      }
      return Tensor(rows: rows, columns: columns, mapped: mapped, owner: map, in: ledger)
    }
    let tensor = Tensor<Float>(rows: rows, columns: columns, category: .weights, in: ledger)
    try withExtendedLifetime(tensor) { () throws(CheckpointError) in
      try place.read(record, of: file, into: tensor.elements)
      try file.checkFinite(UnsafeBufferPointer(tensor.elements), of: record)
    }
    return tensor
  }
}

extension CheckpointLayout.Place {
  /// Whether the weight is used where it lies in a mapped file, if that stores it as F32.
  ///
  /// A vector is not: reading it may map a large page around it.
  var isMappable: Bool {
    isStoredAsUsed && weight.rows * weight.columns * MemoryLayout<Float>.stride >= 1 << 16
  }

  /// Whether the tensor's bytes are the weight's, row by row.
  var isStoredAsUsed: Bool { share == nil && !isTransposed }

  /// Compares the weight with the file's table of contents.
  func checkShape(of record: TensorRecord, in file: TensorFile) throws(CheckpointError) {
    guard record.shape == shape else {
      throw CheckpointError(
        .mismatched, file: file.url.path,
        "the tensor '\(name)' has the shape \(record.shape), but config.json requires \(shape)",
        help: "config.json and the weights do not belong together; fetch both again")
    }
    try file.checkConvertible(record)
  }

  /// Reads the weight out of its tensor, whose shape has been checked.
  func read(
    _ record: TensorRecord, of file: TensorFile, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    guard let share else {
      if !isTransposed { return try file.read(record, into: target) }
      return try file.readTransposed(record, columns: 0..<weight.rows, into: target)
    }
    let inputs = weight.slot.isVector ? 1 : weight.columns
    let size = share.block * inputs
    for number in 0..<target.count / size {
      let block = UnsafeMutableBufferPointer(rebasing: target[number * size..<(number + 1) * size])
      let first = share.start(ofBlock: number)
      if isTransposed {
        try file.readTransposed(record, columns: first..<first + share.block, into: block)
      } else {
        try file.read(record, elements: first * inputs..<first * inputs + size, into: block)
      }
    }
  }
}

/// The memory of a checkpoint's weights without the weights: for predictions.
///
/// Takes what ``CheckpointWeights`` takes: nothing for tensors that are used where they lie in a
/// mapped file, memory for those that are converted, cut or transposed. Meant for a ledger that plans.
package struct PlannedWeights: WeightSource {
  private let layout: CheckpointLayout
  /// The element type of each tensor; F32 throughout for a model that has no files yet.
  private let elements: [String: TensorElement]?

  /// Weights as a folder stores them.
  package init(_ folder: ModelFolder) {
    layout = folder.layout
    var elements: [String: TensorElement] = [:]
    for name in folder.weights.names {
      elements[name] = try? folder.weights.entry(of: name).record.element
    }
    self.elements = elements
  }

  /// Weights of an architecture, in F32.
  package init(_ description: ModelDescription) {
    layout = CheckpointLayout(description)
    elements = nil
  }

  package func tensor(
    _ slot: WeightSlot, rows: Int, columns: Int, in ledger: MemoryLedger
  ) throws(Never) -> Tensor<Float> {
    guard isMapped(.init(slot: slot, rows: rows, columns: columns)),
      let start = UnsafeMutablePointer<Float>(bitPattern: Arena.unmapped.lowerBound)
    else { return Tensor(rows: rows, columns: columns, category: .weights, in: ledger) }
    return Tensor(
      rows: rows, columns: columns, mapped: start, owner: PlannedFile.shared, in: ledger)
  }

  /// Whether a weight is used where it lies in the file.
  package func isMapped(_ weight: ModelDescription.Weight) -> Bool {
    let place = layout.place(of: weight)
    guard place.isMappable else { return false }
    guard let elements else { return true }
    return elements[place.name] == .f32
  }
}

/// A file that is never opened: nothing is mapped at its tensors' addresses.
private final class PlannedFile: MemoryOwner, Sendable {
  static let shared = PlannedFile()

  func reclaim(_ start: UnsafeMutableRawPointer, _ bytes: Int) {}
}
