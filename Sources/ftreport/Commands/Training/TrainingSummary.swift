import Experiments
import Formats
import Foundation

/// A training's outcome in a few lines for people.
struct TrainingSummary {
  private let report: TrainingReport

  init(_ report: TrainingReport) {
    self.report = report
  }

  var text: String {
    let training = report.training
    var lines = [
      line("method", "\(report.method) (\(report.objective) × \(report.adaptation))"),
      line("labels", report.labels.joined(separator: ", ")),
    ]
    if training.steps > 0 {
      lines.append(
        line(
          "training",
          "\(Wording.count(training.count, "example")), \(Wording.count(training.epochs, "epoch")), "
            + "\(Wording.count(training.steps, "step")), \(seconds(training.seconds))"))
      lines.append(line("trained", "\(training.trainableParameters) numbers"))
    }
    if let first = training.losses.first, let last = training.losses.last {
      lines.append(line("loss", "\(decimals(first)) → \(decimals(last))"))
    }
    if let shown = training.demonstrations {
      lines.append(line("shown", "\(shown) of \(training.count) examples"))
    }
    if let accuracy = training.accuracy {
      lines.append(line("on training", "accuracy \(decimals(accuracy))"))
    }
    for evaluation in report.evaluations {
      let metrics = [Metrics.accuracy, Metrics.macroF1, Metrics.matthewsCorrelation].compactMap {
        name in evaluation.metrics[name].map { "\(name) \(decimals($0))" }
      }
      lines.append(
        line("on \(evaluation.file)", metrics.joined(separator: ", ") + " (\(evaluation.count))"))
    }
    lines.append(
      line(
        "memory",
        "\(PlanText.size(report.memory.peak)), predicted \(PlanText.size(report.memory.predictedPeak))"
      ))
    if let saved = report.saved { lines.append(line("saved", saved)) }
    return lines.joined(separator: "\n")
  }

  private func line(_ name: String, _ value: String) -> String {
    name.padding(toLength: max(13, name.count + 2), withPad: " ", startingAt: 0)
      + VisibleText.line(value)
  }

  private func decimals(_ value: Double) -> String { String(format: "%.4f", value) }

  private func seconds(_ value: Double) -> String { ProgressDisplay.duration(value) }
}
