/// Gathers one tag column; neighbouring rows mostly repeat the value, so the last one is tried first.
struct TagCollector {
  let name: String
  private(set) var tag = TableRows.TagColumn()
  private var known: [[UInt8]] = []
  private var places: [[UInt8]: Int] = [:]
  private var last = 0

  init(name: String) {
    self.name = name
  }

  /// Records one cell; false if it is not UTF-8.
  mutating func take(_ cell: UnsafeRawBufferPointer) -> Bool {
    if last >= known.count || !cell.elementsEqual(known[last]) {
      let bytes = Array(cell)
      if let index = places[bytes] {
        last = index
      } else {
        guard let text = String(validating: cell, as: UTF8.self) else { return false }
        last = known.count
        places[bytes] = last
        known.append(bytes)
        tag.values.append(text)
      }
    }
    tag.codes.append(Int32(last))
    return true
  }
}
