package import Experiments
import Foundation

/// What a cell gave that was asked for by name, beside what was stored for it before.
package struct CellComparison: Hashable, Sendable {
  package enum Agreement: Hashable, Sendable {
    /// It was not run, since its result was stored.
    case known
    /// Nothing was stored.
    case first
    case equal
    /// What differs, as in `ood.accuracy 0.5 → 0.6`.
    case different([String])
  }

  package let experiment: String
  package let method: String
  package let shots: Int
  package let seed: Int
  package let result: CellResult
  package let agreement: Agreement

  /// - Parameters:
  ///   - cell: Of the plan.
  ///   - result: What it gave.
  ///   - stored: What it gave before; nil for nothing.
  ///   - hasRun: Whether `result` is new.
  init(_ cell: PlannedCell, result: CellResult, stored: CellResult?, hasRun: Bool) {
    let recipe = cell.cell.recipe
    (experiment, method) = (cell.experiment, cell.method)
    (shots, seed) = (recipe.shots, recipe.seed)
    self.result = result
    guard hasRun else {
      agreement = .known
      return
    }
    guard let stored else {
      agreement = .first
      return
    }
    let differences = Self.differences(stored, result)
    agreement = differences.isEmpty ? .equal : .different(differences)
  }

  /// Everything that must be the same whenever a cell runs: times and resident memory need not be.
  private static func differences(_ old: CellResult, _ new: CellResult) -> [String] {
    guard old.status == new.status else {
      return ["\(old.statusName) → \(new.statusName)"]
    }
    var found: [String] = []
    func compare<Value: Equatable>(_ name: String, _ old: Value?, _ new: Value?) {
      guard old != new else { return }
      func text(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
      found.append("\(name) \(text(old)) → \(text(new))")
    }
    for evaluation in new.evaluations {
      let before = old.evaluations.first { $0.set == evaluation.set }
      let count = found.count
      for (metric, value) in evaluation.metrics.sorted(by: { $0.key < $1.key }) {
        // A result of an earlier version has fewer metrics of the same answers.
        if let before, before.metrics[metric] == nil { continue }
        compare("\(evaluation.set).\(metric)", before?.metrics[metric], value)
      }
      if let before, found.count == count, before.predictions != evaluation.predictions {
        found.append("the answers on \(evaluation.set)")
      }
    }
    compare("steps", old.training?.steps, new.training?.steps)
    compare("loss", old.training?.losses.last, new.training?.losses.last)
    if found.isEmpty, old.training?.losses != new.training?.losses { found.append("the losses") }
    if old.sampleDigest != new.sampleDigest { found.append("the sample") }
    compare("demonstrations", old.demonstrations, new.demonstrations)
    return found
  }
}

extension CellComparison {
  /// "quick lora n=32 seed 3: accuracy 84.2 % in-domain and 71.0 % ood, loss 0.41; equal to the stored
  /// result".
  package var sentence: String {
    let sample = shots > 0 ? " n=\(shots) seed \(seed)" : ""
    return "\(experiment) \(method)\(sample): \(numbers); \(words)"
  }

  private var numbers: String {
    if let words = result.statusWords { return words }
    let accuracies = result.evaluations.compactMap { evaluation in
      evaluation.metrics["accuracy"].map {
        "\(ValueFormat(.percent).string($0)) \(evaluation.set)"
      }
    }
    var parts = accuracies.isEmpty ? [] : ["accuracy \(Words.list(accuracies))"]
    if let loss = result.training?.losses.last { parts.append(String(format: "loss %.4g", loss)) }
    parts.append(ValueFormat(.seconds).string(result.seconds))
    parts.append("peak memory \(ValueFormat(.bytes).string(Double(result.memory.peak)))")
    return parts.joined(separator: ", ")
  }

  private var words: String {
    switch agreement {
    case .known: "stored, not run again (--fresh runs it)"
    case .first: "its first result"
    case .equal: "equal to the stored result"
    case .different(let what): "differs from the stored result: \(what.joined(separator: ", "))"
    }
  }

  /// The agreement in a word, for programs.
  package var agreementName: String {
    switch agreement {
    case .known: "known"
    case .first: "first"
    case .equal: "equal"
    case .different: "different"
    }
  }

  /// What differs, for programs.
  package var differences: [String] {
    if case .different(let what) = agreement { what } else { [] }
  }
}
