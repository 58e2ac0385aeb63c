package import Formats

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
  /// Validity checks after which numbers cannot be read as they seem to.
  package var failedChecks = 0
  /// Validity checks that found something a reader must know.
  package var warnedChecks = 0
  /// About values and claims without results.
  package var warnings: [Diagnostic] = []
  package var page = ""
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
