import Crypto
package import Engine
import Formats
package import Foundation

/// Makes the cells of one task, model and data folder.
package struct CellFactory: Sendable {
  package let task: TaskDefinition
  let taskOptions: TaskOptions
  package let dataPath: String
  package let data: DataFingerprints
  package let modelPath: String
  package let model: ModelSummary
  package let threads: Int
  /// The checkpoints that methods name as teachers, by the names they use.
  package var teachers: [String: TeacherCheckpoint] = [:]

  /// Where the key holds the fingerprint of a teacher's checkpoint.
  private static let teacherRole = "teacher's checkpoint"

  /// Where the key holds the task's columns, labels, patterns and label words.
  static let definitionRole = "task definition"

  /// The definition for workers, unless they have it in their own catalog.
  private let sentTask: TaskDefinition?
  /// What every cell reads.
  private let files: [FileFingerprint]
  /// Of ``task``, which every cell names.
  private let taskDigest: Result<String, any Error>

  package init(
    task: TaskDefinition, taskOptions: TaskOptions, dataPath: String,
    data: DataFingerprints, modelPath: String, model: ModelSummary, threads: Int
  ) {
    self.task = task
    self.taskOptions = taskOptions
    self.dataPath = dataPath
    self.data = data
    self.modelPath = modelPath
    self.model = model
    self.threads = threads
    let isKnown = TaskCatalog.published.tasks.contains(task)
    sentTask = isKnown ? nil : task
    files = model.files + data.files
    taskDigest = Result { try task.digest }
  }

  /// The cell of a method at a number of shots and a seed.
  ///
  /// A method that reads no sample has one cell for all of them.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - shots: Examples, counted as the task options say.
  ///   - seed: Of the sample, and without `initSeed` of initialization, order and dropout.
  ///   - initSeed: Which of several initializations on the sample; a method that trains nothing has one
  ///     cell for all of them.
  /// - Returns: The cell with its key.
  /// - Throws: ``MethodError`` for a teacher that ``teachers`` lacks; an error of the encoder if the
  ///   recipe cannot be written as JSON, as with a number that is not finite.
  package func cell(
    _ method: Method, shots: Int, seed: Int, initSeed: Int? = nil
  ) throws -> Cell {
    try cell(method, shots: shots, seed: seed, initSeed: initSeed, search: nil, inputs: [])
  }

  /// The cells of a search for the method's settings, and the one that trains what it chooses.
  ///
  /// - Parameters:
  ///   - method: With all options decided, which are those of the first candidate.
  ///   - search: What is tried; its trials are the same for every initialization of a sample.
  ///   - shots: Examples, counted as the task options say.
  ///   - seed: Of the sample.
  ///   - initSeed: Which of several initializations on the sample.
  /// - Returns: The cell whose result counts, and the trials in an order in which they can run.
  /// - Throws: As ``cell(_:shots:seed:initSeed:)`` does.
  package func cells(
    _ method: Method, tunedBy search: SettingSearch, shots: Int, seed: Int, initSeed: Int? = nil
  ) throws -> (refit: Cell, trials: [Cell]) {
    var trials: [Cell] = []
    var before: [String] = []
    for rung in search.rungs.indices {
      var these: [Cell] = []
      for place in 0..<search.count(at: rung) {
        for sample in search.seeds ?? [seed] {
          these.append(
            try cell(
              method, shots: shots, seed: sample, initSeed: nil,
              search: SearchRole(search: search, trial: .init(rung: rung, place: place)),
              inputs: before))
        }
      }
      trials += these
      before = these.map(\.key)
    }
    let refit = try cell(
      method, shots: shots, seed: seed, initSeed: initSeed,
      search: SearchRole(search: search, trial: nil), inputs: trials.map(\.key))
    return (refit, trials)
  }

  private func cell(
    _ method: Method, shots: Int, seed: Int, initSeed: Int?, search: SearchRole?, inputs: [String]
  ) throws -> Cell {
    var fingerprints = data.digests
    fingerprints[Self.definitionRole] = try taskDigest.get()
    var options = try method.filled(for: model.description, model.modules).options.values
    var teacherPath: String?
    var files = method.readsModel ? files : data.files
    if let name = method.teacher {
      guard let teacher = teachers[name] else {
        throw MethodError(
          .missingTeacher(name), method: method.name, option: DistillationTeacher.option.name)
      }
      // The content counts, not the name.
      options[DistillationTeacher.option] = DistillationTeacher.checkpoint
      fingerprints[Self.teacherRole] = teacher.fingerprint
      teacherPath = teacher.path
      files += teacher.files
    }
    // Without a model neither it nor the number of threads reaches a result.
    let readsModel = method.readsModel
    let recipe = CellRecipe(
      numericsVersion: Numerics.version,
      modelFingerprint: readsModel ? model.fingerprint : "", task: task.name,
      taskOptions: taskOptions.values, dataFingerprints: fingerprints,
      objective: method.objective, adaptation: method.adaptation,
      methodOptions: options, shots: method.usesSample ? shots : 0,
      seed: method.usesSample || taskOptions.folds != nil ? seed : 0,
      initSeed: method.usesInitialization ? initSeed : nil,
      precision: BasePrecision(method.options).rawValue,
      threads: readsModel ? threads : 1, inputs: inputs, reading: reading(of: method),
      search: search)
    return Cell(
      key: try recipe.key, recipe: recipe, modelPath: readsModel ? modelPath : "",
      dataPath: dataPath,
      task: sentTask, teacherPath: teacherPath, files: files)
  }
}

