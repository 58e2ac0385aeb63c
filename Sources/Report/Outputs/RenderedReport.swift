package import Formats

/// The files a report becomes, and what a build has to say about them.
package struct RenderedReport: Hashable, Sendable {
  /// `NAME.html`, self-contained.
  package let html: String
  /// `NAME.json`, schema `ftreport.report/1`.
  package let json: String
  /// `NAME.csv`, one row a cell × evaluation set × metric.
  package let csv: String
  package let refutedClaims: Int
  /// Validity checks after which numbers cannot be read as they seem to.
  package let failedChecks: Int
  /// Validity checks that found something a reader must know.
  package let warnedChecks: Int
  package let failedCells: Int
  package let divergedCells: Int
  /// Cells without a result.
  package let missingCells: Int
  /// Warnings about values and claims that have no results, in the order of the source.
  package let diagnostics: [Diagnostic]
}
