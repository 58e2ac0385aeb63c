import Formats

/// The part of the experiments that a chart or table shows.
struct BlockSelection: Hashable, Sendable {
  /// Labels of experiments.
  package let experiments: [Located<String>]
  /// Methods in the order to show them; nil for all.
  package let methods: [Located<String>]?
  /// Numbers of examples; nil for all, or for the one at ``end``.
  package let shots: [Located<Int>]?
  /// `shots: min` or `max`: the fewest or most examples of the experiments.
  package let end: ShotsChoice?

  init(experiments: [Located<String>], methods: [Located<String>]?, shots: [Located<Int>]?) {
    self.experiments = experiments
    self.methods = methods
    self.shots = shots
    end = nil
  }

  init?(_ fields: inout FieldReader) {
    let from = fields.strings("from")
    fields.requirePresence(of: "from", like: "the label of an experiment")
    methods = fields.strings("methods")
    end = fields.shotsEnd("shots")
    shots = end == nil ? fields.integers("shots") : nil
    guard let from, !from.isEmpty else { return nil }
    experiments = from
  }

  var labels: [String] { experiments.map(\.value) }

  /// The numbers of examples to show of some; nil where the source chooses none.
  func numbers(of all: [Int]) -> [Int]? {
    shots?.map(\.value) ?? end?.number(in: all).map { [$0] }
  }

  /// Looks the names up; a method or number of shots must be in at least one of the experiments.
  func check(
    metrics: [Located<MetricPath>], against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var shapes: [ExperimentShape] = []
    var isComplete = true
    for label in experiments {
      switch catalog.lookUp(label.value, at: label.position) {
      case .success(let shape?): shapes.append(shape)
      case .success(nil): isComplete = false
      case .failure(let diagnostic):
        diagnostics.append(diagnostic)
        isComplete = false
      }
    }
    for shape in shapes {
      diagnostics += metrics.compactMap { shape.problem(metric: $0.value, at: $0.position) }
    }
    guard isComplete, let first = shapes.first else { return diagnostics }
    let all = shapes.dropFirst().reduce(first) { $0.union($1) }
    diagnostics += (methods ?? []).compactMap { all.problem(method: $0.value, at: $0.position) }
    diagnostics += (shots ?? []).compactMap { all.problem(shots: $0.value, at: $0.position) }
    return diagnostics
  }

  /// Looks up published numbers to show beside a selection, which must be of one experiment: numbers
  /// published for one task say nothing beside another.
  func checkReferences(
    _ references: [Located<String>], metrics: [Located<MetricPath>],
    against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    guard experiments.count == 1 else {
      return references.prefix(1).map { reference in
        Diagnostic(
          .invalidValue, at: reference.position,
          "published numbers go with one experiment, not with \(experiments.count)",
          help: "show each experiment separately, with its own reference")
      }
    }
    return references.flatMap { reference -> [Diagnostic] in
      switch catalog.lookUpPublished(reference.value, at: reference.position) {
      case .failure(let diagnostic): [diagnostic]
      case .success(let numbers):
        numbers?.check(beside: metrics, at: reference.position) ?? []
      }
    }
  }
}

extension FieldReader {
  /// How the values of several seeds become one number; the mean unless the block names another.
  mutating func statistic(format: ValueFormat?) -> Statistic {
    guard let chosen = choice("statistic", of: Statistic.self) else { return .mean }
    if chosen.value != .mean, format?.showsSpread == true {
      report(
        Diagnostic(
          .invalidValue, at: chosen.position,
          "a standard deviation is one around the mean, not around the \(chosen.value.word)",
          help: "write the format without ±, or 'statistic: mean'"))
    }
    return chosen.value
  }

  /// One metric path or a list of them.
  mutating func metrics(_ key: String) -> [Located<MetricPath>]? {
    guard let texts = strings(key) else { return nil }
    var paths: [Located<MetricPath>] = []
    for text in texts {
      if let path = MetricPath(text.value) {
        paths.append(Located(path, at: text.position))
      } else {
        report(MetricPath.problem(text.value, at: text.position))
      }
    }
    return paths
  }

  /// A number format such as `pct` or `.3`.
  mutating func format(_ key: String) -> ValueFormat? {
    guard let text = text(key) else { return nil }
    if let format = ValueFormat(text.text) { return format }
    report(ValueFormat.problem(text.text, at: text.position))
    return nil
  }
}

