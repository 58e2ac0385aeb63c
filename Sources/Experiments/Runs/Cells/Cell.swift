import Crypto
import Engine
import Formats
import Foundation

/// The unit of caching, of parallel work and of failure.
package struct Cell: Codable, Hashable, Sendable {
  /// SHA-256 of the canonical JSON of ``recipe``, hexadecimal.
  package var key: String
  /// The canonical JSON of everything that can change the result.
  package var recipe: CellRecipe
  /// Folder of the checkpoint; not part of the key (its fingerprint is).
  package var modelPath: String
  /// Folder of the task's files; not part of the key (their fingerprints are).
  package var dataPath: String
  /// The task's definition, for a task that is not in the catalog; its digest is in the key.
  package var task: TaskDefinition?
  /// Folder of the teacher's checkpoint, if there is one; not part of the key either.
  package var teacherPath: String?
  /// The files that the cell reads, as they were when its key was made; not part of the key either.
  package var files: [FileFingerprint]

  package init(
    key: String, recipe: CellRecipe, modelPath: String, dataPath: String,
    task: TaskDefinition? = nil, teacherPath: String? = nil, files: [FileFingerprint] = []
  ) {
    self.key = key
    self.recipe = recipe
    self.modelPath = modelPath
    self.dataPath = dataPath
    self.task = task
    self.teacherPath = teacherPath
    self.files = files
  }
}

/// Everything that can change a cell's result, and nothing else.
package struct CellRecipe: Codable, Hashable, Sendable {
  package var numericsVersion: Int
  package var modelFingerprint: String
  package var task: String
  /// Task options that change results: pattern, evaluation limits, sampler.
  package var taskOptions: [String: OptionValue]
  /// Fingerprint of each data file the task reads, by role.
  package var dataFingerprints: [String: String]
  /// Objective and adaptation by registry name.
  package var objective: String
  package var adaptation: String
  /// Every option of the method, defaults filled in.
  var methodOptions: [String: OptionValue]
  package var shots: Int
  package var seed: Int
  /// Which of a sample's initializations; nil where the sample's seed decides them as well, so that the
  /// JSON of such a cell is what it was.
  package private(set) var initSeed: Int?
  var precision: String
  package var threads: Int
  /// Keys of the cells whose results the cell reads, in the order in which it is given them; nil for
  /// none, so that the JSON of a cell that reads no other is what it was.
  package private(set) var inputs: [String]?
  /// How an encoder reads texts, as far as it differs from a decoder; nil where it does not, so that
  /// the JSON of a decoder's cell is what it was.
  package private(set) var reading: [String]?
  /// What the cell does in a search for settings; nil for one outside of any, so that its JSON is what
  /// it was.
  package private(set) var search: SearchRole?

  package init(
    numericsVersion: Int, modelFingerprint: String, task: String,
    taskOptions: [String: OptionValue], dataFingerprints: [String: String], objective: String,
    adaptation: String, methodOptions: [String: OptionValue], shots: Int, seed: Int,
    initSeed: Int? = nil, precision: String, threads: Int, inputs: [String] = [],
    reading: [String] = [], search: SearchRole? = nil
  ) {
    self.numericsVersion = numericsVersion
    self.modelFingerprint = modelFingerprint
    self.task = task
    self.taskOptions = taskOptions
    self.dataFingerprints = dataFingerprints
    self.objective = objective
    self.adaptation = adaptation
    self.methodOptions = methodOptions
    self.shots = shots
    self.seed = seed
    self.initSeed = initSeed
    self.precision = precision
    self.threads = threads
    self.inputs = inputs.isEmpty ? nil : inputs
    self.reading = reading.isEmpty ? nil : reading
    self.search = search
  }
}

/// The part of a cell in a search for settings.
///
/// A key holds the search and not its outcome, so a plan knows every cell before any of them runs.
package struct SearchRole: Codable, Hashable, Sendable {
  package let search: SettingSearch
  /// Nil for the cell that trains the chosen candidate on the whole sample.
  package let trial: Trial?

  /// One candidate judged at one rung.
  package struct Trial: Codable, Hashable, Sendable {
    /// Counted from 0.
    package let rung: Int
    /// At the first rung the candidate; later its rank at the rung before, from 0 for the best.
    package let place: Int
  }

  /// SHA-256 of the canonical JSON, in hexadecimal; nil if it cannot be written.
  var digest: String? {
    (try? JSONCoding.text(of: self)).map { SHA256.hash(data: Data($0.utf8)).hexadecimal }
  }
}

extension CellRecipe {
  /// Seed of the sample and of everything else that is drawn from the task's data.
  var sampleSeed: UInt64 { UInt64(bitPattern: Int64(seed)) }

  /// Seed of fresh weights, the order of examples and dropout.
  ///
  /// Initializations are nested in samples: one that recurred with every sample would move all of them
  /// together, and runs on different samples would not be independent.
  var trainingSeed: UInt64 {
    guard let initSeed else { return sampleSeed }
    var stream = RandomStream(seed: sampleSeed, purpose: "initialization \(initSeed)")
    return stream.next()
  }
}

/// What a source decides about a task beyond its name, as part of a cell's recipe.
package struct TaskOptions: Hashable, Sendable {
  /// Most examples a set is evaluated on; nil for all.
  package var limit: Int?
  /// The evaluation sets to score; nil for all.
  package var sets: [String]?
  package var counting: ShotCounting
  /// Folds of a cross-validation, which the seed counts through; nil where it draws samples.
  package var folds: Int?

  package init(
    limit: Int? = nil, sets: [String]? = nil, counting: ShotCounting = .class, folds: Int? = nil
  ) {
    self.limit = limit
    self.sets = sets
    self.counting = counting
    self.folds = folds
  }

  package init(_ values: [String: OptionValue]) {
    if case .integer(let value) = values["limit"] { limit = value }
    if case .integer(let value) = values["folds"] { folds = value }
    if case .list(let names) = values["sets"] { sets = names.map(\.description) }
    let word = values["shots-per"]?.description ?? ShotCounting.class.rawValue
    guard let counting = ShotCounting(rawValue: word) else {
      preconditionFailure("shots cannot be counted per '\(word)'")
    }
    self.counting = counting
  }

  /// The options as a recipe stores them.
  package var values: [String: OptionValue] {
    var values: [String: OptionValue] = ["shots-per": .text(counting.rawValue)]
    if let limit { values["limit"] = .integer(limit) }
    if let folds { values["folds"] = .integer(folds) }
    if let sets { values["sets"] = .list(sets.map(OptionValue.text)) }
    return values
  }
}

extension CellRecipe {
  /// SHA-256 of the recipe's canonical JSON, in hexadecimal.
  package var key: String {
    get throws { SHA256.hash(data: Data(try canonicalJSON().utf8)).hexadecimal }
  }

  /// JSON with sorted keys.
  func canonicalJSON() throws -> String { try JSONCoding.text(of: self) }
}
