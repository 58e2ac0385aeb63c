import Formats
import Foundation
import GRDB

/// One difference between two recipes, in the words of a source.
package struct RecipeDifference: Hashable, Sendable {
  /// What differs, as sources spell it.
  let subject: String
  /// Nil where the old recipe has no such thing.
  let old: String?
  /// Nil where the new recipe has no such thing.
  package let new: String?
  /// Whether the values are digests, whose digits mean nothing to a reader.
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
    compare("init-seed", old.initSeed.map(String.init), new.initSeed.map(String.init))
    compare("objective", old.objective, new.objective)
    compare("adaptation", old.adaptation, new.adaptation)
    compare("precision", old.precision, new.precision)
    compare("threads", "\(old.threads)", "\(new.threads)")
    compare(
      "cells it reads", old.inputs?.joined(separator: ","), new.inputs?.joined(separator: ","),
      isDigest: true)
    compare(
      "how an encoder reads", old.reading?.joined(separator: ", "),
      new.reading?.joined(separator: ", "))
    compare("search for settings", old.search?.digest, new.search?.digest, isDigest: true)
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

extension ResultStore {
  /// The stored recipe most like a new one, of the same task, method, shots and seed.
  ///
  /// Explains why a cell is not cached: see ``RecipeDifference``. The one with the fewest differences is
  /// chosen, the newest among equals.
  ///
  /// - Parameters:
  ///   - recipe: The new cell's recipe.
  ///   - method: What the source calls the method.
  /// - Returns: A recipe that has a result, or nil if there is none like it.
  /// - Throws: ``StoreError`` if the database itself is damaged.
  package func nearestRecipe(
    to recipe: CellRecipe, method: String
  ) throws(StoreError) -> CellRecipe? {
    let stored = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(RecipeRow.selection) FROM recipes JOIN results USING (key)
          WHERE task = ? AND shots = ? AND seed = ? AND method = ?
          GROUP BY key ORDER BY max(id) DESC LIMIT 100
          """,
        arguments: [recipe.task, recipe.shots, recipe.seed, method])
    }
    // A damaged recipe is passed over, and so is one of an older program that lacks fields.
    let candidates = stored.compactMap { RecipeRow.read($0)?.json }.compactMap {
      try? JSONCoding.value(CellRecipe.self, from: Data($0.utf8))
    }
    return candidates.enumerated().min {
      let (a, b) = (
        RecipeDifference.between($0.element, recipe).count,
        RecipeDifference.between($1.element, recipe).count
      )
      return a == b ? $0.offset < $1.offset : a < b
    }?.element
  }
}
