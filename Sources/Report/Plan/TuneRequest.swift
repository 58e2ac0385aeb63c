import Experiments
package import Formats

/// How an experiment finds the settings of its methods: `none`, `auto`, or `{on: [100, 101]}`.
package struct TuneRequest: Hashable, Sendable {
  package enum Way: Hashable, Sendable {
    /// Fixed settings.
    case none
    /// A search within each cell's own sample.
    case auto
    /// One search for a task, a method and a number of examples, on samples that no page reports.
    case on([Located<Int>])
  }

  package let way: Way
  let position: SourcePosition

  /// Reads `tune`; nil where it is not there or is a mistake, which is reported.
  ///
  /// - Parameters:
  ///   - fields: Of an experiment.
  ///   - validates: Whether the experiment is a cross-validation, which has no other samples.
  init?(_ fields: inout FieldReader, validates: Bool) {
    guard let value = fields.value("tune") else { return nil }
    position = value.position
    switch value.content {
    case .text where value.source.text == "none": way = .none
    case .text where value.source.text == "auto": way = .auto
    case .map:
      var inner = fields.nested(value, owner: "'tune' map", position: value.position)
      let seeds = inner.integers("on")
      inner.requirePresence(of: "on", like: "[100, 101]")
      fields.report(inner.finish())
      guard let seeds else { return nil }
      if validates {
        fields.report(
          Diagnostic(
            .invalidValue, at: value.position,
            "a cross-validation has no samples besides those that it reports",
            help: "write 'tune: auto', which searches within each fold's training rows"))
      }
      way = .on(seeds)
    default:
      fields.reportInvalid(
        "tune", value, wants: "auto, none or a map", help: "write auto, none or {on: [100, 101]}")
      return nil
    }
  }

  /// Whether settings are searched for at all.
  package var searches: Bool { way != .none }

  /// Seeds of the samples that are searched on; nil for each cell's own.
  package var seeds: [Int]? {
    if case .on(let seeds) = way { return seeds.map(\.value) }
    return nil
  }

  /// Mistakes: seeds to search on that the page reports as well.
  ///
  /// - Parameter blocks: Those of the page that draw from the same task.
  /// - Returns: One for each such seed.
  func diagnostics(reported blocks: [ExperimentBlock]) -> [Diagnostic] {
    guard case .on(let seeds) = way else { return [] }
    return seeds.compactMap { seed in
      guard
        let block = blocks.first(where: { block in
          block.validation == nil && block.seeds.contains { $0.value == seed.value }
        })
      else { return nil }
      return Diagnostic(
        .invalidValue, at: seed.position,
        "settings would be searched on sample \(seed.value), which '\(block.label)' reports",
        help: "choose seeds that no experiment on the task uses, such as 100")
    }
  }
}
