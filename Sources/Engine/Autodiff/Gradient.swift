/// The derivative of the loss by a tensor, allocated when backward first adds to it.
///
/// Separate from the tensor, so that an operation that only passes a gradient on does not keep the
/// tensor's values. The gradient of a table is sparse: it has only the rows that were looked up.
final class Gradient<Scalar: EngineScalar> {
  let rows: Int
  let columns: Int
  private let ledger: MemoryLedger
  private let category: MemoryCategory
  /// Whether backward must reach the tensor; for a parameter, whether it trains.
  var isWanted: Bool
  private var storage: Storage<Scalar>?
  /// Rows touched by look-ups, as long as nothing needs the whole.
  private(set) var touched: TouchedRows<Scalar>?
  /// Whether the bytes are of this step; else the next addition overwrites them.
  private(set) var holdsValue = false

  init(rows: Int, columns: Int, category: MemoryCategory, isWanted: Bool, in ledger: MemoryLedger) {
    self.rows = rows
    self.columns = columns
    self.category = category == .weights ? .gradients : .activations
    self.isWanted = isWanted
    self.ledger = ledger
  }

  /// Whether there are bytes, of all rows or of some.
  var isAllocated: Bool { storage != nil || touched != nil }
  private var count: Int { rows * columns }

  /// The whole gradient, row-major, or nil when none has been computed since the last step.
  var current: UnsafeMutablePointer<Scalar>? { holdsValue ? storage?.start : nil }

  /// The gradient to add to, and whether it holds a value (else the caller overwrites all of it).
  func forWriting() -> (start: UnsafeMutablePointer<Scalar>, holdsValue: Bool) {
    if let touched { spread(touched) }
    let held = holdsValue
    holdsValue = true
    if let storage { return (storage.start, held) }
    let fresh = Storage<Scalar>(count, category, in: ledger)
    storage = fresh
    return (fresh.start, false)
  }

  /// The gradient to add to element by element, cleared if it was empty.
  func cleared() -> UnsafeMutablePointer<Scalar> {
    let (start, held) = forWriting()
    if !held { storage?.clear() }
    return start
  }

  /// Adds another gradient of the same shape, or adopts its bytes if this one is empty.
  ///
  /// - Parameter other: Not used by anyone afterwards.
  func absorb(_ other: Gradient) {
    guard other.holdsValue, let theirs = other.storage else { return }
    if !holdsValue, storage == nil, touched == nil, category == other.category {
      (storage, holdsValue) = (theirs, true)
      (other.storage, other.holdsValue) = (nil, false)
      return
    }
    add(other)
  }

  /// Adds another gradient of the same shape, times `scale`; it stays as it is.
  func add(_ other: Gradient, scale: Scalar = 1) {
    guard let values = other.current else { return }
    let (target, held) = forWriting()
    ledger.compute {
      Parallel.ranges(count, cost: 1, multiple: 16) { range in
        let (from, to) = (values + range.lowerBound, target + range.lowerBound)
        if held {
          Elementwise.add(from, scale: scale, to: to, count: range.count)
        } else {
          Elementwise.copy(from, scale: scale, to: to, count: range.count)
        }
      }
    }
  }

  /// Makes room for looked-up rows and returns where to add each one's gradient.
  ///
  /// - Parameter numbers: Row numbers; they may repeat.
  /// - Returns: Gives the gradient of a row.
  func forAdding(rows numbers: [Int]) -> (Int) -> UnsafeMutablePointer<Scalar> {
    let columns = columns
    guard category == .gradients, storage == nil else {
      let start = cleared()
      return { start + $0 &* columns }
    }
    let table =
      touched ?? TouchedRows(width: columns, category: category, in: ledger)
    touched = table
    if !holdsValue { table.clear() }
    table.touch(numbers)
    holdsValue = true
    return { table.start(of: $0) }
  }

  /// Marks the gradient as used up, so that the next backward starts from zero.
  func discard() { holdsValue = false }

  /// Frees the bytes.
  func release() {
    storage = nil
    touched = nil
    holdsValue = false
  }

  private func spread(_ table: TouchedRows<Scalar>) {
    let whole = Storage<Scalar>(count, category, in: ledger)
    if holdsValue {
      whole.clear()
      ledger.compute {
        for row in table.numbers {
          Elementwise.copy(table.start(of: row), to: whole.start + row * columns, count: columns)
        }
      }
    }
    storage = whole
    touched = nil
  }
}

/// Some rows of a large matrix, in the order in which they were first touched.
///
/// Rows that arrive together are stored together, so that nothing moves as more are touched.
final class TouchedRows<Scalar: EngineScalar> {
  /// Rows that were first touched at the same time.
  struct Chunk {
    let numbers: ArraySlice<Int>
    let storage: Storage<Scalar>
  }

  let width: Int
  private let category: MemoryCategory
  private let ledger: MemoryLedger
  /// Row numbers of the matrix, in the order of their first touch.
  private(set) var numbers: [Int] = []
  private(set) var chunks: [Chunk] = []
  private var places: [Int: UnsafeMutablePointer<Scalar>] = [:]

  init(width: Int, category: MemoryCategory, in ledger: MemoryLedger) {
    self.width = width
    self.category = category
    self.ledger = ledger
  }

  /// Where the values of a touched row are.
  func start(of row: Int) -> UnsafeMutablePointer<Scalar> {
    guard let place = places[row] else { preconditionFailure("row \(row) was not touched") }
    return place
  }

  /// Makes room for the rows that have none yet; their values are zero.
  func touch(_ rows: [Int]) {
    let first = numbers.count
    var fresh: Set<Int> = []
    for row in rows where places[row] == nil && fresh.insert(row).inserted { numbers.append(row) }
    guard numbers.count > first else { return }
    let added = numbers[first...]
    let storage = Storage<Scalar>(added.count * width, category, in: ledger)
    storage.clear()
    for (i, row) in added.enumerated() { places[row] = storage.start + i * width }
    chunks.append(Chunk(numbers: added, storage: storage))
  }

  func clear() {
    for chunk in chunks { chunk.storage.clear() }
  }
}
