import Testing

@testable import Experiments

@Suite("Evaluation limit")
struct EvaluationLimitTests {
  /// 120 examples: class 0 has 80, of two tags in the ratio 3 : 1.
  static let set: EvaluationSet = {
    var rows = TableRows()
    rows.tags["kind"] = TableRows.TagColumn(values: ["a", "b"])
    for i in 0..<120 {
      rows.examples.append(Example(fields: ["\(i)"], label: i % 3 == 2 ? 1 : 0))
      rows.lines.append(i + 2)
      rows.tags["kind"]?.codes.append(i % 4 == 0 ? 1 : 0)
    }
    return EvaluationSet(
      EvaluationDefinition(
        name: "ood", domain: .outOfDomain, file: "ood", stratifyBy: ["kind"],
        subsets: [SubsetDefinition(name: "ood-b", filter: RowFilter(tags: ["kind": "b"]))]),
      rows: rows)
  }()

  @Test("a limit keeps the shares of classes and tags, and file order", arguments: [12, 24, 60])
  func shares(limit: Int) {
    let limited = Self.set.limited(to: limit)
    let numbers = limited.examples.compactMap { Int($0.fields[0]) }
    #expect(limited.examples.count == limit)
    #expect(numbers == numbers.sorted())
    #expect(limited.examples.count { $0.label == 1 } * 3 == limit)
    #expect(numbers.count { $0 % 4 == 0 } * 4 == limit)
    #expect(limited.items == numbers.map { ItemID(file: "ood", line: $0 + 2) })
    #expect(limited.subsets[0].indices == numbers.indices.filter { numbers[$0] % 4 == 0 })
  }

  @Test("a limit that does not divide is met exactly", arguments: [0, 1, 7, 119, 120, 500])
  func exactness(limit: Int) {
    #expect(Self.set.limited(to: limit).examples.count == min(limit, 120))
  }

  @Test("the draw is always the same and differs between sets")
  func determinism() {
    let first = Self.set.limited(to: 24)
    #expect(first == Self.set.limited(to: 24))
    let other = EvaluationSet(name: "x", domain: .inDomain, examples: Self.set.examples)
    let another = EvaluationSet(name: "y", domain: .inDomain, examples: Self.set.examples)
    #expect(other.limited(to: 24).examples != another.limited(to: 24).examples)
  }
}
