import Foundation

/// What `tune: auto` tries for every method that trains by gradient, and what it may cost.
///
/// All methods get the same trials: multiples of their own learning rate half a decade apart, the rate
/// itself first. Few examples and epochs need higher rates than the papers that the presets' rates come
/// from: Devlin et al. 2019 (arXiv:1810.04805, appendix A.3) search 2e-5 to 5e-5 for BERT, the authors
/// of small BERTs (Turc et al. 2019, arXiv:1908.08962) up to 3e-4.
package enum Tuning {
  /// A setting relative to the method's own.
  package struct Configuration: Hashable, Sendable {
    /// Factor of the learning rate.
    package let rate: Double
    /// Factor of the epochs.
    package let epochs: Double

    init(rate: Double = 1, epochs: Double = 1) {
      self.rate = rate
      self.epochs = epochs
    }
  }

  /// The method's own rate first; what a budget leaves out is at the end.
  package static let configurations = [
    Configuration(), Configuration(rate: 3), Configuration(rate: 10), Configuration(rate: 30),
    Configuration(rate: 100), Configuration(rate: 1.0 / 3),
  ]

  /// Parts of the labelled sample.
  package static let folds = 3
  /// Shares of the epochs at which candidates are compared.
  package static let rungs = [0.1, 0.3]
  /// The most that the trials of a method may cost, in trainings on the whole sample.
  package static let budget = 3.0

  /// Why a method is compared with settings that nothing has tuned.
  package enum Reason: Hashable, Sendable {
    /// Nothing is trained by gradient: what such a method chooses, it chooses within its sample.
    case nothingToTune
    /// The source sets the learning rate.
    case setInSource
    /// Settings are those of a study.
    case study(String)
    /// The method has a search of its own: a grid, or epochs chosen on other examples.
    case ownChoice
    /// Fewer than two configurations fit.
    case budget
    /// The source turns tuning off.
    case off
  }

  /// What tuning does with a method.
  package enum Decision: Hashable, Sendable {
    /// The search, and how many configurations of the table it leaves out to keep to the budget.
    case search(SettingSearch, leftOut: Int)
    case untuned(Reason)
  }
}

extension Tuning.Decision {
  /// Decides how a method is tuned.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - fixed: Names of the options that the source sets.
  ///   - seeds: Of the samples to search on; nil for each cell's own.
  package init(_ method: Method, fixed: Set<String>, seeds: [Int]? = nil) {
    let options = method.options
    guard method.trains, method.readsModel, method.usesSample,
      let rate = options.value(of: TrainingOptions.learningRate),
      let epochs = options.value(of: TrainingOptions.epochs)
    else {
      self = .untuned(.nothingToTune)
      return
    }
    if method.compatibility != .none {
      self = .untuned(.study(method.compatibility.rawValue))
    } else if !MethodGrid(options).isEmpty || ModelSelection(options) != .last {
      self = .untuned(.ownChoice)
    } else if fixed.contains(TrainingOptions.learningRate.name) {
      self = .untuned(.setInSource)
    } else {
      let allowed = Tuning.configurations.filter {
        $0.epochs == 1 || !fixed.contains(TrainingOptions.epochs.name)
      }
      let candidates = allowed.map { configuration in
        configuration.changes(rate: rate, epochs: epochs)
      }
      let fitting = (2...max(2, candidates.count)).last { count in
        Tuning.cost(
          of: SettingSearch(
            candidates: Array(candidates.prefix(count)), folds: Tuning.folds, rungs: Tuning.rungs),
          options) <= Tuning.budget
      }
      guard let fitting else {
        self = .untuned(.budget)
        return
      }
      self = .search(
        SettingSearch(
          candidates: Array(candidates.prefix(fitting)), folds: Tuning.folds, rungs: Tuning.rungs,
          seeds: seeds),
        leftOut: candidates.count - fitting)
    }
  }
}

extension Tuning {
  /// The price of a search before it runs, in trainings of the method's own settings on the whole
  /// sample.
  ///
  /// The most that can be: of candidates with different epochs the longest may go on.
  ///
  /// - Parameters:
  ///   - search: On one sample.
  ///   - options: The method's own.
  /// - Returns: What the trials cost at most.
  package static func cost(of search: SettingSearch, _ options: ResolvedOptions) -> Double {
    // Each training on the other parts reads all but one part of the sample, and all of the texts that
    // come from elsewhere.
    let readsPool = options.value(of: DistillationObjective.pool) == .whole
    let samples = readsPool ? search.folds : search.folds - 1
    // Every training of a trial would prepare the model anew, which takes no less than a training.
    let preparations = ContinuedPretraining.isAsked(options) ? search.folds : 0
    let epochs = search.rungs.indices.flatMap { rung in
      search.candidates.indices.map {
        search.options(of: $0, from: options, rung: rung)[TrainingOptions.epochs]
      }.sorted(by: >).prefix(search.count(at: rung))
    }
    return Double(samples * epochs.reduce(0, +)) / Double(options[TrainingOptions.epochs])
      + Double(preparations * epochs.count)
  }
}

extension Tuning.Configuration {
  /// The options that differ from the method's own.
  fileprivate func changes(rate own: Double, epochs ownEpochs: Int) -> [String: OptionValue] {
    var changes: [String: OptionValue] = [:]
    if rate != 1 { changes[TrainingOptions.learningRate] = Self.rounded(own * rate) }
    if epochs != 1 {
      changes[TrainingOptions.epochs] = max(1, Int((Double(ownEpochs) * epochs).rounded()))
    }
    return changes
  }

  /// Two significant digits, so that recipes and pages show 3e-5 and not a sum of powers of two.
  private static func rounded(_ rate: Double) -> Double {
    let clamped = min(max(rate, 1e-12), 10)
    return Double(String(format: "%.1e", clamped)) ?? clamped
  }
}
