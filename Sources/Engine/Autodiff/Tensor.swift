/// A row-major matrix with, when something trainable leads to it, a gradient of the same shape.
package final class Tensor<Scalar: EngineScalar> {
  package let rows: Int
  package let columns: Int
  /// Whether backward must reach this tensor; for a parameter, whether it trains.
  package var requiresGradient: Bool
  let storage: Storage<Scalar>
  let ledger: MemoryLedger
  /// Nil until backward first adds to it.
  private(set) var gradientStorage: Storage<Scalar>?
  /// Whether the gradient's bytes are from an earlier step and the next addition overwrites them.
  private var gradientIsStale = true

  /// Allocates `[rows, columns]` uninitialized scalars.
  package init(
    rows: Int, columns: Int, category: MemoryCategory = .activations,
    requiresGradient: Bool = false, in ledger: MemoryLedger
  ) {
    self.rows = rows
    self.columns = columns
    self.requiresGradient = requiresGradient
    self.ledger = ledger
    storage = Storage(rows * columns, category, in: ledger)
  }

  package var count: Int { rows * columns }
  var start: UnsafeMutablePointer<Scalar> { storage.start }

  /// A copy of the elements in row-major order.
  package var values: [Scalar] {
    withExtendedLifetime(self) { Array(elements) }
  }

  /// The elements in row-major order; the caller keeps the tensor alive while it uses them.
  package var elements: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: storage.start, count: count)
  }

  /// The gradient in row-major order, or nil when none has been computed since the last step.
  package var gradient: UnsafeMutableBufferPointer<Scalar>? {
    guard !gradientIsStale, let gradientStorage else { return nil }
    return UnsafeMutableBufferPointer(start: gradientStorage.start, count: count)
  }

  /// Marks the gradient as used up, so that the next backward starts from zero.
  package func discardGradient() { gradientIsStale = true }

  /// Frees the gradient's bytes.
  package func releaseGradient() {
    gradientStorage = nil
    gradientIsStale = true
  }

  /// The gradient to add to, and whether it holds a value (else the caller overwrites all of it).
  func gradientForWriting() -> (start: UnsafeMutablePointer<Scalar>, holdsValue: Bool) {
    let holdsValue = !gradientIsStale
    gradientIsStale = false
    if let gradientStorage { return (gradientStorage.start, holdsValue) }
    let category: MemoryCategory = storage.category == .weights ? .gradients : .activations
    let fresh = Storage<Scalar>(count, category, in: ledger)
    gradientStorage = fresh
    return (fresh.start, false)
  }

  /// The gradient to add to element by element, cleared if it held nothing.
  func clearedGradientForWriting() -> UnsafeMutablePointer<Scalar> {
    let (start, holdsValue) = gradientForWriting()
    if !holdsValue { start.update(repeating: 0, count: count) }
    return start
  }

  /// Adds `scale · values` to the gradient.
  func addToGradient(_ values: UnsafePointer<Scalar>, scale: Scalar = 1) {
    let (target, holdsValue) = gradientForWriting()
    if holdsValue {
      Elementwise.add(values, scale: scale, to: target, count: count)
    } else {
      Elementwise.copy(values, scale: scale, to: target, count: count)
    }
  }
}
