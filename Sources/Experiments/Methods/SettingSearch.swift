/// A search for the settings of a method within its labelled sample.
///
/// Every candidate is judged by a cross-validation of the sample at a small share of its epochs; the
/// better half goes on to the next share (successive halving: Jamieson and Talwalkar 2016,
/// arXiv:1502.07943). The best of the last rung is then trained on the whole sample, for the epochs of
/// that rung: a learning rate that is right for few epochs is too high for four times as many, so what
/// was judged is what is trained.
package struct SettingSearch: Codable, Hashable, Sendable {
  /// What each candidate changes about the method's own options; nothing for the first.
  package let candidates: [[String: OptionValue]]
  /// Parts that the sample is cut into; each is answered by a training on the others.
  package let folds: Int
  /// Shares of a candidate's epochs, ascending, at which those left are compared.
  package let rungs: [Double]
  /// Seeds of the samples that are searched on; nil for the cell's own sample.
  package let seeds: [Int]?

  package init(
    candidates: [[String: OptionValue]], folds: Int, rungs: [Double], seeds: [Int]? = nil
  ) {
    precondition(!candidates.isEmpty && folds > 1 && !rungs.isEmpty, "an empty search")
    self.candidates = candidates
    self.folds = folds
    self.rungs = rungs
    self.seeds = seeds
  }

  /// How many candidates are judged at a rung.
  package func count(at rung: Int) -> Int {
    (0..<rung).reduce(candidates.count) { count, _ in (count + 1) / 2 }
  }

  /// The options of a candidate.
  ///
  /// - Parameters:
  ///   - candidate: Its place among ``candidates``.
  ///   - options: The method's own.
  ///   - rung: At which it is judged.
  /// - Returns: Options with the epochs of that rung.
  func options(
    of candidate: Int, from options: ResolvedOptions, rung: Int
  ) -> ResolvedOptions {
    var result = ResolvedOptions(options.values.merging(candidates[candidate]) { $1 })
    let whole = Double(result[TrainingOptions.epochs])
    result[TrainingOptions.epochs] = max(1, Int((whole * rungs[rung]).rounded()))
    return result
  }

  var lastRung: Int { rungs.count - 1 }

  /// What a method changes that takes a candidate, the epochs of the last rung among it.
  ///
  /// - Parameters:
  ///   - candidate: Its place among ``candidates``.
  ///   - options: The method's own.
  /// - Returns: Options that have other values than the method's own.
  package func settings(
    of candidate: Int, from options: ResolvedOptions
  ) -> [String: OptionValue] {
    self.options(of: candidate, from: options, rung: lastRung).values
      .filter { options.values[$0.key] != $0.value }
  }

  /// The settings in which candidates differ, as in `learning-rate 3e-5`.
  ///
  /// - Parameters:
  ///   - candidate: Its place among ``candidates``.
  ///   - options: The method's own.
  /// - Returns: Every option that some candidate changes, with the value that this one has.
  func words(for candidate: Int, from options: ResolvedOptions) -> String {
    let values = options.values.merging(candidates[candidate]) { $1 }
    return Set(candidates.flatMap(\.keys)).sorted(by: >).map { name in
      "\(name) \(values[name].map(\.plainWords) ?? "")"
    }.joined(separator: ", ")
  }
}

extension OptionValue {
  /// As people write it: 1e-5, not 1e-05.
  package var plainWords: String {
    description.replacing("e-0", with: "e-").replacing("e+0", with: "e")
  }
}

extension SettingSearch {
  /// A number with its candidate and rung, by which candidates are compared.
  package struct Score: Hashable, Sendable {
    package let candidate: Int
    package let rung: Int
    /// Share of right answers to held-out examples; nil where training diverged.
    package let accuracy: Double?
    /// Mean log loss of those answers, in nats.
    package let logLoss: Double?

    package init(candidate: Int, rung: Int, accuracy: Double?, logLoss: Double?) {
      self.candidate = candidate
      self.rung = rung
      self.accuracy = accuracy
      self.logLoss = logLoss
    }
  }

  /// Candidates of a rung, the best first: by mean accuracy over samples, then by log loss; of equals
  /// the one that comes first in the table.
  ///
  /// A candidate that diverged on a sample comes last.
  package static func ranking(_ scores: [Score], at rung: Int) -> [Int] {
    let groups = Dictionary(grouping: scores.filter { $0.rung == rung }, by: \.candidate)
    func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap(\.self)
      return known.count == values.count && !known.isEmpty
        ? known.reduce(0, +) / Double(known.count) : nil
    }
    let ranked = groups.map { candidate, scores in
      (
        candidate: candidate, accuracy: mean(scores.map(\.accuracy)) ?? -1,
        loss: mean(scores.map(\.logLoss)) ?? .infinity
      )
    }
    return ranked.sorted { a, b in
      (-a.accuracy, a.loss, a.candidate) < (-b.accuracy, b.loss, b.candidate)
    }.map(\.candidate)
  }
}
