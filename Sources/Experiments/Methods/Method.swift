/// One way of adapting a model: an objective × an adaptation, with all options decided.
package struct Method: Hashable, Sendable {
  /// The name it bears in the report; never part of a key.
  package let name: String
  /// The named method it started from.
  package let preset: String
  /// The study whose settings it took over; never part of a key, for its options say what they are.
  package let compatibility: Compatibility
  package let objective: String
  package let adaptation: String
  package let options: ResolvedOptions
  /// Whether the result depends on the training examples, and so on shots and seed.
  package let usesSample: Bool
  /// Whether anything is trained, preparations aside.
  package let trains: Bool

  /// Whether epochs are chosen on an evaluation set.
  package var selectsInDomain: Bool { ModelSelection(options) == .bestInDomain }

  /// Labelled examples outside the sample that settings or epochs are chosen on.
  package var heldOut: Int { HeldOutExamples.count(options) }

  /// The checkpoint that teaches, as the source names it; nil where the model teaches itself.
  package var teacher: String? {
    guard let name = options.value(of: DistillationTeacher.option),
      !DistillationTeacher.ownModel.contains(name)
    else { return nil }
    return name
  }

  /// The patterns its options name, with the option that names each.
  package var patterns: [(option: MethodOption<String>, pattern: String)] {
    let own = options.possible(PatternChoice.option).map { (PatternChoice.option, $0) }
    let teachers = options.possible(DistillationTeacher.pattern)
      .filter { $0 != DistillationTeacher.studentPattern }
    return own + teachers.map { (DistillationTeacher.pattern, $0) }
  }
}
