import Engine

/// Judges one candidate of a search for settings: trains on all parts of the sample but one and
/// answers that one, for every part.
struct SettingTrial {
  private let catalog: MethodCatalog
  private let cell: Cell
  private let material: CellMaterial
  private let search: SettingSearch

  init(_ catalog: MethodCatalog, cell: Cell, material: CellMaterial, in search: SettingSearch) {
    self.catalog = catalog
    self.cell = cell
    self.material = material
    self.search = search
  }

  /// The evaluation that a trial's result has: answers to the sample's own examples.
  static let set = "tuning"

  /// Runs the trial.
  ///
  /// - Parameters:
  ///   - trial: Which candidate, at which rung.
  ///   - tried: Trials of the rung before, by which it is known who is left.
  ///   - begin: When the cell began.
  ///   - progress: Receives the share done.
  /// - Returns: A result with the score of the candidate; a training that diverged leaves none.
  /// - Throws: What binding a method throws.
  func result(
    of trial: SearchRole.Trial, after tried: [CellResult.Tuning.Trial],
    since begin: ContinuousClock.Instant, progress: (Double) -> Void
  ) throws -> CellResult {
    let (clock, sample, recipe) = (ContinuousClock(), material.sample, cell.recipe)
    let candidate = Self.candidate(trial, tried)
    let options = search.options(of: candidate, from: material.options, rung: trial.rung)
    let folds = Folds(of: material.sampledTask, count: search.folds, repeat: recipe.seed)
    var answers = Answers(count: sample.count)
    var memory = CellResult.Memory()
    var training = CellResult.Training(
      steps: 0, tokens: 0, seconds: 0, losses: [], accuracy: nil, relativeWeightChange: nil,
      trainableParameters: 0)
    let trainings = folds.count > 1 ? folds.count : 0
    for fold in 0..<trainings where answers.areComplete {
      let held = sample.indices.filter { folds.number[$0] == fold }
      let model = try material.model(options)
      let run = try material.training(on: sample.indices.filter { folds.number[$0] != fold })
        .bind(model, catalog, recipe, options) { _ in }
      let outcome = run.train { (share: Double) in
        progress((Double(fold) + 0.9 * share) / Double(trainings))
      }
      let used = CellResult.Memory(model.ledger)
      if used.peak > memory.peak { memory = used }
      training.add(outcome, of: run)
      guard outcome?.divergedAt == nil, run.preparation?.divergedAt == nil else {
        answers.areComplete = false
        break
      }
      let predictions = run.evaluator.predictions(for: held.map { sample[$0] }).predictions
      answers.take(predictions, at: held)
      progress(Double(fold + 1) / Double(trainings))
    }
    let seconds = (clock.now - begin).seconds
    training.seconds = seconds
    var evaluations: [CellResult.Evaluation] = []
    if trainings > 0, answers.areComplete {
      evaluations = EvaluationSet(name: Self.set, domain: .inDomain, examples: sample).outcomes(
        of: answers.classes, classNames: material.task.definition.labels,
        probabilities: answers.probabilities.flatMap(\.self), tokens: 0, seconds: 0)
    }
    let metrics = evaluations.first?.metrics ?? [:]
    return CellResult(
      key: cell.key, status: .succeeded, evaluations: evaluations, training: training,
      memory: memory, seconds: seconds,
      sampleDigest: FewShotSampler.digest(of: sample),
      tuning: CellResult.Tuning(trials: [
        CellResult.Tuning.Trial(
          candidate: candidate, setting: search.words(for: candidate, from: material.options),
          rung: trial.rung, epochs: options[TrainingOptions.epochs], seed: recipe.seed,
          examples: trainings > 0 ? sample.count : 0, accuracy: metrics[Metrics.accuracy],
          logLoss: metrics[Metrics.logLoss], seconds: seconds, peak: memory.peak)
      ]),
      provenance: CellResult.Provenance(recipe))
  }

  /// The candidate of a trial.
  private static func candidate(
    _ trial: SearchRole.Trial, _ tried: [CellResult.Tuning.Trial]
  ) -> Int {
    guard trial.rung > 0 else { return trial.place }
    let ranking = SettingSearch.ranking(
      CellResult.Tuning(trials: tried).scores, at: trial.rung - 1)
    precondition(
      ranking.indices.contains(trial.place),
      "place \(trial.place) of \(ranking.count) at rung \(trial.rung)")
    return ranking[trial.place]
  }

  /// Answers to the examples of a sample, as far as they are there.
  private struct Answers {
    var classes: [UInt8]
    /// A row an example.
    var probabilities: [[Float]]
    /// Whether no training diverged so far.
    var areComplete = true

    init(count: Int) {
      classes = Array(repeating: 0, count: count)
      probabilities = Array(repeating: [], count: count)
    }

    mutating func take(_ predictions: Predictions, at places: [Int]) {
      areComplete = areComplete && predictions.areFinite
      let columns = predictions.probabilities.count / max(1, places.count)
      for (row, place) in places.enumerated() {
        classes[place] = predictions.classes[row]
        probabilities[place] = Array(
          predictions.probabilities[(row * columns)..<((row + 1) * columns)])
      }
    }
  }
}

extension CellMaterial {
  /// The same with some of the sample's examples only.
  func training(on places: [Int]) -> CellMaterial {
    CellMaterial(
      options: options, task: task, sample: places.map { sample[$0] }, pool: pool,
      tokenizer: tokenizer, folder: folder, teacher: teacher, states: states)
  }

  /// The candidate that did best at the last rung of a search.
  ///
  /// - Parameters:
  ///   - search: With its candidates.
  ///   - trials: All of them.
  /// - Returns: What is trained on the whole sample, and the record of the search.
  func chosen(
    in search: SettingSearch, by trials: [CellResult.Tuning.Trial]
  ) -> (GridSearch.Outcome, CellResult.Tuning) {
    let scores = CellResult.Tuning(trials: trials).scores
    let candidate = SettingSearch.ranking(scores, at: search.lastRung).first
    // A sample that cannot be divided gives no score, and the method keeps its own settings.
    let isJudged = trials.contains { $0.examples > 0 }
    let chosen = isJudged ? candidate : nil
    return (
      GridSearch.Outcome(
        options: chosen.map { search.options(of: $0, from: options, rung: search.lastRung) }
          ?? options,
        choice: nil, share: 0),
      CellResult.Tuning(trials: trials, chosen: chosen)
    )
  }
}

extension CellResult.Training {
  /// Adds the work of one training.
  fileprivate mutating func add(_ outcome: Trainer.Outcome?, of run: MethodRun) {
    steps += outcome?.steps ?? 0
    tokens +=
      (outcome?.tokens ?? 0) + run.session.preparationTokens + run.preparationTokens
    trainableParameters = run.groups.reduce(0) { $0 + $1.tensor.count }
  }
}
