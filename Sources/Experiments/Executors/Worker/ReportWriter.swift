import Foundation

/// Writes reports by the line; progress at most twenty times a second, unless the phase changes.
///
/// `@unchecked Sendable`: the mutable state is used under the lock only.
final class ReportWriter: @unchecked Sendable {
  private static let interval = Duration.milliseconds(50)
  private let descriptor: Int32
  private let lock = NSLock()
  private var last: (time: ContinuousClock.Instant, phase: String)?

  private let encode: (WorkerReport) throws -> [UInt8]

  /// - Parameters:
  ///   - descriptor: Where lines go.
  ///   - encode: Makes a line of a report.
  init(
    _ descriptor: Int32,
    encode: @escaping (WorkerReport) throws -> [UInt8] = { try MessageLine.encode($0) }
  ) {
    self.descriptor = descriptor
    self.encode = encode
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

  /// Sends a report, or why it cannot be written as a line: a coordinator that is sent nothing waits.
  func send(_ report: WorkerReport) {
    do {
      put(line: try encode(report))
    } catch {
      let failure = WorkerReport.error(
        key: report.key, reason: "its report cannot be sent: \(error)")
      do {
        put(line: try encode(failure))
      } catch {
        preconditionFailure("a key and a reason cannot be sent: \(error)")
      }
    }
  }

  private func put(line: [UInt8]) {
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
