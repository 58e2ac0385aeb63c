import Foundation
import Testing

@testable import Engine
@testable import Experiments

/// What scikit-learn computes, recorded by Tests/Parity/make_solvers.py.
private struct RecordedSolvers: Decodable {
  struct Dense: Decodable, CustomTestStringConvertible {
    let rows: [Double]
    let columns: Int
    let classes: Int
    let labels: [Int]
    let c: Double
    let balanced: Bool
    let weights: [Double]
    let intercepts: [Double]

    var testDescription: String {
      "\(labels.count) × \(columns), \(classes) classes, C = \(c)\(balanced ? ", balanced" : "")"
    }
  }

  struct Texts: Decodable {
    let texts: [String]
    let labels: [Int]
    let queries: [String]
    let terms: [Int]?
    let products: [Double]?
    let probabilities: [Double]?
    let margins: [Double]?

    var sample: [Example] {
      zip(texts, labels).map { Example(fields: [$0], label: $1) }
    }
    var asked: [Example] { queries.map { Example(fields: [$0], label: 0) } }
  }

  let dense: [Dense]
  let tfidf: Texts
  let naiveBayes: Texts

  static let all: Result<RecordedSolvers, any Error> = Result {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      RecordedSolvers.self,
      from: Data(contentsOf: tests.appendingPathComponent("Parity/Fixtures/solvers.json")))
  }
}

@Suite("Solved classifiers are scikit-learn's")
struct RecordedSolverTests {
  private func expectSame(
    _ found: [Double], _ recorded: [Double], within tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == recorded.count, sourceLocation: sourceLocation)
    let scale = max(1, recorded.map(abs).max() ?? 1)
    for (a, b) in zip(found, recorded) {
      #expect(abs(a - b) < tolerance * scale, "\(a) \(b)", sourceLocation: sourceLocation)
    }
  }

  @Test("logistic regression, on rows and on what they span")
  func logistic() throws {
    for recorded in try RecordedSolvers.all.get().dense {
      let rows = FeatureRows(recorded.rows, columns: recorded.columns)
      #expect((SpannedRows(rows) != nil) == (rows.count < rows.columns))
      let search = PenaltySearch(
        labels: recorded.labels, classes: recorded.classes, balanced: recorded.balanced, seed: 0)
      let solved = search.solve(rows, c: recorded.c).model
      var direct = LogisticRegression(columns: recorded.columns, classes: recorded.classes)
      direct.fit(
        rows, members: Array(recorded.labels.indices), labels: recorded.labels,
        sampleWeights: search.sampleWeights, c: recorded.c)
      for model in [solved, direct] {
        expectSame(model.weights, recorded.weights, within: 2e-4)
        expectSame(model.intercepts, recorded.intercepts, within: 2e-3)
      }
    }
  }

  @Test("TF-IDF of words and characters, and logistic regression on it")
  func tfidf() throws {
    let recorded = try RecordedSolvers.all.get().tfidf
    let vectorizers = [
      TermVectorizer(.words, of: recorded.texts), TermVectorizer(.characters, of: recorded.texts),
    ]
    #expect(vectorizers.map(\.count) == recorded.terms)
    let rows = vectorizers.rows(recorded.queries + recorded.texts)
    let products = recorded.queries.indices.flatMap { query in
      recorded.texts.indices.map { rows.product(query, recorded.queries.count + $0) }
    }
    expectSame(products, try #require(recorded.products), within: 1e-7)
    let method = try SmallRun.method("tfidf", ["c": .number(1)])
    let classifier = TermObjective(method.options).fitted(
      to: recorded.sample, classes: 3, seed: 0, in: MemoryLedger())
    expectSame(
      classifier.predictions(for: recorded.asked).probabilities.map(Double.init),
      try #require(recorded.probabilities), within: 1e-5)
  }

  @Test("a naive Bayes SVM")
  func naiveBayes() throws {
    let recorded = try RecordedSolvers.all.get().naiveBayes
    let margins = try #require(recorded.margins)
    let classifier = NaiveBayesObjective(try SmallRun.method("nb-svm").options).fitted(
      to: recorded.sample, classes: 2, seed: 0, in: MemoryLedger())
    let found = classifier.predictions(for: recorded.asked)
    #expect(found.classes.map { $0 == 1 } == margins.map { $0 > 0 })
    #expect(found.probabilities.isEmpty)
    let fitted = try #require(classifier as? NaiveBayesObjective.Fitted)
    expectSame(recorded.asked.map { fitted.margins($0)[0] }, margins, within: 1e-3)
  }

  @Test("every class has its share of every fold, and too few examples are not divided")
  func folds() {
    let labels = (0..<40).map { $0 < 30 ? 0 : 1 }
    let folds = Folds(labels: labels, classes: 2, count: 5, seed: 1)
    for fold in 0..<5 {
      let members = labels.indices.filter { folds.number[$0] == fold }
      #expect(members.count == 8 && members.count { labels[$0] == 1 } == 2)
    }
    #expect(folds != Folds(labels: labels, classes: 2, count: 5, seed: 2))
    #expect(Folds(labels: [0, 1], classes: 2, count: 5, seed: 1).count == 1)
    let one = PenaltySearch(labels: [0, 1], classes: 2, balanced: false, seed: 0)
      .solve(FeatureRows([0, 1], columns: 1))
    #expect(one.c == PenaltySearch.usual && one.losses.isEmpty)
  }

  @Test("of penalties that answer held-out examples alike, the strongest is chosen")
  func ties() {
    // Rows without information: every penalty gives the same losses.
    let search = PenaltySearch(
      labels: (0..<20).map { $0 % 2 }, classes: 2, balanced: false, seed: 0)
    let outcome = search.solve(FeatureRows([Double](repeating: 0, count: 40), columns: 2))
    #expect(outcome.c == PenaltySearch.grid[0])
  }
}