extension CellFactory {
  /// How the model reads texts with any setting of a method's grid.
  private func reading(of method: Method) -> [String] {
    let words = method.options.candidates.flatMap { options in
      EncoderReading(
        model.description, objective: method.objective, adaptation: method.adaptation,
        options: options, task: task
      ).words
    }
    return Set(words).sorted()
  }
}

/// A checkpoint as a plan sees it: what it is, without its weights.
package struct ModelSummary: Hashable, Sendable {
  package let description: ModelDescription
  /// SHA-256 over the names and contents of the files that define the model.
  package let fingerprint: String
  /// Those files.
  package let files: [FileFingerprint]
  /// What a user should know of a model that can be used nevertheless.
  package let warnings: [String]
  /// What the folder says about states of texts; nil if it says nothing.
  let modules: SentenceModules?

  /// Opens a Hugging Face folder and checks its headers.
  ///
  /// - Parameters:
  ///   - folder: With `config.json`, weights and a tokenizer's files.
  ///   - cache: Where digests of unchanged files are remembered.
  /// - Throws: `CheckpointError` for a broken folder, ``TaskError`` for an unreadable file.
  package init(_ folder: URL, cache: (any FingerprintCache)?) throws {
    let model = try ModelFolder(folder)
    try model.checkShapes()
    description = model.description
    warnings = model.warnings
    modules = try SentenceModules(folder)
    files = try model.definingFiles.map { try FileFingerprint(of: $0, cache: cache) }
    var hash = SHA256()
    for (url, file) in zip(model.definingFiles, files) {
      hash.update(data: Data("\(url.lastPathComponent)\n\(file.digest)\n".utf8))
    }
    // Its files once meant the tied model, of which results may be stored.
    if model.isUntiedByWeights { hash.update(data: Data("untied output\n".utf8)) }
    fingerprint = hash.finalize().hexadecimal
  }
}

/// A checkpoint that teaches, as a plan sees it.
package struct TeacherCheckpoint: Hashable, Sendable {
  package let path: String
  let fingerprint: String
  package let files: [FileFingerprint]
  package let description: ModelDescription

  package init(path: String, model: ModelSummary) {
    self.path = path
    fingerprint = model.fingerprint
    files = model.files
    description = model.description
  }
}
