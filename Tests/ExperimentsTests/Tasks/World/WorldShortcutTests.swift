import Foundation
import Testing

@testable import Experiments

/// What a task would be worth if it could be solved without reading.
@Suite("Shortcuts in the tasks of the world")
struct WorldShortcutTests {
  private static func inferences(_ role: String) -> [(overlap: Double, isEntailed: Bool)] {
    (InferenceData.rows[role] ?? []).map { row in
      let inference = Inference(
        Array(row.fields[0].dropLast()), Array(row.fields[1].dropLast()),
        isEntailed: row.label == 0)
      return (inference.overlap, inference.isEntailed)
    }
  }

  /// The best share that a threshold on overlap gets right.
  private static func bestThreshold(_ rows: [(overlap: Double, isEntailed: Bool)]) -> Double {
    let cuts = Set(rows.map(\.overlap)).sorted()
    let shares = cuts.map { cut in
      Double(rows.count { ($0.overlap >= cut) == $0.isEntailed }) / Double(rows.count)
    }
    return shares.max() ?? 0
  }

  private static func correlation(_ rows: [(overlap: Double, isEntailed: Bool)]) -> Double {
    let count = Double(rows.count)
    let (x, y) = (rows.map(\.overlap), rows.map { $0.isEntailed ? 1.0 : 0.0 })
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let (vx, vy) = (
      x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }, y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    )
    return covariance / (vx * vy).squareRoot()
  }

  @Test("word overlap goes with entailment in domain, as in MNLI, but does not decide it")
  func overlapInDomain() {
    for role in ["train", "in-domain"] {
      let rows = Self.inferences(role)
      let (share, correlation) = (Self.bestThreshold(rows), Self.correlation(rows))
      #expect((0.65...0.82).contains(share), "\(role): \(share)")
      #expect((0.3...0.7).contains(correlation), "\(role): \(correlation)")
    }
  }

  @Test(
    "whether a word is new decides more than overlap does, but far from all, and nothing out of domain"
  )
  func newWords() {
    func share(_ role: String) -> Double {
      let rows = InferenceData.rows[role] ?? []
      return Double(
        rows.count { row in
          let isNew = row.fields[1].contains { !Retelling.isSaid($0, in: row.fields[0]) }
          return isNew == (row.label == 1)
        }) / Double(rows.count)
    }
    for role in ["train", "in-domain"] {
      #expect((0.7...0.88).contains(share(role)), "\(role): \(share(role))")
    }
    #expect(share("ood") == 0.5)
  }

  @Test("out of domain the premise holds nearly every word of the hypothesis, whatever the class")
  func overlapOutOfDomain() {
    let rows = Self.inferences("ood")
    #expect(rows.allSatisfy { $0.overlap >= 0.99 }, "\(rows.map(\.overlap).min() ?? 0)")
  }

  @Test("no single word gives the class away", arguments: ["acceptability", "inference"])
  func singleWords(task: String) {
    let tables = task == "inference" ? InferenceData.rows : AcceptabilityData.rows
    let rows = tables["train"] ?? []
    for field in 0..<(task == "inference" ? 2 : 1) {
      var counts: [String: (Int, Int)] = [:]
      for row in rows {
        for word in Set(row.fields[field]) {
          counts[word, default: (0, 0)].0 += 1
          counts[word, default: (0, 0)].1 += row.label
        }
      }
      for (word, count) in counts where count.0 >= 100 {
        let share = Double(count.1) / Double(count.0)
        #expect(
          (0.25...0.75).contains(share), "'\(word)' in field \(field): \(share) of \(count.0)")
      }
    }
  }

  @Test("a linear reading of words does not solve either task out of domain")
  func linearProbe() {
    for (name, tables) in [
      ("acceptability", AcceptabilityData.rows), ("inference", InferenceData.rows),
    ] {
      let probe = WordProbe(tables["train"] ?? [])
      let inDomain = probe.accuracy(tables["in-domain"] ?? [])
      let outOfDomain = probe.accuracy(tables["ood"] ?? [])
      #expect((0.45...0.58).contains(outOfDomain), "\(name): \(outOfDomain) out of domain")
      #expect((0.45...0.75).contains(inDomain), "\(name): \(inDomain) in domain")
    }
  }
}

/// Logistic regression on which words are there, in which field.
private struct WordProbe {
  private var weights: [String: Double] = [:]

  init(_ rows: [GeneratedRow]) {
    for epoch in 0..<10 {
      let rate = 0.1 / Double(1 + epoch)
      for row in rows {
        let features = Self.features(row)
        let score = features.reduce(0) { $0 + (weights[$1] ?? 0) }
        let step = rate * (Double(row.label) - 1 / (1 + exp(-score)))
        for feature in features { weights[feature, default: 0] += step }
      }
    }
  }

  func accuracy(_ rows: [GeneratedRow]) -> Double {
    let correct = rows.count { row in
      (Self.features(row).reduce(0) { $0 + (weights[$1] ?? 0) } > 0) == (row.label == 1)
    }
    return Double(correct) / Double(rows.count)
  }

  private static func features(_ row: GeneratedRow) -> [String] {
    row.fields.enumerated().flatMap { field, words in
      Set(words).sorted().map { "\(field) \($0)" }
    } + ["constant"]
  }
}
