import Crypto
import Engine
import Experiments
import Formats
import Foundation

/// Examines the examples of a plan's experiments, and stores the facts beside the results.
///
/// Comparing a large training pool with its evaluation sets takes seconds, and gives the same until
/// a file or the task's definition changes.
struct TaskFactsReader {
  private let files: StateFolder
  private let inputs = InputCheck()

  /// - Parameters:
  ///   - folder: Made when the first facts are kept.
  ///   - damaged: Called with a file that is not as it was written; the examples are read again.
  init(folder: URL, damaged: @escaping @Sendable (URL) -> Void = { _ in }) {
    files = StateFolder(folder, pathExtension: "facts", damaged: damaged)
  }

  /// The facts by the experiment's label, without experiments whose examples cannot be read.
  func facts(of plan: ReportPlan) -> [String: TaskFacts] {
    let cells = Dictionary(
      plan.cells.map { ($0.cell.key, $0.cell) }, uniquingKeysWith: { first, _ in first })
    var known: [String: TaskFacts] = [:]
    var result: [String: TaskFacts] = [:]
    for experiment in plan.experiments {
      guard let cell = experiment.places.lazy.compactMap({ cells[$0.key] }).first else { continue }
      let key = Self.key(of: cell.recipe)
      var facts = known[key] ?? kept(key) ?? read(experiment.task, of: cell, key: key)
      known[key] = facts
      let reader = experiment.places.lazy.compactMap { cells[$0.key] }.first {
        !$0.modelPath.isEmpty
      }
      facts?.longTexts = reader.flatMap { longTexts(of: experiment.task, for: $0) }
      result[experiment.block.label] = facts
    }
    return result
  }

  /// The examples of an experiment as its cells read them; nil where they cannot be read.
  func examples(of experiment: PlannedExperiment, in plan: ReportPlan) -> LoadedTask? {
    let keys = Set(experiment.places.map(\.key))
    guard let cell = plan.cells.first(where: { keys.contains($0.cell.key) })?.cell else {
      return nil
    }
    return loaded(experiment.task, of: cell)
  }

  /// The examples of experiments that a block needs, by their labels.
  func printed(in plan: ReportPlan) -> [String: LoadedTask] {
    let labels = Set(
      plan.report.blocks(ErrorsBlock.self).map(\.experiment.value)
        + plan.report.blocks(ChartBlock.self).filter(\.chartKind.readsTexts)
        .flatMap(\.selection.labels))
    return plan.experiments.filter { labels.contains($0.block.label) }.reduce(into: [:]) {
      $0[$1.block.label] = examples(of: $1, in: plan)
    }
  }

  private func loaded(_ task: TaskDefinition, of cell: Cell) -> LoadedTask? {
    let options = TaskOptions(cell.recipe.taskOptions)
    guard
      let loaded = try? TaskLoader(folder: URL(fileURLWithPath: cell.dataPath))
        .load(task, sets: options.sets)
    else { return nil }
    // Facts of other data than the results' would be kept for good.
    let opened = loaded.sources.compactMap(\.url)
    let paths = Set(opened.map(\.standardizedFileURL.path))
    let planned = cell.files.filter { paths.contains($0.file.path) }
    guard (try? inputs.check(planned, opened: opened)) != nil else { return nil }
    return loaded.limited(to: options.limit)
  }

  private func read(_ task: TaskDefinition, of cell: Cell, key: String) -> TaskFacts? {
    guard let facts = loaded(task, of: cell).map(TaskFacts.init) else { return nil }
    if let bytes = try? JSONCoding.data(of: facts) { files.keep(bytes, for: key) }
    return facts
  }

  /// What of the texts the cell's model does not read whole; nil where they or it cannot be read.
  private func longTexts(of task: TaskDefinition, for cell: Cell) -> TaskFacts.LongTexts? {
    let key = Self.digest(["long texts 1", Self.key(of: cell.recipe), cell.recipe.modelFingerprint])
    if let known: TaskFacts.LongTexts = kept(key) { return known }
    guard let folder = try? ModelFolder(URL(fileURLWithPath: cell.modelPath)),
      let tokenizer = try? folder.tokenizer(), let loaded = loaded(task, of: cell)
    else { return nil }
    let counts = TaskFacts.LongTexts(of: loaded, for: folder, tokenizer)
    if let bytes = try? JSONCoding.data(of: counts) { files.keep(bytes, for: key) }
    return counts
  }

  private func kept<Facts: Decodable>(_ key: String) -> Facts? {
    files.contents(for: key).flatMap { try? JSONCoding.value(Facts.self, from: $0) }
  }

  /// Everything that the facts depend on; fingerprints hold the task's definition too.
  private static func key(of recipe: CellRecipe) -> String {
    let options = recipe.taskOptions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let files = recipe.dataFingerprints.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return digest(["task facts 4", recipe.task] + options + files)
  }

  private static func digest(_ parts: [String]) -> String {
    SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).hexadecimal
  }
}