extension BlockSelection {
  /// Reads the experiments of a block that compares methods with each other, and its methods.
  ///
  /// - Parameters:
  ///   - fields: Of the block.
  ///   - isOverTasks: Whether there may be several experiments.
  init?(comparing fields: inout FieldReader, isOverTasks: Bool) {
    let from = isOverTasks ? fields.strings("from") : fields.string("from").map { [$0] }
    fields.requirePresence(of: "from", like: "the label of an experiment")
    fields.rejectRepeats("from", from, help: "name each experiment once")
    let methods = fields.strings("methods")
    if let methods {
      fields.rejectRepeats("methods", methods, help: "name each method once")
      if methods.count == 1 {
        fields.report(
          Diagnostic(
            .invalidValue, at: methods[0].position,
            "one method cannot be compared with itself",
            help: "name two or more, or leave 'methods' out for all"))
      }
    }
    guard let from, !from.isEmpty else { return nil }
    self.init(experiments: from, methods: methods, shots: nil)
  }

  /// The methods to compare: those listed, else those that all of some experiments have.
  func comparedMethods(in shapes: [ExperimentShape]) -> [String] {
    if let methods { return methods.map(\.value) }
    guard let first = shapes.first else { return [] }
    return first.methods.filter { method in shapes.allSatisfy { $0.methods.contains(method) } }
  }

  /// Looks the names up, and requires experiments that share more than one method.
  func checkComparable(
    shots: Located<ShotsChoice>, metrics: [Located<MetricPath>], against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    var number: [Located<Int>]?
    if case .exactly(let count) = shots.value { number = [Located(count, at: shots.position)] }
    let problems = BlockSelection(experiments: experiments, methods: methods, shots: number)
      .check(metrics: metrics, against: catalog)
    let shapes = experiments.compactMap { label in
      catalog.shapes.first { $0.label == label.value }
    }
    guard problems.isEmpty, let first = shapes.first, shapes.count == experiments.count else {
      return problems
    }
    if methods == nil, shapes.count == 1, first.methods.count < 2 {
      return [
        Diagnostic(
          .invalidValue, at: experiments[0].position,
          "experiment '\(first.label)' has one method, and a comparison needs two",
          help: "add a method to the experiment")
      ]
    }
    return zip(experiments, shapes).flatMap { label, shape in
      self.problems(of: shape, beside: shapes, at: label.position, number: number ?? [])
    }
  }

  /// What one of several experiments lacks that is compared over all of them.
  private func problems(
    of shape: ExperimentShape, beside shapes: [ExperimentShape], at position: SourcePosition,
    number: [Located<Int>]
  ) -> [Diagnostic] {
    guard let first = shapes.first, shapes.count > 1 else { return [] }
    var problems = (methods ?? []).compactMap {
      shape.problem(method: $0.value, at: $0.position)
    }
    if methods == nil {
      let common = comparedMethods(in: shapes)
      problems += shapes.lazy.flatMap { other in
        other.methods.filter { !shape.methods.contains($0) }.map { (other, $0) }
      }.prefix(1).map { other, method in
        Diagnostic(
          .unknownSelector, at: position,
          "experiment '\(shape.label)' has no method '\(method)', which '\(other.label)' has",
          help: common.count > 1
            ? "list those that all have: 'methods: [\(common.joined(separator: ", "))]'"
            : "methods are compared over experiments that share them")
      }
    }
    problems += number.compactMap { shape.problem(shots: $0.value, at: $0.position) }
    if Set(shape.seeds) != Set(first.seeds) {
      problems.append(
        Diagnostic(
          .unknownSelector, at: position,
          "experiments '\(first.label)' and '\(shape.label)' have different seeds",
          help: "methods are compared over experiments with the same 'seeds'"))
    }
    return problems
  }
}

extension FieldReader {
  /// Reports values that a list holds twice.
  fileprivate mutating func rejectRepeats(
    _ key: String, _ values: [Located<String>]?, help: String
  ) {
    var seen: Set<String> = []
    for value in values ?? [] where !seen.insert(value.value).inserted {
      report(
        Diagnostic(
          .invalidValue, at: value.position, "'\(key)' holds '\(value.value)' twice", help: help))
    }
  }
}

extension FieldReader {
  /// One metric path.
  mutating func metric(_ key: String) -> Located<MetricPath>? {
    guard let text = text(key) else { return nil }
    if let path = MetricPath(text.text) { return Located(path, at: text.position) }
    report(MetricPath.problem(text.text, at: text.position))
    return nil
  }

  /// The word `min` or `max`; nil for anything else, without a diagnostic.
  mutating func shotsEnd(_ key: String) -> ShotsChoice? {
    guard let value = value(key), case .text = value.content else { return nil }
    return ShotsChoice(word: value.source.text)
  }

  /// One number of examples, or `min` or `max`.
  mutating func shotsChoice(_ key: String) -> Located<ShotsChoice>? {
    guard let value = value(key) else { return nil }
    if case .integer(let count) = value.content, count >= 0 {
      return Located(.exactly(count), at: value.position)
    }
    if case .text = value.content, let choice = ShotsChoice(word: value.source.text) {
      return Located(choice, at: value.position)
    }
    reportInvalid(key, value, wants: "one number of examples, 'min' or 'max'")
    return nil
  }
}
