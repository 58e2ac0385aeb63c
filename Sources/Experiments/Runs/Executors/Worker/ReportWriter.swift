import Foundation

/// Writes reports by the line; progress at most twenty times a second, unless the phase changes.
///
/// `@unchecked Sendable`: the mutable state is used under the lock only.
final class ReportWriter: @unchecked Sendable {
  private static let interval = Duration.milliseconds(50)
  private let descriptor: Int32
  private let lock = NSLock()
  private var last: (time: ContinuousClock.Instant, phase: String)?

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  func report(progress fraction: Double, phase: String, of key: String) {
    let now = ContinuousClock.now
    let isDue = lock.withLock {
      if let last, last.phase == phase, now - last.time < Self.interval { return false }
      last = (now, phase)
      return true
    }
    if isDue { send(.progress(key: key, fraction: fraction, phase: phase)) }
  }

  func send(_ report: WorkerReport) {
    guard let line = try? MessageLine.encode(report) else { return }
    lock.withLock {
      var rest = line[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
