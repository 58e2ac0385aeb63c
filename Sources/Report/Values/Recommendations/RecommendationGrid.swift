/// Recommendations for every combination of a block's budgets.
struct RecommendationGrid {
  /// A budget of memory and time.
  struct Row: Hashable, Sendable {
    let memory: Double?
    let seconds: Double?
  }

  let block: RecommendBlock
  /// From the tightest to the widest.
  let rows: [Row]
  /// Numbers of examples, ascending.
  let examples: [Int]
  /// By row, then by number of examples.
  let cells: [[Recommendation]]

  /// The widest budget: all examples, most memory and time.
  var widest: Recommendation? { cells.last?.last }

  /// Whether there is more than one budget to choose for.
  var hasChoice: Bool { rows.count > 1 || examples.count > 1 }

  init(_ block: RecommendBlock, estimates: EstimateTable) {
    self.block = block
    guard let measured = MeasuredMethods(block, estimates: estimates) else {
      (rows, examples, cells) = ([], [], [])
      return
    }
    let times = block.seconds?.map(Optional.some) ?? [nil]
    let rows = measured.memoryLevels.flatMap { memory in
      times.map { Row(memory: memory, seconds: $0) }
    }
    let examples = measured.examples
    self.rows = rows
    self.examples = examples
    cells = rows.map { row in
      examples.compactMap {
        measured.recommendation(
          within: Budget(examples: $0, memory: row.memory, seconds: row.seconds))
      }
    }
  }
}
