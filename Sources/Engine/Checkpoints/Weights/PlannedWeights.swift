import Foundation

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

/// A file that nobody opens: nothing is mapped where its tensors lie.
private final class PlannedFile: MemoryOwner, Sendable {
  static let shared = PlannedFile()

  func reclaim(_ start: UnsafeMutableRawPointer, _ bytes: Int) {}
}
