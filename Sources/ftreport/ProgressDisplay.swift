import Experiments
import Formats
import Foundation
import Report
import Synchronization

/// Shows a build as it goes: one live line a worker on a terminal, plain lines otherwise.
final class ProgressDisplay: Sendable {
  private struct State {
    var total = 0
    var done = 0
    var began = ContinuousClock().now
    var predicted: Double?
    var workers: [Int: String] = [:]
    var shownLines = 0
  }

  private let state = Mutex(State())
  private let isQuiet: Bool
  private let isLive: Bool

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isLive = Terminal.isInteractive && !isQuiet
  }

  func show(_ event: BuildEvent) {
    guard !isQuiet else { return }
    state.withLock { update(&$0, with: event) }
  }

  /// Clears the live lines.
  func finish() {
    state.withLock { erase(&$0) }
  }

  private func update(_ state: inout State, with event: BuildEvent) {
    switch event {
    case .planned(let cells, let cached, let running, let workers, let predicted):
      state.total = running
      state.predicted = predicted
      state.began = ContinuousClock().now
      guard running > 0 else { return }
      let estimate = predicted.map { ", about \(Self.duration($0))" } ?? ""
      line(
        "\(Wording.count(cells, "cell")), \(cached) known; running \(running) on "
          + "\(Wording.count(workers, "worker"))\(estimate)",
        &state)
    case .execution(let event, let method): update(&state, with: event, method: method)
    case .notStored(let why): line(why, &state)
    }
    if isLive { draw(&state) }
  }

  private func update(_ state: inout State, with event: ExecutionEvent, method: String) {
    let name = Self.name(event.cell, method: method)
    switch event {
    case .started(_, let worker): state.workers[worker] = "\(name)  starting"
    case .progress(_, let worker, let fraction, let phase):
      state.workers[worker] = "\(name)  \(phase) \(Int(fraction * 100)) %"
    case .retried(_, _, let reason):
      line("\(name): worker lost (\(VisibleText.line(reason))); trying once more", &state)
    case .finished(_, let worker, let result):
      state.done += 1
      state.workers[worker] = nil
      switch result.status {
      case .succeeded: plain("\(name)  \(Self.duration(result.seconds))", &state)
      case .diverged(let step): line("\(name): diverged at step \(step)", &state)
      case .failed(let reason): line("\(name): failed: \(VisibleText.line(reason))", &state)
      }
    }
  }

  /// A line for every finished cell where no live lines show it.
  private func plain(_ text: String, _ state: inout State) {
    guard !isLive else { return }
    let isLast = state.done == state.total
    let remaining = isLast ? "" : remaining(state).map { ", \(Self.duration($0)) left" } ?? ""
    Terminal.complain("[\(state.done)/\(state.total)\(remaining)] \(text)")
  }

  private func line(_ text: String, _ state: inout State) {
    erase(&state)
    Terminal.complain(text)
  }

  private func erase(_ state: inout State) {
    guard state.shownLines > 0 else { return }
    Terminal.write("\u{1B}[\(state.shownLines)A\u{1B}[J")
    state.shownLines = 0
  }

  private func draw(_ state: inout State) {
    erase(&state)
    guard state.done < state.total else { return }
    let width = max(20, Terminal.width - 1)
    let bar = 24 * state.done / max(1, state.total)
    let remaining = remaining(state).map { "  \(Self.duration($0)) left" } ?? ""
    var lines = [
      String(repeating: "█", count: bar) + String(repeating: "░", count: 24 - bar)
        + "  \(state.done)/\(state.total)\(remaining)"
    ]
    lines += state.workers.keys.sorted().map { "  \(state.workers[$0] ?? "")" }
    Terminal.write(lines.map { String($0.prefix(width)) + "\n" }.joined())
    state.shownLines = lines.count
  }

  /// Seconds left: from stored timings until enough cells have finished in this build.
  private func remaining(_ state: State) -> Double? {
    let elapsed = Double((ContinuousClock().now - state.began).components.seconds)
    let share = Double(state.done) / Double(max(1, state.total))
    if state.done >= 4, elapsed >= 2 { return elapsed / share * (1 - share) }
    return state.predicted.map { max(0, $0 - elapsed) }
  }

  private static func name(_ cell: Cell, method: String) -> String {
    let recipe = cell.recipe
    let sample = recipe.shots > 0 ? "  n=\(recipe.shots)  seed \(recipe.seed)" : ""
    let trial = recipe.search?.trial.map { "  trial \($0.place + 1) of rung \($0.rung + 1)" } ?? ""
    return VisibleText.line("\(recipe.task)  \(method)\(sample)\(trial)")
  }

  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<10: "\((seconds * 10).rounded() / 10) s"
    case ..<120: "\(Int(seconds.rounded())) s"
    case ..<7200: "\(Int((seconds / 60).rounded())) min"
    default: "\((seconds / 360).rounded() / 10) h"
    }
  }
}

/// Shows how a download goes: a live line on a terminal, a line for each file otherwise.
final class TransferDisplay {
  let isQuiet: Bool
  private let line = LiveLine()

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  func say(_ text: String) { line.say(text) }

  func show(received: Int, total: Int?) {
    guard !isQuiet else { return }
    let share = total.map { " of \(PlanText.size($0)), \(100 * received / max(1, $0)) %" } ?? ""
    line.show("  \(PlanText.size(received))\(share)")
  }
}
