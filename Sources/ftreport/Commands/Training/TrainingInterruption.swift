import Dispatch
import Foundation

/// Ends a training on Ctrl-C with exit code 130 and nothing half-written.
///
/// Training computes on the thread that called it, so a signal is taken on another one.
final class TrainingInterruption {
  private let sources: [any DispatchSourceSignal]

  /// Begins to watch for signals.
  ///
  /// - Parameter partial: A folder that is being written when a signal comes, if there is one.
  init(removing partial: URL?) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if let partial { try? FileManager.default.removeItem(at: partial) }
        _exit(130)
      }
      source.resume()
      return source
    }
  }

  /// Leaves signals to the system again.
  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
