extension Tensor where Scalar == Float {
  /// A weight that lies in a mapped file; a stand-in that copies, until storage can be borrowed.
  ///
  /// - Parameters:
  ///   - rows: Of the weight.
  ///   - columns: Of the weight.
  ///   - mapped: `rows · columns` floats.
  ///   - owner: Kept alive by the tensor.
  ///   - ledger: Where the bytes are entered.
  package convenience init(
    rows: Int, columns: Int, mapped: UnsafeMutablePointer<Float>, owner: AnyObject,
    in ledger: MemoryLedger
  ) {
    self.init(rows: rows, columns: columns, category: .weights, in: ledger)
    withExtendedLifetime(owner) { start.update(from: mapped, count: count) }
  }
}
