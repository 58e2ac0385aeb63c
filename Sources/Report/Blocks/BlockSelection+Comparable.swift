import Formats

extension BlockSelection {
  /// Reads the one experiment of a block that compares methods with each other, and its methods.
  init?(comparing fields: inout FieldReader) {
    let from = fields.string("from")
    fields.requirePresence(of: "from", like: "the label of an experiment")
    let methods = fields.strings("methods")
    if let methods {
      var seen: Set<String> = []
      for method in methods where !seen.insert(method.value).inserted {
        fields.report(
          Diagnostic(
            .invalidValue, at: method.position, "'methods' holds '\(method.value)' twice",
            help: "name each method once"))
      }
      if methods.count == 1 {
        fields.report(
          Diagnostic(
            .invalidValue, at: methods[0].position,
            "one method cannot be compared with itself",
            help: "name two or more, or leave 'methods' out for all"))
      }
    }
    guard let from else { return nil }
    self.init(experiments: [from], methods: methods, shots: nil)
  }

  /// Looks the names up, and asks for an experiment with more than one method.
  func checkComparable(
    shots: Located<ShotsChoice>, metrics: [Located<MetricPath>], against catalog: ExperimentCatalog
  ) -> [Diagnostic] {
    var number: [Located<Int>]?
    if case .exactly(let count) = shots.value { number = [Located(count, at: shots.position)] }
    let problems = BlockSelection(experiments: experiments, methods: methods, shots: number)
      .check(metrics: metrics, against: catalog)
    guard problems.isEmpty, methods == nil,
      let shape = catalog.shapes.first(where: { $0.label == experiments.first?.value }),
      shape.methods.count < 2
    else { return problems }
    return [
      Diagnostic(
        .invalidValue, at: experiments[0].position,
        "experiment '\(shape.label)' has one method, and a comparison needs two",
        help: "add a method to the experiment")
    ]
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

  /// The word `min` or `max`; nil for anything else, of which nothing is said.
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
