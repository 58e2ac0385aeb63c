import Foundation
import GRDB

extension ResultStore {
  /// The stored recipe most like a new one, of the same task, method, shots and seed.
  ///
  /// Says why a cell is not cached: see ``RecipeDifference``. The one with the fewest differences is
  /// chosen, the newest among equals.
  ///
  /// - Parameters:
  ///   - recipe: The new cell's recipe.
  ///   - method: What the source calls the method.
  /// - Returns: A recipe that has a result, or nil if there is none like it.
  /// - Throws: ``StoreError`` if the database is damaged.
  package func nearestRecipe(
    to recipe: CellRecipe, method: String
  ) throws(StoreError) -> CellRecipe? {
    let stored = try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT json FROM recipes JOIN results USING (key)
          WHERE task = ? AND shots = ? AND seed = ? AND method = ?
          GROUP BY key ORDER BY max(id) DESC LIMIT 100
          """,
        arguments: [recipe.task, recipe.shots, recipe.seed, method])
    }
    // A recipe of an older program may lack fields; it cannot be compared, and is passed over.
    let candidates = stored.compactMap {
      try? JSONDecoder().decode(CellRecipe.self, from: Data($0.utf8))
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
