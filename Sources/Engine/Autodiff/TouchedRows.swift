/// Some rows of a large matrix, in the order in which they were first touched.
///
/// Rows that come in together lie together, so that nothing moves as more are touched.
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
