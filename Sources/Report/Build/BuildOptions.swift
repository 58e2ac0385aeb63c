package import Foundation

/// What a command line says about a build beyond its source.
package struct BuildOptions: Sendable {
  /// Where pages go.
  package var output: URL
  /// Run only cells of these experiments.
  package var only: Set<String>
  /// Run cells of these experiments again.
  package var refresh: Set<String>
  /// Run only cells that match.
  package var filter: CellFilter?
  package var executes: Bool
  /// Stop at the first cell that fails.
  package var failsFast: Bool
  /// The words that build the report again, from `build` on, for the page.
  package var command: [String]

  package init(
    output: URL, only: Set<String> = [], refresh: Set<String> = [], filter: CellFilter? = nil,
    executes: Bool = true, failsFast: Bool = false, command: [String] = ["build"]
  ) {
    self.output = output
    self.only = only
    self.refresh = refresh
    self.filter = filter
    self.executes = executes
    self.failsFast = failsFast
    self.command = command
  }
}

/// Part of one experiment: a method, a number of shots, a seed, or all of them.
package struct CellFilter: Hashable, Sendable {
  package var experiment: String
  package var method: String?
  package var shots: Int?
  package var seed: Int?
  /// Whether matching cells run although they are known.
  package var isFresh: Bool

  package init(
    experiment: String, method: String? = nil, shots: Int? = nil, seed: Int? = nil,
    isFresh: Bool = false
  ) {
    self.experiment = experiment
    self.method = method
    self.shots = shots
    self.seed = seed
    self.isFresh = isFresh
  }

  /// Whether a place of an experiment is meant.
  package func matches(_ place: PlannedExperiment.Place, of experiment: String) -> Bool {
    self.experiment == experiment && method.map { $0 == place.method } ?? true
      && shots.map { $0 == place.shots } ?? true && seed.map { $0 == place.seed } ?? true
  }
}
