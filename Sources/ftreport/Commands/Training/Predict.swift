import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation

/// Labels texts with a saved model.
struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Label lines of text with a model that 'train --save' wrote.",
    discussion: """
      Reads from standard input a text a line, two with a TAB between them for a model of pairs, or \
      JSON objects such as {"text":"…","pair":"…"}, and prints a line for each: the label and the \
      probability of every class, separated by TABs, or a JSON object with --json.
      """)

  @Argument(help: "The folder of the trained model.", completion: .directory)
  var folder: String

  @Option(
    help: "The model below an adapter, where it is no longer where it was.", completion: .directory)
  var base: String?

  @Flag(help: "Print a JSON object a line.")
  var json = false

  @Option(help: "Threads that compute; one a core unless given.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
  }

  func run() async throws {
    try Trained.explained {
      BLAS.setThreads(threads ?? ProcessInfo.processInfo.activeProcessorCount)
      let classifier = try TrainedClassifier(
        URL(fileURLWithPath: folder, isDirectory: true),
        base: try base.map { try BuiltinModel.folder(of: $0) },
        warn: { Terminal.complain("warning: \($0.message)") })
      var lines = InputLines()
      // What has arrived is answered before more is waited for, so that a dialogue works too.
      while let batch = lines.next() {
        // What stands before a mistake is answered; then the mistake is told.
        var texts: [[String]] = []
        var mistake: TrainingError?
        for line in batch {
          do throws(TrainingError) {
            texts.append(try PredictionLine(line, fields: classifier.fieldCount).texts)
            warn(of: texts[texts.count - 1], line: line.number, classifier)
          } catch {
            mistake = error
            break
          }
        }
        try write(classifier.answers(to: texts), classifier.labels)
        if let mistake { throw mistake }
      }
    }
  }

  /// Says what the model cannot read of a line, which is answered all the same.
  private func warn(of texts: [String], line: Int, _ classifier: TrainedClassifier) {
    guard texts.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
      return Terminal.complain("<stdin>:\(line): warning: there is no text")
    }
    let words = classifier.unknownWords(in: texts)
    guard !words.isEmpty else { return }
    let shown = words.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = words.count > 3 ? " and \(words.count - 3) more" : ""
    Terminal.complain("<stdin>:\(line): warning: the model does not know \(shown)\(more)")
  }

  private func write(_ answers: [TrainedClassifier.Answer], _ labels: [String]) throws {
    var text = ""
    for answer in answers {
      if json {
        text += try Model.json(JSONLine(answer, labels)) + "\n"
      } else {
        let shares = zip(labels, answer.probabilities).map { name, share in
          "\(name)=\(String(format: "%.4f", share))"
        }
        // A label with a tab in it would make one column two.
        text += ([answer.label] + shares).map(VisibleText.line).joined(separator: "\t") + "\n"
      }
    }
    try Output.write(text)
  }

  private struct JSONLine: Encodable {
    let label: String
    let probabilities: [String: Float]

    init(_ answer: TrainedClassifier.Answer, _ labels: [String]) {
      label = answer.label
      probabilities = Dictionary(zip(labels, answer.probabilities)) { first, _ in first }
    }
  }
}
