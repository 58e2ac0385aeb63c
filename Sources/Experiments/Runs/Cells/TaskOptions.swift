/// What a source decides about a task beyond its name, as part of a cell's recipe.
package struct TaskOptions: Hashable, Sendable {
  /// Most examples a set is evaluated on; nil for all.
  package var limit: Int?
  /// The evaluation sets to score; nil for all.
  package var sets: [String]?
  package var counting: ShotCounting

  package init(limit: Int? = nil, sets: [String]? = nil, counting: ShotCounting = .class) {
    self.limit = limit
    self.sets = sets
    self.counting = counting
  }

  package init(_ values: [String: OptionValue]) {
    if case .integer(let value) = values["limit"] { limit = value }
    if case .list(let names) = values["sets"] { sets = names.map(\.description) }
    counting = values["shots-per"].flatMap { ShotCounting(rawValue: $0.description) } ?? .class
  }

  /// The options as they stand in a recipe.
  package var values: [String: OptionValue] {
    var values: [String: OptionValue] = ["shots-per": .text(counting.rawValue)]
    if let limit { values["limit"] = .integer(limit) }
    if let sets { values["sets"] = .list(sets.map(OptionValue.text)) }
    return values
  }
}
