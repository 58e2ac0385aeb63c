import Report

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
