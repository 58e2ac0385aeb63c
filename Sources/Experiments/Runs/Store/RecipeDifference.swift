/// One thing that two recipes do differently, in words a reader of a source knows.
package struct RecipeDifference: Hashable, Sendable {
  /// What differs, as sources spell it.
  package let subject: String
  /// Nil where the old recipe has no such thing.
  package let old: String?
  /// Nil where the new recipe has no such thing.
  package let new: String?
  /// Whether the values are digests, whose digits tell a reader nothing but that they differ.
  private let isDigest: Bool

  private init(_ subject: String, _ old: String?, _ new: String?, isDigest: Bool = false) {
    self.subject = subject
    self.old = old
    self.new = new
    self.isDigest = isDigest
  }

  /// What changed from `old` to `new`: the model, data and code first, then options by name.
  package static func between(_ old: CellRecipe, _ new: CellRecipe) -> [RecipeDifference] {
    var found: [RecipeDifference] = []
    func compare(_ subject: String, _ old: String?, _ new: String?, isDigest: Bool = false) {
      if old != new { found.append(RecipeDifference(subject, old, new, isDigest: isDigest)) }
    }
    compare("numerics version", "\(old.numericsVersion)", "\(new.numericsVersion)")
    compare("model", old.modelFingerprint, new.modelFingerprint, isDigest: true)
    for role in Set(old.dataFingerprints.keys).union(new.dataFingerprints.keys).sorted() {
      compare(
        "data '\(role)'", old.dataFingerprints[role], new.dataFingerprints[role],
        isDigest: true)
    }
    compare("task", old.task, new.task)
    compare("shots", "\(old.shots)", "\(new.shots)")
    compare("seed", "\(old.seed)", "\(new.seed)")
    compare("objective", old.objective, new.objective)
    compare("adaptation", old.adaptation, new.adaptation)
    compare("precision", old.precision, new.precision)
    compare("threads", "\(old.threads)", "\(new.threads)")
    compare(
      "cells it reads", old.inputs?.joined(separator: ","), new.inputs?.joined(separator: ","),
      isDigest: true)
    for (old, new) in [
      (old.taskOptions, new.taskOptions), (old.methodOptions, new.methodOptions),
    ] {
      for name in Set(old.keys).union(new.keys).sorted() {
        compare(name, old[name].map(text), new[name].map(text))
      }
    }
    return found
  }

  /// Whole numbers read back from JSON are integers, so both kinds must be written alike.
  private static func text(_ value: OptionValue) -> String {
    switch value {
    case .number(let number):
      if let whole = Int(exactly: number) { return "\(whole)" }
      return "\(number)".replacing("e-0", with: "e-")
    case .list(let values): return "[\(values.map(text).joined(separator: ", "))]"
    case .flag, .integer, .text: return value.description
    }
  }
}

extension RecipeDifference: CustomStringConvertible {
  /// `learning-rate 1e-5 → 2e-5`, `dropout added: 0.1`, `data 'ood' changed`.
  package var description: String {
    switch (old, new) {
    case (let old?, let new?):
      isDigest
        ? "\(subject) changed (\(old.prefix(8)) → \(new.prefix(8)))" : "\(subject) \(old) → \(new)"
    case (nil, let new?): isDigest ? "\(subject) added" : "\(subject) added: \(new)"
    case (let old?, nil): isDigest ? "\(subject) left out" : "\(subject) left out: was \(old)"
    case (nil, nil): subject
    }
  }
}
