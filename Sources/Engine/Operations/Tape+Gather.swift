extension Tape {
  /// Picks rows of a table: `y_i = x_{rows_i}`; a row may be picked several times.
  ///
  /// Used for token embeddings, for the hidden state at each sequence's last token, and for the
  /// label words' rows of an output matrix. The gradient of a weight is sparse.
  ///
  /// - Parameters:
  ///   - x: `[any, width]`.
  ///   - rows: Row numbers of `x`; `-1 - j` picks row `j` of `virtual`.
  ///   - virtual: Rows that are not in the table, such as a soft prompt, `[any, width]`.
  ///   - scale: A factor of the rows of `x`.
  ///   - virtualScale: A factor of those of `virtual`.
  /// - Returns: `[rows.count, width]`.
  @_specialize(where Scalar == Float)
  package func gathered(
    _ x: Tensor<Scalar>, rows: [Int], virtual: Tensor<Scalar>? = nil, scale: Scalar = 1,
    virtualScale: Scalar = 1
  ) -> Tensor<Scalar> {
    let width = x.columns
    let limit = -(virtual?.rows ?? 0)
    precondition(virtual.map { $0.columns == width } ?? true, "gathered: tables of unlike widths")
    for row in rows { precondition(row >= limit && row < x.rows, "row \(row) of \(x.rows)") }
    let virtualNeeds = virtual?.requiresGradient ?? false
    let y = result(
      rows: rows.count, columns: width, requiresGradient: x.requiresGradient || virtualNeeds)
    ledger.compute {
      x.claim(rows: rows)
      let (target, table, extra) = (y.start, x.start, virtual?.start)
      Parallel.ranges(rows.count, cost: 2 * width) { range in
        for i in range {
          let row = rows[i]
          let source = row >= 0 ? table + row &* width : (extra ?? table) + (-1 &- row) &* width
          Elementwise.copy(
            source, scale: row >= 0 ? scale : virtualScale, to: target + i &* width, count: width)
        }
      }
    }
    guard y.requiresGradient else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative, dextra = virtual?.derivative] in
      if dx.isWanted { Self.addPicked(dy, to: dx, rows, scale: scale, in: ledger) }
      if let dextra, dextra.isWanted {
        Self.addPicked(dy, to: dextra, rows.map { -1 - $0 }, scale: virtualScale, in: ledger)
      }
    }
    return y
  }

  /// Picks elements of a row: `y_i = x_{columns_i}`.
  ///
  /// - Parameters:
  ///   - x: `[1, any]`.
  ///   - columns: Column numbers of `x`.
  /// - Returns: `[1, columns.count]`.
  @_specialize(where Scalar == Float)
  func picked(_ x: Tensor<Scalar>, columns: [Int]) -> Tensor<Scalar> {
    for column in columns {
      precondition(column >= 0 && column < x.count, "column \(column) of \(x.count)")
    }
    let y = result(rows: 1, columns: columns.count, requiresGradient: x.requiresGradient)
    ledger.compute {
      for (i, column) in columns.enumerated() { y.start[i] = x.start[column] }
    }
    guard y.requiresGradient else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      guard let gradient = dy.current else { return }
      let target = dx.cleared()
      ledger.compute {
        for (i, column) in columns.enumerated() { target[column] += gradient[i] }
      }
    }
    return y
  }

  /// Picks an element of each row: `y_i = x_{i, columns_i}`.
  ///
  /// - Parameters:
  ///   - x: `[rows, any]`.
  ///   - columns: A column number a row.
  /// - Returns: `[rows, 1]`.
  @_specialize(where Scalar == Float)
  package func picked(_ x: Tensor<Scalar>, columnOfEachRow columns: [Int]) -> Tensor<Scalar> {
    precondition(columns.count == x.rows, "\(columns.count) columns of \(x.rows) rows")
    for column in columns {
      precondition(column >= 0 && column < x.columns, "column \(column) of \(x.columns)")
    }
    let y = result(rows: x.rows, columns: 1, requiresGradient: x.requiresGradient)
    ledger.compute {
      for (i, column) in columns.enumerated() { y.start[i] = x.start[i * x.columns + column] }
    }
    guard y.requiresGradient else { return y }
    record { [ledger, dy = y.derivative, dx = x.derivative, width = x.columns] in
      guard dx.isWanted, let gradient = dy.current else { return }
      let target = dx.cleared()
      ledger.compute {
        for (i, column) in columns.enumerated() { target[i * width + column] += gradient[i] }
      }
    }
    return y
  }

  /// Adds rows of a table in place: `y_i += x_{rows_i}`.
  ///
  /// - Parameters:
  ///   - y: `[rows.count, width]`, fresh from another operation.
  ///   - x: `[any, width]`, such as position embeddings.
  ///   - rows: Row numbers of `x`.
  @_specialize(where Scalar == Float)
  func addRows(to y: Tensor<Scalar>, of x: Tensor<Scalar>, rows: [Int]) {
    let width = x.columns
    precondition(y.columns == width && y.rows == rows.count, "addRows: unlike shapes")
    for row in rows { precondition(row >= 0 && row < x.rows, "row \(row) of \(x.rows)") }
    ledger.compute {
      x.claim(rows: rows)
      for (i, row) in rows.enumerated() {
        Elementwise.add(x.start + row &* width, to: y.start + i &* width, count: width)
      }
    }
    guard x.requiresGradient else { return }
    y.requiresGradient = true
    record { [ledger, dy = y.derivative, dx = x.derivative] in
      Self.addPicked(dy, to: dx, rows, in: ledger)
    }
  }

  /// Adds row `i` of `dy` to row `rows[i]` of `dx`; negative rows belong to another table.
  private static func addPicked(
    _ dy: Gradient<Scalar>, to dx: Gradient<Scalar>, _ rows: [Int], scale: Scalar = 1,
    in ledger: MemoryLedger
  ) {
    let width = dy.columns
    guard let gradient = dy.current else { return }
    let target = dx.forAdding(rows: rows.filter { $0 >= 0 })
    ledger.compute {
      for (i, row) in rows.enumerated() where row >= 0 {
        Elementwise.add(gradient + i &* width, scale: scale, to: target(row), count: width)
      }
    }
  }

  /// Adds two tensors of one shape: `a + s · b`.
  @_specialize(where Scalar == Float)
  package func sum(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, scale: Scalar = 1
  ) -> Tensor<Scalar> {
    precondition(a.rows == b.rows && a.columns == b.columns, "sum: unlike shapes")
    let needs = a.requiresGradient || b.requiresGradient
    let y = result(rows: a.rows, columns: a.columns, requiresGradient: needs)
    ledger.compute {
      Elementwise.copy(a.start, to: y.start, count: y.count)
      Elementwise.add(b.start, scale: scale, to: y.start, count: y.count)
    }
    guard needs else { return y }
    record { [dy = y.derivative, da = a.derivative, db = b.derivative] in
      if da.isWanted { da.add(dy) }
      guard db.isWanted else { return }
      if scale == 1 { db.absorb(dy) } else { db.add(dy, scale: scale) }
    }
    return y
  }
}
