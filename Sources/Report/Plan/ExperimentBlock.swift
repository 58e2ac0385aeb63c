import Experiments
package import Formats

/// What to run: a task, a model, methods, and how many examples and seeds.
///
/// Every value carries the place it came from, in the block or in the front matter's `defaults`.
package struct ExperimentBlock: Hashable, Sendable {
  /// How `shots` counts examples.
  package enum ShotsPer: String, CaseIterable, Hashable, Sendable {
    /// That many of each class (Srinivasan and others 2024).
    case `class`
    /// That many in all (Mosbach and others 2023).
    case total
    /// That many in all, in the proportions of the pool.
    case natural

    /// The same for the sampler.
    var counting: ShotCounting {
      switch self {
      case .class: .class
      case .total: .total
      case .natural: .natural
      }
    }
  }

  /// What to evaluate on.
  package struct Evaluation: Hashable, Sendable {
    /// The most examples of each set, from its beginning.
    package let limit: Located<Int>?
    /// Names of evaluation sets; nil for all of the task's.
    package let sets: [Located<String>]?
  }

  /// A repeated cross-validation of the training pool, for tasks without a test set.
  package struct Validation: Hashable, Sendable {
    package let folds: Int
    package let repeats: Int
    let position: SourcePosition
  }

  package static let kind = "experiment"
  static let inheritedKeys = FrontMatter.inheritedKeys
  package let label: String
  package let position: SourcePosition
  let title: Template?
  package let description: Template?
  package let task: Located<String>
  /// Folder of the task's files; builtin tasks need none.
  package let data: Located<String>?
  /// `builtin` or a folder.
  package let model: Located<String>
  package let methods: [MethodRequest]
  /// Empty where ``asksForAllShots`` until the data is looked at.
  package private(set) var shots: [Located<Int>]
  /// Where `shots: all` was written, for every row that there is.
  let allShots: SourcePosition?
  package let shotsPer: Located<ShotsPer>
  package let seeds: [Located<Int>]
  /// Initializations of each sample; empty where the seed of the sample decides them as well.
  package let initSeeds: [Located<Int>]
  package let evaluation: Evaluation
  /// Nil where seeds draw samples.
  package let validation: Validation?
  package let pattern: Located<String>?
  /// What methods cut off texts that are too long, unless they say so themselves; nil for the usual.
  let truncation: Located<Truncation>?
  /// How settings are found; nil where the source says nothing and they are fixed.
  package let tune: TuneRequest?
  /// BLAS threads of a cell.
  package let threads: Located<Int>?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    title = fields.text("title").map(Template.init)
    description = fields.text("description").map(Template.init)
    let task = fields.string("task")
    fields.requirePresence(of: "task", like: "cola")
    data = fields.string("data")
    model = fields.string("model") ?? Located(BuiltinModel.small.rawValue, at: fields.position)
    let methods = MethodRequest.read("methods", in: &fields)
    fields.requirePresence(of: "methods", like: "[vanilla, lora]")
    allShots = Self.allShots(&fields)
    let shots = allShots == nil ? fields.integers("shots") : []
    fields.requirePresence(of: "shots", like: "[2, 16, 128]")
    let counting = fields.choice("shots-per", of: ShotsPer.self)
    if allShots != nil, let counting, counting.value != .natural {
      fields.report(
        Diagnostic(
          .invalidValue, at: counting.position,
          "all rows have the proportions they have, so they are not drawn per "
            + counting.value.rawValue, help: "leave 'shots-per' out"))
    }
    shotsPer =
      allShots.map { Located(.natural, at: $0) } ?? counting ?? Located(.class, at: fields.position)
    validation = Self.validation(&fields)
    let seeds: [Located<Int>]?
    if let validation {
      if let given = fields.value("seeds") {
        fields.report(
          Diagnostic(
            .invalidValue, at: given.position, "a cross-validation has no seeds of its own",
            help: "leave 'seeds' out: 'folds' and 'repeats' say how many runs there are"))
      }
      seeds = (0..<validation.folds * validation.repeats).map {
        Located($0, at: validation.position)
      }
    } else {
      seeds = fields.integers("seeds")
      fields.requirePresence(of: "seeds", like: "0..9")
    }
    initSeeds = fields.integers("init-seeds") ?? []
    evaluation = Self.evaluation(&fields)
    pattern = fields.string("pattern")
    truncation = fields.choice(Truncation.option.name, of: Truncation.self)
    tune = TuneRequest(&fields, validates: validation != nil)
    threads = fields.integer("threads", atLeast: 1)
    guard let task, let methods, !methods.isEmpty, let shots, let seeds else { return nil }
    self.task = task
    self.methods = methods
    self.shots = shots
    self.seeds = seeds
  }

  /// Whether all rows are asked for.
  package var asksForAllShots: Bool { allShots != nil }

  private static let allWord = "all"

  private static func allShots(_ fields: inout FieldReader) -> SourcePosition? {
    guard let value = fields.value("shots"), case .text = value.content,
      value.source.text == allWord
    else { return nil }
    return value.position
  }

  /// The block with what `shots: all` comes to.
  ///
  /// - Parameter task: With its training pool.
  /// - Returns: A block whose ``shots`` are how many rows every run trains on.
  func counted(in task: LoadedTask) -> ExperimentBlock {
    guard let allShots else { return self }
    var block = self
    let count = task.smallestPool(folds: validation?.folds, repeats: validation?.repeats ?? 1)
    block.shots = [Located(count, at: allShots)]
    return block
  }

  private static func validation(_ fields: inout FieldReader) -> Validation? {
    guard let place = fields.value("validation")?.position, var inner = fields.map("validation")
    else { return nil }
    let folds = inner.integer("folds", atLeast: 2)?.value ?? 5
    let repeats = inner.integer("repeats", atLeast: 1)?.value ?? 1
    fields.report(inner.finish())
    return Validation(folds: folds, repeats: repeats, position: place)
  }

  private static func evaluation(_ fields: inout FieldReader) -> Evaluation {
    guard var inner = fields.map("evaluate") else { return Evaluation(limit: nil, sets: nil) }
    let evaluation = Evaluation(
      limit: inner.integer("limit", atLeast: 1), sets: inner.strings("sets"))
    fields.report(inner.finish())
    return evaluation
  }

  /// The seeds of the runs of a method at a number of shots: each sample with each initialization.
  var runSeeds: [(seed: Int, initSeed: Int?)] {
    let inits = initSeeds.isEmpty ? [nil] : initSeeds.map { Optional($0.value) }
    return seeds.flatMap { seed in inits.map { (seed.value, $0) } }
  }

  /// What expressions and charts may name.
  ///
  /// - Parameters:
  ///   - sets: The evaluation sets it scores, parts of them included.
  ///   - metrics: Names of the task's metrics.
  /// - Returns: The shape, by which expressions are checked before anything runs.
  package func shape(sets: [String], metrics: [String]) -> ExperimentShape {
    var shape = ExperimentShape(
      label: label, methods: methods.map(\.name.value), shots: shots.map(\.value),
      seeds: seeds.map(\.value), sets: sets, metrics: metrics)
    shape.initSeeds = initSeeds.map(\.value)
    shape.folds = validation?.folds
    return shape
  }
}

extension ShotCounting {
  /// What a source asks for.
  init(_ asked: ExperimentBlock.ShotsPer) {
    switch asked {
    case .class: self = .class
    case .total: self = .total
    case .natural: self = .natural
    }
  }
}
