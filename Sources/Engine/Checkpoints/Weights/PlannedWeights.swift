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
      let pages = ReservedPages(rows * columns * MemoryLayout<Float>.stride)
    else { return Tensor(rows: rows, columns: columns, category: .weights, in: ledger) }
    return Tensor(
      rows: rows, columns: columns,
      mapped: pages.start.bindMemory(to: Float.self, capacity: rows * columns), owner: pages,
      in: ledger)
  }

  /// Whether a weight is used where it lies in the file.
  package func isMapped(_ weight: ModelDescription.Weight) -> Bool {
    let place = layout.place(of: weight)
    guard place.isMappable else { return false }
    guard let elements else { return true }
    return elements[place.name] == .f32
  }
}

/// Address space that is never written.
private final class ReservedPages: MemoryOwner {
  let start: UnsafeMutableRawPointer
  private let count: Int

  init?(_ bytes: Int) {
    count = max(1, bytes)
    let pages = mmap(
      nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE), -1, 0)
    guard let pages, pages != MAP_FAILED else { return nil }
    start = pages
  }

  deinit { munmap(start, count) }

  func reclaim(_ start: UnsafeMutableRawPointer, _ bytes: Int) {}
}
