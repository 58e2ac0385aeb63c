import Engine

/// Tries the settings of a method's grid and chooses the one that answers most held-out examples.
struct GridSearch {
  private let catalog: MethodCatalog
  private let recipe: CellRecipe
  private let material: CellMaterial
  private let options: ResolvedOptions

  init(_ catalog: MethodCatalog, cell: Cell, material: CellMaterial) {
    self.catalog = catalog
    recipe = cell.recipe
    self.material = material
    options = material.options
  }

  /// The outcome of the search.
  struct Outcome {
    /// The chosen setting's, which the cell then runs from the beginning: training it again costs less
    /// memory than keeping the best model beside the next one.
    let options: ResolvedOptions
    /// nil without a grid.
    let choice: CellResult.Choice?
    /// Of the cell's work that the search was.
    let share: Double
  }

  /// Trains every setting; of equals the first is chosen.
  ///
  /// - Parameter progress: Receives the share of the whole cell that is done.
  /// - Returns: The chosen options.
  /// - Throws: What binding a method throws.
  func run(progress: (Double) -> Void) throws -> Outcome {
    let candidates = options.candidates
    guard candidates.count > 1 else {
      return Outcome(options: candidates.first ?? options, choice: nil, share: 0)
    }
    let grid = MethodGrid(options)
    let part = 1 / Double(candidates.count + 1)
    var results: [CellResult.Choice.Candidate] = []
    for (index, (candidate, setting)) in zip(candidates, grid.settings).enumerated() {
      let begin = Double(index) * part
      let accuracy = try accuracy(of: candidate) { progress(begin + part * $0) }
      results.append(
        CellResult.Choice.Candidate(
          setting: grid.axes.map { "\($0.option) \(setting[$0.option]?.description ?? "")" }
            .joined(separator: ", "),
          accuracy: accuracy))
    }
    let best = results.indices.max { (results[$0].accuracy ?? -1) < (results[$1].accuracy ?? -1) }
    let first = results.indices.first {
      results[$0].accuracy == best.flatMap { results[$0].accuracy }
    }
    return Outcome(
      options: candidates[first ?? 0],
      choice: CellResult.Choice(
        heldOut: material.pool.heldOut.count, candidates: results, chosen: first ?? 0),
      share: 1 - part)
  }

  /// On the held-out examples, in [0, 1]; nil where a number was not finite.
  private func accuracy(
    of candidate: ResolvedOptions, progress: (Double) -> Void
  ) throws -> Double? {
    let run = try material.bind(
      try material.model(candidate), catalog, recipe, candidate
    ) { _ in }
    if run.preparation?.divergedAt != nil { return nil }
    if let outcome = run.train(progress: progress), outcome.divergedAt != nil { return nil }
    let predictions = run.evaluator.predictions(for: material.pool.heldOut).predictions
    guard predictions.areFinite else { return nil }
    return Evaluator.accuracy(of: predictions.classes, on: material.pool.heldOut)
  }
}
