import Foundation
import TestSupport

@testable import Experiments

/// A folder with a tiny model and labelled texts to train it on.
final class TrainingFolder {
  let files: TemporaryFolder

  /// Texts of which those that begin with a subject are good.
  init() throws {
    files = try TemporaryFolder()
    try ModelFixture.write(to: files.file("model"))
    let good = [
      "the dog sees", "a cat runs", "the man sees", "a dog runs", "the cat runs", "a man sees",
    ]
    let bad = good.map { $0.split(separator: " ").reversed().joined(separator: " ") }
    let rows = zip(good, bad).flatMap { ["\($0)\tgood", "\($1)\tbad"] }
    try files.write((["text\tlabel"] + rows.prefix(8)).joined(separator: "\n"), to: "train.tsv")
    try files.write((["text\tlabel"] + rows.suffix(4)).joined(separator: "\n"), to: "eval.tsv")
  }

  func path(_ name: String) -> String { files.file(name).path }

  /// A short training by a method, whose words are in the model's vocabulary.
  func request(_ method: String, _ settings: [String] = []) -> TrainingRequest {
    var request = TrainingRequest(
      model: files.file("model"), modelName: "model", method: method, training: path("train.tsv"),
      version: "test")
    request.evaluations = [path("eval.tsv")]
    request.settings = settings
    request.words = "bad=No,good=Yes"
    return request
  }

  /// The texts of the evaluation file.
  func texts() throws -> [[String]] {
    try files.text(of: "eval.tsv").split(separator: "\n").dropFirst().map {
      [String($0.split(separator: "\t")[0])]
    }
  }
}
