import Foundation

/// Writes reports by the line; progress at most twenty times a second, unless the phase changes.
///
/// `@unchecked Sendable`: the mutable state is used under the lock only.
final class ReportWriter: @unchecked Sendable {
  private static let interval = Duration.milliseconds(50)
  private let descriptor: Int32
  private let encode: @Sendable (WorkerReport) throws -> [UInt8]
  private let lock = NSLock()
  private var last: (time: ContinuousClock.Instant, phase: String)?

  init(
    _ descriptor: Int32,
    encode: @escaping @Sendable (WorkerReport) throws -> [UInt8] = { try MessageLine.encode($0) }
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

  /// Writes a report; one that cannot be encoded becomes an error of its cell.
  ///
  /// - Returns: Whether it was written. If not, nobody reads any more.
  @discardableResult
  func send(_ report: WorkerReport) -> Bool {
    let line: [UInt8]
    do {
      line = try encode(report)
    } catch {
      guard case .result(let result) = report else { return false }
      return send(
        .error(key: result.key, reason: "the worker cannot write the result: \(error)"))
    }
    return lock.withLock {
      var rest = line[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }
}
