import Experiments
import Foundation

extension CheckEvidence {
  /// Whether all methods were given the same examples, and the same ones to answer.
  var sampleSharing: CheckFinding? {
    let readers = experiment.methods.filter(\.usesSample).map(\.name)
    var samples = 0
    var problems: [CheckFinding.Problem] = []
    for shots in experiment.shape.shots where readers.count > 1 {
      for seed in experiment.shape.seeds {
        let digests = readers.flatMap { method in
          results.results(method: method, shots: shots, seed: seed)
            .compactMap { $0?.sampleDigest }.filter { !$0.isEmpty }
        }
        guard digests.count > 1 else { continue }
        samples += 1
        let distinct = Set(digests).count
        if distinct > 1 {
          problems.append(
            .fail(
              "At \(shots) shots, seed \(seed), \(digests.count) methods saw \(distinct) different "
                + "samples"))
        }
      }
    }
    for set in sets {
      let counts = Set(
        groups.flatMap(\.runs).compactMap { run in
          run.evaluations.first { $0.set == set }?.count
        }
      ).sorted()
      guard counts.count > 1 else { continue }
      problems.append(
        .fail(
          "\(MetricPath.words(ofSet: set)): runs answered "
            + "\(Words.list(counts.map(String.init))) examples"))
    }
    guard samples > 0 || !problems.isEmpty else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "At each of \(samples) pairs of shots and seed, all methods that read examples "
        + "saw the same ones")
  }

  /// Whether every method has all its runs.
  var equalRuns: CheckFinding? {
    let started = groups.filter { $0.planned > 0 }
    guard started.contains(where: { !$0.runs.isEmpty }) else { return nil }
    let problems = started.filter { $0.runs.count < $0.planned }.map { group in
      CheckFinding.Problem.warn(
        "\(words(group)): \(group.runs.count) of \(Words.count(group.planned, "run")) succeeded"
      )
    }
    return CheckFinding(
      problems: problems,
      otherwise: "All \(started.reduce(0) { $0 + $1.planned }) runs succeeded")
  }

  /// Whether seeds drew distinct samples and gave distinct results.
  var effectiveSeeds: CheckFinding? {
    var problems: [CheckFinding.Problem] = []
    var looked = 0
    for group in groups where group.method.usesSample && group.runs.count > 1 {
      looked += 1
      let runs = group.runs.count
      let digests = Set(group.runs.map(\.sampleDigest)).count
      let distinct = Set(group.runs.map(Outcome.init)).count
      if digests < group.samples {
        problems.append(
          .fail(
            "\(words(group)): \(group.samples) seeds drew \(Words.count(digests, "distinct sample"))"
          ))
      } else if distinct < runs {
        // Samples differ, so what is the same needs no fault of the seeds.
        let isForced = Dictionary(grouping: group.runs, by: Outcome.init).values
          .allSatisfy { $0.count == 1 || Self.isExtreme($0[0]) }
        problems.append(
          CheckFinding.Problem(
            status: 2 * distinct <= runs && !isForced ? .fail : .warn,
            text: "\(words(group)): \(runs) \(runs > group.samples ? "runs" : "seeds") gave "
              + Words.count(distinct, "distinct result")
              + (isForced ? "; where they repeat, all answers are equal or all are correct" : "")))
      }
    }
    guard looked > 0 else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "Every seed drew a distinct sample and gave a distinct result")
  }

  /// Whether on every set a run gives one answer to all items, or none that is wrong.
  private static func isExtreme(_ result: CellResult) -> Bool {
    result.evaluations.allSatisfy { evaluation in
      Set(evaluation.predictions).count <= 1 && !evaluation.predictions.isEmpty
        || evaluation.metrics[Metrics.accuracy] == 1
    }
  }

  /// A run's measurements, except its time.
  private struct Outcome: Hashable {
    let metrics: [[String: Double]]
    let predictions: [[UInt8]]

    init(_ result: CellResult) {
      metrics = result.evaluations.map(\.metrics)
      predictions = result.evaluations.map(\.predictions)
    }
  }
}
