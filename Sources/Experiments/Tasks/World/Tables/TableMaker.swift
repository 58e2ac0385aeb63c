/// Tables of rows without a text that occurs twice.
struct TableMaker {
  /// Texts that are taken: in rows, or the other half of a pair of which a row has one.
  private var taken: Set<[String]> = []

  /// Draws rows until there are `count`, leaving out those whose texts are taken.
  ///
  /// - Parameters:
  ///   - count: How many rows.
  ///   - name: Names the random stream, so that tables do not disturb one another.
  ///   - draw: The row for a place in the table, and texts that must not become rows of any table.
  /// - Returns: The rows in a random order.
  mutating func rows(
    _ count: Int, _ name: String,
    draw: (_ index: Int, _ composer: inout Composer) -> (row: GeneratedRow, apart: [[String]])
  ) -> [GeneratedRow] {
    var composer = Composer(seed: 1, purpose: "world table, \(name)")
    var rows: [GeneratedRow] = []
    var failures = 0
    while rows.count < count {
      let (row, apart) = draw(rows.count, &composer)
      let texts = row.texts
      guard !taken.contains(texts), !apart.contains(where: taken.contains) else {
        failures += 1
        precondition(failures < 100_000, "the world has too few rows for \(name)")
        continue
      }
      taken.insert(texts)
      taken.formUnion(apart)
      rows.append(row)
    }
    return composer.permuted(rows)
  }
}
