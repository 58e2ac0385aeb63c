extension Audit {
  /// The published set with the size that the scores at a place imply.
  func identified(_ place: Place) -> KnownSet? {
    guard metric == "accuracy" else { return nil }
    let scores = cells(at: place).flatMap { $0.scores(measure(place.set)) }
    return KnownSet.candidates(task: place.task, set: place.set).first {
      ItemCount.fits(scores, count: $0.total) == true
    }
  }

  /// Whether scores are shares of the items of the set that their column names.
  var evaluationSets: AuditFinding? {
    guard metric == "accuracy" else { return nil }
    var problems: [(status: CheckStatus, text: String)] = []
    var details: [String] = []
    var looked = 0
    for place in places {
      let candidates = KnownSet.candidates(task: place.task, set: place.set)
      guard let nominal = candidates.first else { continue }
      let scores = cells(at: place).flatMap { $0.scores(measure(place.set)) }
      if let known = identified(place) {
        looked += 1
        let size = AuditWords.count(known.total)
        if let mixture = known.mixture {
          problems.append(
            (
              .fail,
              "\(place.words): every score is a multiple of 1/\(size), the size of \(known.name), "
                + "and not of 1/\(AuditWords.count(nominal.total)): it mixes \(mixture)"
            ))
        } else {
          details.append("\(place.words): multiples of 1/\(size), as of \(known.name)")
        }
      } else if ItemCount.fits(scores, count: nominal.total) == false {
        looked += 1
        let found = ItemCount.smallest(scores).map { "of 1/\(AuditWords.count($0))" }
        problems.append(
          (
            .warn,
            "\(place.words): scores are multiples \(found ?? "of no common share"), not of "
              + "1/\(AuditWords.count(nominal.total)) as on \(nominal.name)"
          ))
      }
    }
    guard looked > 0 else { return nil }
    guard let worst = problems.map(\.status).max() else {
      return AuditFinding(
        .evaluationSets, .pass, "Scores are multiples of 1/n for the sizes of the named sets.",
        details: details)
    }
    return AuditFinding(
      .evaluationSets, worst, problems.map(\.text).joined(separator: "; ") + ".",
      details: details,
      advice: worst == .fail
        ? "A gap between the two sets is not a gap between domains: one is part of the other. Score "
          + "the published in-domain and out-of-domain sets separately."
        : "Say which examples were scored.")
  }
}
