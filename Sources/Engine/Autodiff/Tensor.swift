/// A row-major matrix with, when something trainable leads to it, a gradient of the same shape.
package final class Tensor<Scalar: EngineScalar> {
  package let rows: Int
  package let columns: Int
  let ledger: MemoryLedger
  let derivative: Gradient<Scalar>
  private var storage: Storage<Scalar>?
  /// Whether anyone may have changed the values since they were loaded.
  private var isChanged = false
  /// Computes the values again after ``forget()``.
  private var recipe: Recipe?

  /// How to recompute forgotten values.
  private struct Recipe {
    let sources: [Tensor]
    /// Scalars of workspace that `fill` takes, which a plan claims in its place.
    var workspace = 0
    let fill: (UnsafeMutablePointer<Scalar>) -> Void
  }

  /// Allocates `[rows, columns]` uninitialized scalars.
  package init(
    rows: Int, columns: Int, category: MemoryCategory = .activations,
    requiresGradient: Bool = false, in ledger: MemoryLedger
  ) {
    self.rows = rows
    self.columns = columns
    self.ledger = ledger
    storage = Storage(rows * columns, category, in: ledger)
    derivative = Gradient(
      rows: rows, columns: columns, category: category, isWanted: requiresGradient, in: ledger)
  }

  /// Uses values in memory of another owner, such as a mapped file, as weights.
  ///
  /// - Parameters:
  ///   - rows: Of the matrix.
  ///   - columns: Of the matrix.
  ///   - start: The first of `rows · columns` values, which may be changed.
  ///   - owner: Kept alive as long as the tensor.
  ///   - ledger: Where the bytes are entered.
  package init(
    rows: Int, columns: Int, mapped start: UnsafeMutablePointer<Scalar>, owner: any MemoryOwner,
    in ledger: MemoryLedger
  ) {
    self.rows = rows
    self.columns = columns
    self.ledger = ledger
    storage = Storage(mapped: start, count: rows * columns, owner: owner, in: ledger)
    derivative = Gradient(
      rows: rows, columns: columns, category: .weights, isWanted: false, in: ledger)
  }

  /// Adopts the values of a tensor that is no longer read.
  init(replacing other: Tensor, requiresGradient: Bool) {
    rows = other.rows
    columns = other.columns
    ledger = other.ledger
    storage = other.storage
    derivative = Gradient(
      rows: rows, columns: columns, category: .activations, isWanted: requiresGradient, in: ledger)
  }

  package var count: Int { rows * columns }

  /// Whether backward must reach this tensor; for a parameter, whether it trains.
  package var requiresGradient: Bool {
    get { derivative.isWanted }
    set { derivative.isWanted = newValue }
  }

  var start: UnsafeMutablePointer<Scalar> { storage?.start ?? remembered() }

  /// A copy of the elements in row-major order; zeros in a plan.
  package var values: [Scalar] {
    let start = start
    guard !ledger.isPlanning else { return [Scalar](repeating: 0, count: count) }
    return withExtendedLifetime(self) { Array(UnsafeBufferPointer(start: start, count: count)) }
  }

  /// Gives every element the value of its place in row-major order.
  package func fill(_ value: (Int) -> Scalar) {
    ledger.compute {
      let elements = elements
      for i in 0..<count { elements[i] = value(i) }
    }
  }

  /// The elements in row-major order; the caller keeps the tensor alive while it uses them.
  ///
  /// The caller may write to them, so pages of a mapped file are no longer given back.
  package var elements: UnsafeMutableBufferPointer<Scalar> {
    isChanged = true
    return UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// A single element; reading it makes no other elements of a mapped table resident.
  package func element(at index: Int) -> Scalar {
    claim(index..<index + 1)
    return start[index]
  }

  /// The whole gradient in row-major order, or nil when none has been computed since the last step.
  package var gradient: [Scalar]? {
    if let touched = derivative.touched {
      guard derivative.holdsValue else { return nil }
      var whole = [Scalar](repeating: 0, count: count)
      for row in touched.numbers {
        for i in 0..<columns { whole[row * columns + i] = touched.start(of: row)[i] }
      }
      return whole
    }
    return derivative.current.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// The rows that have had a gradient since ``releaseGradient()``; nil if any row may have.
  package var touchedRows: Set<Int>? {
    derivative.touched.map { Set($0.numbers) } ?? (derivative.isAllocated ? nil : [])
  }

  /// Ensures that reading some elements of a mapped table makes no others resident.
  ///
  /// - Parameter range: Of elements, row by row.
  package func claim(_ range: Range<Int>) { storage?.claim(range) }

  /// The same for rows.
  func claim(rows: [Int]) {
    for row in rows where row >= 0 { claim(row * columns..<(row + 1) * columns) }
  }

  /// Gives back pages of a mapped file that were only read, unless the values may have changed.
  ///
  /// The values remain valid; the system reads the pages again on the next access.
  package func releaseUnchangedPages() {
    if !isChanged { storage?.releaseMappedPages() }
  }

  /// Records that the values are about to differ from the loaded ones.
  func willChange() { isChanged = true }

  /// Marks the gradient as used up, so that the next backward starts from zero.
  func discardGradient() { derivative.discard() }

  /// Frees the gradient's bytes.
  package func releaseGradient() { derivative.release() }

  /// Sets how to recompute the values, which allows ``forget()``.
  ///
  /// - Parameters:
  ///   - sources: What `fill` reads, which may be forgotten too.
  ///   - workspace: Scalars of workspace that `fill` takes.
  ///   - fill: Writes the values.
  func setRecipe(
    from sources: [Tensor], workspace: Int = 0,
    _ fill: @escaping (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    recipe = Recipe(sources: sources, workspace: workspace, fill: fill)
  }

  /// Records that the values are those of a tensor that this one replaced, changed by `change`.
  ///
  /// - Parameters:
  ///   - other: If its values cannot be computed again, these cannot be either.
  ///   - change: Turns its values into these in place.
  func takeRecipe(of other: Tensor, _ change: @escaping (UnsafeMutablePointer<Scalar>) -> Void) {
    guard let taken = other.recipe else { return }
    recipe = Recipe(sources: taken.sources, workspace: taken.workspace) {
      taken.fill($0)
      change($0)
    }
  }

  /// Frees the values until backward needs them, if they are cheap to recompute.
  func forget() {
    if recipe != nil { storage = nil }
  }

  private func remembered() -> UnsafeMutablePointer<Scalar> {
    guard let recipe else { preconditionFailure("the values of a tensor are gone") }
    // Sources first, as a plan has it, which fills nothing.
    for source in recipe.sources { _ = source.start }
    let fresh = Storage<Scalar>(count, .activations, in: ledger)
    storage = fresh
    if ledger.isPlanning, recipe.workspace > 0 {
      Storage<Scalar>.withWorkspace(recipe.workspace, in: ledger) { _ in }
    }
    ledger.compute { recipe.fill(fresh.start) }
    return fresh.start
  }
}
