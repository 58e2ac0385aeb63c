/// Keys and values of tokens already read, for all layers: the shared prefix of many prompts.
package final class KeyValueCache<Scalar: EngineScalar> {
  package private(set) var length = 0
  package let capacity: Int
  private let keys: [Tensor<Scalar>]
  private let values: [Tensor<Scalar>]

  /// Allocates room for `capacity` tokens in each layer.
  package init(_ description: ModelDescription, capacity: Int, in ledger: MemoryLedger) {
    self.capacity = capacity
    let width = description.keyValueHeads * description.headWidth
    func table() -> [Tensor<Scalar>] {
      (0..<description.layers).map { _ in
        Tensor(rows: capacity, columns: width, category: .keyValue, in: ledger)
      }
    }
    keys = table()
    values = table()
  }

  /// What layer `layer` shows its queries, or nil while nothing has been read.
  func prefix(_ layer: Int) -> AttentionPrefix<Scalar>? {
    length == 0
      ? nil : AttentionPrefix(keys: keys[layer], values: values[layer], length: length)
  }

  /// Appends one layer's new keys and values to those already stored.
  func store(_ key: Tensor<Scalar>, _ value: Tensor<Scalar>, layer: Int) {
    precondition(length + key.rows <= capacity, "\(key.rows) more than \(capacity - length) rows")
    let offset = length * key.columns
    key.ledger.compute {
      (keys[layer].start + offset).update(from: key.start, count: key.count)
      (values[layer].start + offset).update(from: value.start, count: value.count)
    }
  }

  /// Counts `tokens` more as read, once every layer has stored them.
  func advance(by tokens: Int) { length += tokens }
}
