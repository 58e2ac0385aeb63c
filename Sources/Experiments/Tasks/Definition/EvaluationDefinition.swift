/// An evaluation set that is scored, and the parts of it that are reported apart.
package struct EvaluationDefinition: Codable, Hashable, Sendable {
  /// How sources name the set: `in-domain`, `ood`, `hans-subsequence`.
  package var name: String
  package var domain: EvaluationDomain
  /// Role of the file the rows come from.
  package var file: String
  /// Which rows of the file belong to the set; nil means all.
  package var filter: RowFilter?
  /// Tags whose combinations keep their shares when a limit draws fewer rows; the class always does.
  package var stratifyBy: [String]
  /// Parts of this set that get metrics of their own from the same predictions.
  package var subsets: [SubsetDefinition]

  package init(
    name: String, domain: EvaluationDomain, file: String, filter: RowFilter? = nil,
    stratifyBy: [String] = [], subsets: [SubsetDefinition] = []
  ) {
    self.name = name
    self.domain = domain
    self.file = file
    self.filter = filter
    self.stratifyBy = stratifyBy
    self.subsets = subsets
  }

  /// The filter as a list, so that it can be walked with those of the subsets.
  var filters: [RowFilter] { filter.map { [$0] } ?? [] }
}

/// Whether a set resembles the training pool.
package enum EvaluationDomain: String, Codable, Hashable, Sendable, CaseIterable {
  case inDomain = "in-domain"
  case outOfDomain = "ood"
}

/// A named part of an evaluation set; never scored again, only summed up again.
package struct SubsetDefinition: Codable, Hashable, Sendable {
  package var name: String
  package var filter: RowFilter

  package init(name: String, filter: RowFilter) {
    self.name = name
    self.filter = filter
  }
}

/// Chooses rows by the text of tag columns and by class; every condition must hold.
package struct RowFilter: Codable, Hashable, Sendable {
  package var tags: [String: String]
  package var label: Int?

  package init(tags: [String: String] = [:], label: Int? = nil) {
    self.tags = tags
    self.label = label
  }
}
