import Foundation

extension WorkerProcess {
  /// What feeding a cell to a worker came to.
  enum Outcome {
    case result(CellResult)
    /// The worker says that the cell cannot be run; it is well itself.
    case refused(reason: String)
    /// The worker is gone, for the reason given, which completes "the worker …".
    case lost(reason: String)
  }

  /// Feeds a cell to the worker and waits for its answer.
  ///
  /// - Parameters:
  ///   - request: The cell and what it reads.
  ///   - progress: Called with the fraction done and the phase.
  /// - Returns: The answer. After ``Outcome/lost(reason:)`` the worker must not be used again.
  func run(_ request: WorkerRequest, progress: (Double, String) -> Void) -> Outcome {
    do {
      // A worker that no longer reads has ended or is about to; its output says so below.
      _ = send(try MessageLine.encode(request))
    } catch { return .refused(reason: "the cell cannot be sent to a worker: \(error)") }
    while let line = nextLine() {
      guard let report = try? MessageLine.decode(WorkerReport.self, from: line) else {
        return lost("wrote something that is no report: '\(Self.excerpt(of: line))'")
      }
      guard report.key == request.cell.key else {
        return lost("reported on cell '\(report.key)', which it was not given")
      }
      switch report {
      case .progress(_, let fraction, let phase): progress(min(max(fraction, 0), 1), phase)
      case .result(let result): return .result(result)
      case .error(_, let reason): return .refused(reason: reason)
      }
    }
    return .lost(reason: end())
  }

  private func lost(_ reason: String) -> Outcome {
    process.kill()
    _ = end()
    return .lost(reason: reason)
  }

  private static func excerpt(of line: [UInt8]) -> String {
    String(decoding: line.prefix(80), as: UTF8.self) + (line.count > 80 ? "…" : "")
  }
}
