import Engine
import Experiments
import Formats
import Foundation

/// What the cells of an experiment read, loaded to be checked before they run.
struct ExperimentMaterial {
  /// What experiments share that read the same.
  struct Name: Hashable {
    let files: String
    let options: TaskOptions
    let model: URL
  }

  let name: Name
  let task: LoadedTask
  /// By the paths of their models' folders, teachers' among them.
  let tokenizers: [String: any Tokenizer]
}

/// The checks that read whole files, made only for what will run: what is stored passed them.
struct MaterialCheck {
  let catalog: MethodCatalog
  /// Mistakes in the data and in models, and label words that a tokenizer does not distinguish.
  private(set) var diagnostics: [Diagnostic] = []
  /// By the labels of experiments of which cells must run.
  private(set) var materials: [String: ExperimentMaterial] = [:]

  init(catalog: MethodCatalog) {
    self.catalog = catalog
  }

  /// Loads what the pending cells of experiments read, and checks it.
  ///
  /// - Parameters:
  ///   - experiments: All of the report.
  ///   - pending: Keys of the cells to run.
  mutating func check(_ experiments: [ResolvedExperiment], pending: Set<String>) {
    var loaded: [String: LoadedTask] = [:]
    var tokenizers: [String: any Tokenizer] = [:]
    for experiment in experiments {
      let block = experiment.planned.block
      let due = experiment.cells.values.filter { pending.contains($0.cell.key) }
      guard let sample = due.first?.cell else { continue }
      do {
        let options = TaskOptions(sample.recipe.taskOptions)
        // Not by the task's name, which two task files may share.
        let files = sample.recipe.dataFingerprints.sorted { $0.key < $1.key }
        let key = "\(sample.dataPath)\n\(files)\n\(options.sets ?? [])"
        let task =
          try loaded[key]
          ?? TaskLoader(folder: URL(fileURLWithPath: sample.dataPath))
          .load(experiment.planned.task, sets: options.sets)
        loaded[key] = task
        let sampled = due.filter { $0.method.usesSample }
        if let validation = block.validation {
          let most = task.foldCount(upTo: validation.folds)
          if most < validation.folds {
            diagnostics.append(
              Diagnostic(
                .invalidValue, at: validation.position,
                "the training pool of \(Words.count(task.training.count, "row")) cannot be cut into "
                  + "\(validation.folds) folds",
                help: most > 1
                  ? "different texts allow at most \(most)"
                  : "at least two classes need two different texts each"))
            continue
          }
        }
        // Every fold leaves about as many of each class.
        let pool =
          options.folds.map { task.validating(folds: $0, run: 0).training } ?? task.training
        for shots in block.shots
        where sampled.contains(where: { $0.cell.recipe.shots == shots.value }) {
          do throws(TaskError) {
            let labels = task.definition.labels
            let drawn = try FewShotSampler.draw(
              from: pool, labels: labels, shots: shots.value, per: options.counting, seed: 0)
            _ = try FewShotSampler.heldOut(
              sampled.map(\.method.heldOut).max() ?? 0, from: pool, labels: labels, outside: drawn,
              per: options.counting, seed: 0)
            warn(of: task, shots, per: options.counting)
          } catch {
            diagnostics.append(Diagnostic(error, at: shots.position))
          }
        }
        let model = experiment.modelFolder
        let known = tokenizers[model.path]
        let tokenizer = try known ?? Self.checkedTokenizer(at: model.path)
        tokenizers[model.path] = tokenizer
        if known == nil, let warning = tokenizer.omissionWarning {
          diagnostics.append(
            Diagnostic(.corruptModel, at: block.model.position, warning, severity: .warning))
        }
        if due.contains(where: \.method.readsModel) {
          warn(ofWordsUnknownTo: tokenizer, in: task, at: block.task)
        }
        for (index, method) in experiment.planned.methods.enumerated() where method.readsModel {
          do throws(MethodError) {
            try catalog.check(
              method, task: task.definition, tokenizer: tokenizer,
              isEncoder: experiment.model.description.isBidirectional)
          } catch {
            diagnostics.append(
              Diagnostic(
                error, of: block.methods[index], otherwise: PatternChoice.option.name))
          }
          guard let path = due.first(where: { $0.method == method })?.cell.teacherPath else {
            continue
          }
          let teacher = try tokenizers[path] ?? Self.checkedTokenizer(at: path)
          tokenizers[path] = teacher
          do throws(MethodError) {
            try catalog.check(method, teacher: teacher, student: tokenizer, on: task)
          } catch {
            diagnostics.append(
              Diagnostic(
                error, of: block.methods[index], otherwise: DistillationTeacher.option.name))
          }
        }
        materials[block.label] = ExperimentMaterial(
          name: .init(
            files: key, options: options, model: model),
          task: task, tokenizers: tokenizers)
      } catch let error as TaskError {
        diagnostics.append(Diagnostic(error, at: block.place(of: error)))
      } catch let error as CheckpointError {
        diagnostics.append(Diagnostic(error, at: block.model.position))
      } catch {
        diagnostics.append(Diagnostic(.malformedData, at: block.position, "\(error)"))
      }
    }
  }

  /// Reads every weight once, so that a broken one is reported here and not by every cell.
  private static func checkedTokenizer(at path: String) throws -> any Tokenizer {
    let folder = try ModelFolder(URL(fileURLWithPath: path))
    let tokenizer = try folder.tokenizer()
    try folder.checkShapes()
    try folder.checkFinite()
    return tokenizer
  }

  /// Warns of classes that cannot give an even share of a sample.
  private mutating func warn(
    of task: LoadedTask, _ shots: Located<Int>, per counting: ShotCounting
  ) {
    guard
      let scarce = ScarceClasses(
        in: task.training, labels: task.definition.labels, shots: shots.value, per: counting)
    else { return }
    diagnostics.append(
      Diagnostic(
        .malformedData, at: shots.position,
        "with \(shots.value) examples in all, these classes give all they have and the others more: "
          + scarce.classes.joined(separator: ", "),
        help: "choose 'shots-per: natural' for the proportions of the pool", severity: .warning))
  }

  /// Warns if the model does not know many words of the training examples.
  private mutating func warn(
    ofWordsUnknownTo tokenizer: any Tokenizer, in task: LoadedTask, at name: Located<String>
  ) {
    guard tokenizer.unknownToken != nil else { return }
    let texts = task.training.prefix(Self.readExamples).flatMap(\.fields)
    let count = texts.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count }
    let unknown = texts.flatMap { tokenizer.unknownWords(in: $0) }
    guard let first = unknown.first, unknown.count * 100 >= count else { return }
    diagnostics.append(
      Diagnostic(
        .malformedData, at: name.position,
        "the model does not know \(unknown.count * 100 / count) % of the words of '\(name.value)', "
          + "'\(first)' for one",
        help: "use its words (for 'builtin' those of docs/world.md), or another model",
        severity: .warning))
  }

  /// How many examples are searched for words that the model does not know.
  private static let readExamples = 300
}
