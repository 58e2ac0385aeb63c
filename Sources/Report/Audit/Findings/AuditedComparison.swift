import Experiments

/// Two methods of one task, model, number of shots and set, on the seeds both have.
struct AuditedComparison {
  let place: Audit.Place
  let model: String
  let shots: String
  let first: String
  let second: String
  var result: PairedComparison

  /// Whether p below 0.05 is within reach of the pairs.
  var isTestable: Bool { result.distinctPairs >= SeedPower.fewestPairs && result.pValue != nil }

  /// "cola in-domain, opt-125m at 16 shots: lora − vanilla".
  var words: String {
    let location = [place.words, model].filter { !$0.isEmpty }.joined(separator: ", ")
    let at = shots.isEmpty ? "" : " at \(shots) shots"
    return "\(location)\(at): \(first) − \(second)"
  }
}
