package import Experiments
import Formats

/// One experiment block with everything it names looked up.
package struct PlannedExperiment: Sendable {
  /// Where one combination of the block finds its cell; several may share one.
  package struct Place: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let seed: Int
    /// Which initialization of the sample; nil where the experiment asks for none of its own.
    package let initSeed: Int?
    package let key: String
    /// Keys of the trials that the place's cell reads, in an order in which they can run.
    package var trials: [String] = []
  }

  package let block: ExperimentBlock
  package let shape: ExperimentShape
  package let task: TaskDefinition
  /// In the order of the block.
  package let methods: [Method]
  package let places: [Place]
  /// What tuning does with each method, in their order.
  package var tuning: [Tuning.Decision] = []
  package let model: ModelFacts
  /// SHA-256 of each data file by role.
  package let dataFingerprints: [String: String]
  /// Notes about the data files, such as "HANS (regenerated)", sorted.
  package let dataNotes: [String]
}

/// A page's facts about a model.
package struct ModelFacts: Hashable, Sendable {
  /// The folder's last component.
  package let name: String
  let fingerprint: String
  package let parameters: Int
  package let layers: Int
  package let width: Int
  package let family: String
  /// Longest sequence, in tokens.
  package let context: Int
}

/// One cell of a plan, whether it is known, and why not.
package struct PlannedCell: Sendable {
  package let cell: Cell
  /// The method's name in the report.
  package let method: String
  /// The experiment that first names the cell.
  package let experiment: String
  package let cached: CellResult?
  /// Why the cell must run; nil for a cached one.
  package let reason: PendingReason?
  /// Seconds, learnt from stored timings; nil for a cached cell and when nothing like it has run.
  package let predictedSeconds: Double?
  /// What its worker needs, as predicted; nil for a cached cell.
  package var memory: MemoryEstimate?

  /// Whether it is a trial of a search and not a result of the page.
  package var isTrial: Bool { cell.recipe.search?.trial != nil }
}

/// Why a cell has no result that counts.
package enum PendingReason: Hashable, Sendable {
  case neverRun
  /// It ran with another recipe, and this is different now.
  case changed(String)
  case failed(String)
  case requestedAgain
  /// Its stored result is damaged.
  case unusable
}

extension PendingReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .neverRun: "never run"
    case .changed(let differences): differences
    case .failed(let reason): "failed before: \(reason)"
    case .requestedAgain: "requested again"
    case .unusable: "its stored result cannot be used"
    }
  }
}

extension [PlannedExperiment] {
  /// What the numbers of shots of some of them count: "examples per class" or "examples".
  func shotWords(of labels: [String]) -> String {
    let counted = filter { labels.contains($0.block.label) }.map(\.block.shotsPer.value)
    return counted.allSatisfy { $0 == .class } ? "examples per class" : "examples"
  }

  /// Where numbers come from: "lowres · 126 cells · 6 seeds".
  func origin(of labels: [String]) -> String {
    labels.compactMap { label -> String? in
      guard let experiment = first(where: { $0.block.label == label }) else { return nil }
      let cells = Set(experiment.places.map(\.key)).count
      let seeds = experiment.shape.seeds.count
      return "\(label) · \(cells) \(cells == 1 ? "cell" : "cells") · \(seeds) "
        + (seeds == 1 ? "seed" : "seeds")
    }.joined(separator: "; ")
  }
}
