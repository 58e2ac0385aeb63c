import Engine

/// The examples of one evaluation set, in file order, and its parts with their own metrics.
package struct EvaluationSet: Hashable, Sendable {
  package let name: String
  package let domain: EvaluationDomain
  package private(set) var examples: [Example]
  /// Which row of which file each example is.
  package private(set) var items: [ItemID]
  package private(set) var subsets: [Subset]
  /// Which examples belong together, by equal numbers; nil where the task does not say.
  package private(set) var groups: [Int]?
  /// Combination of the tags named by `stratifyBy`, per example.
  private var strata: [Int]

  /// A part of the set, by position in ``EvaluationSet/examples``.
  package struct Subset: Hashable, Sendable {
    package let name: String
    package fileprivate(set) var indices: [Int]
  }

  init(_ definition: EvaluationDefinition, rows: TableRows) {
    name = definition.name
    domain = definition.domain
    let chosen = Self.positions(of: definition.filter ?? RowFilter(), in: rows)
    examples = chosen.map { rows.examples[$0] }
    items = chosen.map { ItemID(file: definition.file, line: rows.lines[$0]) }
    groups = rows.groups.map { groups in chosen.map { groups[$0] } }
    subsets = definition.subsets.map { subset in
      let members = Set(Self.positions(of: subset.filter, in: rows))
      return Subset(
        name: subset.name, indices: chosen.indices.filter { members.contains(chosen[$0]) })
    }
    strata = chosen.map { row in
      definition.stratifyBy.reduce(0) { code, tag in
        guard let column = rows.tags[tag] else { return code }
        return code * column.values.count + Int(column.codes[row])
      }
    }
  }

  /// A set made of given examples, all in one stratum, with one line each.
  package init(name: String, domain: EvaluationDomain, examples: [Example]) {
    self.name = name
    self.domain = domain
    self.examples = examples
    items = examples.indices.map { ItemID(file: name, line: $0 + 1) }
    subsets = []
    strata = Array(repeating: 0, count: examples.count)
  }

  private static func positions(of filter: RowFilter, in rows: TableRows) -> [Int] {
    let conditions = filter.tags.sorted { $0.key < $1.key }.map { tag, value in
      let column = rows.tags[tag]
      return (codes: column?.codes ?? [], code: column?.values.firstIndex(of: value))
    }
    return rows.examples.indices.filter { row in
      if let label = filter.label, rows.examples[row].label != label { return false }
      return conditions.allSatisfy { condition in
        condition.code.map { condition.codes[row] == $0 } ?? false
      }
    }
  }
}

extension EvaluationSet {
  /// At most `limit` examples, the same ones for every seed, method and number of shots.
  ///
  /// Each stratum (class × the definition's tags) keeps its share, by largest remainders; within a
  /// stratum the draw comes from a stream named after the set. File order is kept.
  package func limited(to limit: Int) -> EvaluationSet {
    guard limit < examples.count else { return self }
    var groups: [[Int]: [Int]] = [:]
    for index in examples.indices {
      groups[[examples[index].label, strata[index]], default: []].append(index)
    }
    let keys = groups.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let members = keys.map { groups[$0] ?? [] }
    let quotas = Self.quotas(of: members.map(\.count), total: max(limit, 0))
    var kept: [Int] = []
    for (key, (group, quota)) in zip(keys, zip(members, quotas)) {
      var stream = RandomStream(
        seed: 0, purpose: "evaluation limit, set \(name), class \(key[0]), stratum \(key[1])")
      kept += stream.permuted(group).prefix(quota)
    }
    return keeping(kept.sorted())
  }

  /// Splits `total` in proportion to `sizes`, by largest remainders, earlier groups first on ties.
  private static func quotas(of sizes: [Int], total: Int) -> [Int] {
    let sum = sizes.reduce(0, +)
    var quotas = sizes.map { $0 * total / sum }
    let byRemainder = sizes.indices.sorted {
      let (a, b) = (sizes[$0] * total % sum, sizes[$1] * total % sum)
      return a == b ? $0 < $1 : a > b
    }
    for index in byRemainder.prefix(total - quotas.reduce(0, +)) { quotas[index] += 1 }
    return quotas
  }

  private func keeping(_ indices: [Int]) -> EvaluationSet {
    var result = self
    result.examples = indices.map { examples[$0] }
    result.items = indices.map { items[$0] }
    result.strata = indices.map { strata[$0] }
    result.groups = groups.map { groups in indices.map { groups[$0] } }
    let places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    for i in subsets.indices {
      result.subsets[i].indices = subsets[i].indices.compactMap { places[$0] }
    }
    return result
  }
}

/// One item of evaluation sets: the same in every set, part and experiment that reads the same file.
package struct ItemID: Hashable, Sendable {
  /// The role of the file in its task, such as `ood`.
  package let file: String
  /// The line of the file on which the item begins, from 1.
  package let line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

extension ItemID: CustomStringConvertible {
  /// As in `ood:12`.
  package var description: String { "\(file):\(line)" }
}

extension EvaluationSet {
  /// The classes, in the width that predictions are stored in.
  package var labels: [UInt8] { examples.map { UInt8($0.label) } }

  /// Share of the most frequent class, in [0, 1]: the accuracy of always answering it.
  var majorityShare: Double { Metrics.majority(of: labels) }
}
