package import Experiments
package import Formats
package import Foundation

/// Options of a build beyond its source.
package struct BuildOptions: Sendable {
  /// Where pages go; nil to write none.
  package var output: URL?
  /// Run only cells of these experiments.
  package var only: Set<String>
  /// Run cells of these experiments again.
  var refresh: Set<String>
  /// Run only cells that match.
  package var filter: CellFilter?
  var executes: Bool
  /// Stop at the first cell that fails.
  var failsFast: Bool
  /// The words that build the report again, from `build` on, for the page.
  package var command: [String]

  package init(
    output: URL?, only: Set<String> = [], refresh: Set<String> = [], filter: CellFilter? = nil,
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
  /// Whether matching cells run even if their results are stored.
  var isFresh: Bool

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

/// How a build ended.
package struct BuildOutcome: Hashable, Sendable {
  package var cells = 0
  package var cached = 0
  package var ran = 0
  package var failed = 0
  package var diverged = 0
  /// Cells without a result because nothing was to be run, or the build was stopped.
  package var missing = 0
  package var refutedClaims = 0
  /// What the report recommends.
  package var advice: [Advice] = []
  /// Failed validity checks: numbers do not mean what they seem to.
  package var failedChecks = 0
  /// Validity checks that found something a reader should know.
  package var warnedChecks = 0
  /// About values and claims without results.
  package var warnings: [Diagnostic] = []
  /// The page's path; empty if none was asked for.
  package var page = ""
  /// Pages of other reports that the page links to.
  package var linkedPages: [String] = []
  /// Results that the page shows and this build does not have, so that a run of a part left it alone.
  package var keptResults = 0
  /// The cells of a run of a part.
  package var comparisons: [CellComparison] = []
  package var wasCancelled = false
  /// Under `--no-exec`: cells whose result is out of date.
  package var stale = 0

  /// The exit code of design: 0 ok, 3 a cell failed, 4 a claim refuted or a check
  /// failed under `--strict`, 5 stale, 130 interrupted.
  package func exitCode(strict: Bool) -> Int32 {
    if wasCancelled { return 130 }
    if failed > 0 { return 3 }
    if stale > 0 { return 5 }
    return strict && refutedClaims + failedChecks > 0 ? 4 : 0
  }
}

/// An event of a build, for display.
package enum BuildEvent: Sendable {
  /// What will be done: cells in the plan, those known, those to run, and workers.
  case planned(cells: Int, cached: Int, running: Int, workers: Int, predictedSeconds: Double?)
  case execution(ExecutionEvent, method: String)
  /// A result could not be stored; it is used for this page and lost afterwards.
  case notStored(String)
}

/// The folder of the pages cannot be written; every result is stored all the same.
package struct OutputError: Error, Hashable, Sendable {
  package let folder: String
  let cause: String
}

extension OutputError: CustomStringConvertible {
  package var description: String {
    """
    \(folder): error: the page cannot be written: \(cause)
      help: name a folder you may write to with -o; no result is lost
    """
  }
}
