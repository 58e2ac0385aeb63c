import Experiments

extension CheckEvidence {
  /// Whether all methods that read examples were given the same ones.
  var sampleSharing: CheckFinding? {
    let readers = experiment.methods.filter(\.usesSample).map(\.name)
    guard readers.count > 1 else { return nil }
    var samples = 0
    var problems: [String] = []
    for shots in experiment.shape.shots {
      for seed in experiment.shape.seeds {
        let digests = readers.compactMap { method -> String? in
          let digest = results.result(method: method, shots: shots, seed: seed)?.sampleDigest
          return digest?.isEmpty == false ? digest : nil
        }
        guard digests.count > 1 else { continue }
        samples += 1
        let distinct = Set(digests).count
        if distinct > 1 {
          problems.append(
            "at \(shots) shots, seed \(seed), \(digests.count) methods saw \(distinct) different "
              + "samples")
        }
      }
    }
    guard samples > 0 else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "At each of \(samples) pairs of shots and seed, all methods that read examples "
        + "saw the same ones.")
  }

  /// Whether seeds drew samples of their own and brought results of their own.
  var effectiveSeeds: CheckFinding? {
    var problems: [String] = []
    var looked = 0
    for group in groups where group.method.usesSample && group.runs.count > 1 {
      looked += 1
      let digests = Set(group.runs.map(\.sampleDigest)).count
      let distinct = Set(group.runs.map(Outcome.init)).count
      let place = "\(group.method.name) at \(group.shots ?? 0) shots"
      if digests < group.runs.count {
        problems.append(
          "\(place): \(group.runs.count) seeds drew \(digests) distinct "
            + (digests == 1 ? "sample" : "samples"))
      } else if distinct < group.runs.count {
        problems.append(
          "\(place): \(group.runs.count) seeds gave \(distinct) distinct "
            + (distinct == 1 ? "result" : "results"))
      }
    }
    guard looked > 0 else { return nil }
    return CheckFinding(
      problems: problems,
      otherwise: "Every seed drew a sample of its own and gave a result of its own.")
  }

  /// What a run measured, apart from how long it took.
  private struct Outcome: Hashable {
    let metrics: [[String: Double]]
    let predictions: [[UInt8]]

    init(_ result: CellResult) {
      metrics = result.evaluations.map(\.metrics)
      predictions = result.evaluations.map(\.predictions)
    }
  }
}
