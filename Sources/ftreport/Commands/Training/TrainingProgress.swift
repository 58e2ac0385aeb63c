import Experiments
import Foundation

/// Shows how far a training is: one live line on a terminal, a line now and then otherwise.
final class TrainingProgress {
  private let isQuiet: Bool
  private let isLive: Bool
  private let clock = ContinuousClock()
  private let began = ContinuousClock().now
  private var shown: ContinuousClock.Instant?
  private var hasLine = false

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isLive = Terminal.isInteractive && !isQuiet
  }

  func show(_ progress: MethodTraining.Progress) {
    guard !isQuiet else { return }
    let now = clock.now
    let pause: Duration = isLive ? .milliseconds(100) : .seconds(10)
    let isLast = progress.step == progress.steps
    guard isLast || now - (shown ?? began) >= pause else { return }
    shown = now
    let line = text(progress, elapsed: now - began)
    if isLive {
      Terminal.write("\r\u{1B}[K" + String(line.prefix(max(20, Terminal.width - 1))))
      hasLine = true
    } else {
      Terminal.complain(line)
    }
  }

  /// Clears the live line.
  func finish() {
    guard hasLine else { return }
    Terminal.write("\r\u{1B}[K")
    hasLine = false
  }

  private func text(_ progress: MethodTraining.Progress, elapsed: Duration) -> String {
    let share = Double(progress.step) / Double(max(1, progress.steps))
    let seconds = Double(elapsed.components.seconds)
    let left = progress.step < progress.steps && seconds >= 1 ? seconds / share - seconds : nil
    let loss = String(format: "%.4f", progress.loss)
    return "epoch \(progress.epoch + 1)/\(progress.epochs)  step \(progress.step)/\(progress.steps)"
      + "  loss \(loss)"
      + (left.map { "  \(ProgressDisplay.duration($0)) left" } ?? "")
  }
}
