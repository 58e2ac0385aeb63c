import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Experiments

@Suite("A look at a table") struct TableInspectionTests {
  private func inspected(
    _ text: String, name: String = "a.csv", label: String? = nil
  ) throws -> TableInspection {
    let folder = try TemporaryFolder()
    try folder.write(text, to: name)
    return try TableInspection(folder.file(name).path, text: nil, pair: nil, label: label)
  }

  private static let messages = """
    id,received,message,topic
    1,2026-01-02,"Wo bleibt meine Bestellung, bitte?",Lieferung
    2,2026-01-03,Das Paket war offen 📦,Lieferung
    3,2026-01-03,Die Rechnung stimmt nicht,Zahlung
    4,2026-01-04,"Ich möchte ""sofort"" kündigen",Vertrag
    5,2026-01-05,Bitte ändern Sie die Adresse,Vertrag
    6,2026-01-05,Wann kommt das Geld zurück?,Zahlung
    """

  @Test("texts and labels are found among other columns, and named columns go before")
  func columns() throws {
    let found = try inspected(Self.messages)
    #expect(found.columns == ExampleColumns(text: "message", label: "topic"))
    #expect(found.otherColumns == ["id", "received"])
    #expect(found.rows == 6 && found.labels.map(\.name) == ["Lieferung", "Vertrag", "Zahlung"])
    #expect(found.labels.map(\.count) == [2, 2, 2])
    #expect(found.middleWords == 5 && found.oddities.isEmpty && found.duplicates == 0)
    let named = try inspected(
      "a,b,c\nx y z,1,pos\nx z y,2,neg\ny x z,1,pos\nz z z,2,neg\n", label: "b")
    #expect(named.columns.label == "b")
  }

  @Test(
    "what is no classification of texts is refused with the reason",
    arguments: [
      (
        "text,label\na,0.5\nb,1.25\nc,2.5\n"
          + (0..<20).map { "t\($0),\(Double($0) * 0.3)\n" }.joined(),
        "a measurement, not a class"
      ),
      ("text,label\na,x|y\nb,x\nc,y\nd,x|z\ne,z\n", "several labels a row, separated by '|'"),
      (
        "text,label\n" + (0..<12).map { "text \($0),answer \($0)\n" }.joined(),
        "that is text, not a class"
      ),
      ("text,label\na,x\nb,\n", "row 2 has no label"),
      ("text,label\na,x\nb,x\n", "every example has the label 'x'"),
      ("1,2\n3,4\n5,6\n", "looks like texts"),
    ])
  func refused(table: String, expected: String) throws {
    do {
      _ = try inspected(table)
      Issue.record("it was not refused")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test("labels with commas, and columns of any name, reach the task file as they are written")
  func template() throws {
    let found = try inspected(
      "\"a \"\"b\"\": c\";d\na first text;yes, no\na second text;\"no: \"\"x\"\"\"\na third text;yes, no\n"
    )
    let study = try StudyTemplate(
      found, name: "odd", files: StudyTemplate.Files(train: "a.csv"), model: nil, memory: nil)
    #expect(study.task.contains(#"labels: ["no: \"x\"", "yes, no"]"#))
    #expect(study.task.contains(#"fields: {text: "a \"b\": c"}"#))
    #expect(study.report.contains("validation: {folds: 5, repeats: 3}"))
  }

  @Test("a study keeps to the time: fewer repeats first, then the dearest methods go")
  func time() throws {
    let rows = (0..<64).map { "\($0) some words of a text,\($0 % 2 == 0 ? "a" : "b")" }
    let found = try inspected("text,label\n" + rows.joined(separator: "\n"))
    let files = try TemporaryFolder()
    try ModelFixture.write(to: files.file("model"))
    var model = try ModelFolder(files.file("model")).description
    func study(_ time: Double, test: String? = nil) throws -> StudyTemplate {
      try StudyTemplate(
        found, name: "x", files: StudyTemplate.Files(train: "a.csv", test: test),
        model: ("model", model), memory: nil, time: time, cores: 2)
    }
    let small = try study(300)
    #expect(small.leftOut.isEmpty && small.seconds < 60)
    #expect(small.report.contains("{folds: 5, repeats: 3}"))
    // About as large as a small encoder of sentences.
    (model.width, model.embeddingWidth, model.layers) = (384, 384, 6)
    (model.heads, model.keyValueHeads, model.headWidth, model.feedForwardWidth) = (12, 12, 32, 1536)
    let whole = try study(1e6)
    #expect(whole.leftOut.isEmpty && whole.seconds > 300)
    let once = try study(whole.seconds / 2)
    #expect(once.leftOut.isEmpty && once.report.contains("{folds: 5, repeats: 1}"))
    #expect(!once.report.contains("times."))
    let less = try study(whole.seconds / 5)
    #expect(less.leftOut == ["setfit"] && less.seconds <= whole.seconds / 5)
    #expect(less.report.contains("`setfit` would take more time than was given."))
    let least = try study(1)
    #expect(least.leftOut == ["setfit", "vanilla", "lora"])
    #expect(
      least.report.contains("methods: [majority, tfidf, nb-svm, linear-probe, nearest-mean]"))
    #expect(try study(1e6, test: "b.csv").report.contains("shots: all\nseeds: 0..2"))
  }
}
