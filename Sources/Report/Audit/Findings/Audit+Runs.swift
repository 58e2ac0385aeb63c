extension Audit {
  /// Rows that repeat others, and rows without a score; nil where there are none.
  var rows: AuditFinding? {
    let lines = table.repeatedLines
    let gaps = table.gaps.sorted { $0.key < $1.key }
    guard !lines.isEmpty || !gaps.isEmpty else { return nil }
    var parts: [String] = []
    if !lines.isEmpty {
      let shown = AuditWords.some(lines.map(String.init))
      parts.append(
        "\(Words.count(lines.count, "row")) \(lines.count == 1 ? "repeats" : "repeat") the "
          + "method, task, shots and seed of an earlier row (line \(shown))")
    }
    for (status, count) in gaps {
      parts.append(
        status == "no score"
          ? "\(Words.count(count, "score")) \(count == 1 ? "is" : "are") missing"
          : "\(Words.count(count, "run")) \(count == 1 ? "is" : "are") '\(status)'")
    }
    let unread = table.unreadColumns
    let hint = unread.isEmpty ? "" : " Not read: \(unread.joined(separator: ", "))."
    return AuditFinding(
      .rows, .warn, parts.joined(separator: "; ") + ".",
      advice: lines.isEmpty
        ? "Failed runs may not be missing at random, so means over the rest can be too good."
        : "If a column distinguishes these rows, name it: --column setting=NAME.\(hint)")
  }

  /// Whether runs of a cell have distinct results.
  ///
  /// Two runs may agree by chance on a small set; a cell of which a quarter repeats does not.
  var effectiveSeeds: AuditFinding? {
    let repeated = cells.filter { $0.runs.count > 1 }
    guard let most = repeated.map(\.runs.count).max(),
      let largest = repeated.map(\.distinct).max()
    else { return nil }
    let poor = repeated.filter { 4 * $0.distinct < 3 * $0.runs.count }
    guard !poor.isEmpty else {
      return AuditFinding(
        .effectiveSeeds, .pass,
        "Runs have distinct results in all "
          + "\(Words.count(repeated.count, "cell")) of 2 runs or more.")
    }
    let isGrave = poor.contains { 2 * $0.distinct <= $0.runs.count }
    let least = repeated.map(\.runs.count).min() ?? most
    let runs = least == most ? "\(most) runs" : "\(least) to \(most) runs"
    let counts = Dictionary(grouping: poor, by: \.distinct).sorted { $0.key < $1.key }
      .map { "\($0.value.count) with \(Words.count($0.key, "distinct result"))" }
    var text =
      "\(poor.count) of \(Words.count(repeated.count, "cell")) with \(runs) each have far "
      + "fewer distinct results: \(Words.list(counts))."
    if poor.count == repeated.count {
      text += " None has more than \(largest)."
    }
    return AuditFinding(
      .effectiveSeeds, isGrave ? .fail : .warn, text, details: seedDetails(poor),
      advice: "The seed probably does not reach the sampler. Count repeats once: a mean over them "
        + "rests on no more runs than distinct results, and its spread is not that of seeds.")
  }

  private func seedDetails(_ poor: [Cell]) -> [String] {
    var details: [String] = []
    for count in Set(poor.map(\.distinct)).sorted().prefix(2) {
      guard let cell = poor.first(where: { $0.distinct == count }) else { continue }
      let results = Set(cell.runs.map { self.words($0) }).sorted()
      details.append(
        "\(cell.name.words): \(cell.runs.count) runs, \(Words.list(results))")
    }
    let lonely = poor.filter { cell in
      let sizes = Dictionary(grouping: cell.runs) { $0.scores.mapValues(\.value) }
        .map(\.value.count)
      return cell.distinct == 2 && cell.runs.count > 2 && sizes.min() == 1
    }
    if lonely.count > 1 {
      details.append(
        "in \(lonely.count) cells one run differs and all others repeat one result")
    }
    return details
  }

  /// "61.0 % in-domain / 61.2 % out-of-domain".
  func words(_ run: AuditedRun) -> String {
    run.scores.filter { $0.key.metric == metric }.sorted { $0.key < $1.key }.map {
      let set = $0.key.set == "all" ? "" : " \(MetricPath.words(ofSet: $0.key.set))"
      return AuditWords.score($0.value.value, metric) + set
    }.joined(separator: " / ")
  }

  /// Whether methods of one task and model have equal numbers of runs.
  var equalRuns: AuditFinding? {
    struct Context: Hashable {
      let task: String
      let model: String
      let shots: String
    }
    var details: [String] = []
    let groups = Dictionary(grouping: cells) {
      Context(task: $0.name.task, model: $0.name.model, shots: $0.name.shots)
    }
    var uneven = 0
    // Methods that lack runs, reported once for all shots of a task and model.
    var short: [String: Set<String>] = [:]
    for (context, cells) in groups {
      let counts = cells.map(runCount)
      guard let most = counts.max(), counts.min() != most else { continue }
      uneven += 1
      let place = [context.task, context.model].filter { !$0.isEmpty }.joined(separator: ", ")
      for (cell, count) in zip(cells, counts) where count < most {
        short["\(place): ", default: []].insert(
          "\(cell.name.method) (\(count) of \(most))")
      }
    }
    for (place, methods) in short.sorted(by: { $0.key < $1.key }) {
      details.append(place + AuditWords.some(methods.sorted(), most: 6))
    }
    guard uneven > 0 else {
      return cells.count < 2
        ? nil
        : AuditFinding(
          .equalRuns, .pass,
          "Methods of one task, model and number of shots have equal numbers of runs.")
    }
    return AuditFinding(
      .equalRuns, .warn,
      "At \(uneven) of \(Words.count(groups.count, "place")) (task, model and shots) methods "
        + "have unequal numbers of runs.",
      details: details,
      advice: "Compare means only over the seeds that both methods have; one run has no spread.")
  }

  /// Runs of a cell; a run that reads no examples, recognised by its key, counts for all seeds.
  private func runCount(_ cell: Cell) -> Int {
    let isShared =
      cell.runs.count == 1
      && cell.runs.contains { run in
        !run.key.isEmpty
          && cells.contains { $0.name != cell.name && $0.runs.contains { $0.key == run.key } }
      }
    guard isShared else { return cell.runs.count }
    return cells.filter {
      $0.name.task == cell.name.task && $0.name.model == cell.name.model
        && $0.name.shots == cell.name.shots
    }.map(\.runs.count).max() ?? 1
  }
}
