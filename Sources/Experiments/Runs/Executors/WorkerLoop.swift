import Foundation

/// The worker's side: takes one cell after another from standard input and answers on standard output.
///
/// A background thread reads the input. When it ends, the coordinator has gone or wants this worker
/// to go, and the process ends at once, in the middle of a cell if need be: its result would reach
/// nobody.
package struct WorkerLoop {
  /// Reports a cell's progress to the coordinator: the fraction done, in [0, 1], and the phase.
  package typealias Progress = @Sendable (_ fraction: Double, _ phase: String) -> Void

  private let output: ReportWriter
  private let requests: RequestReader

  /// Serves the coordinator until it goes; what the handler throws is reported as the cell's error.
  ///
  /// The protocol takes the standard streams for itself: what else is written to standard output by
  /// this process goes to standard error, and standard input reads as empty.
  ///
  /// - Parameter handler: Runs a cell on the calling thread.
  package static func run(handler: (WorkerRequest, Progress) throws -> CellResult) -> Never {
    let (input, output) = (dup(STDIN_FILENO), dup(STDOUT_FILENO))
    dup2(STDERR_FILENO, STDOUT_FILENO)
    let empty = open("/dev/null", O_RDONLY)
    dup2(empty, STDIN_FILENO)
    let loop = WorkerLoop(input: input, output: ReportWriter(output)) { _exit(0) }
    exit(loop.run(handler: handler) ? 0 : 1)
  }

  /// A loop over other descriptors.
  ///
  /// - Parameters:
  ///   - input: Where requests come from.
  ///   - output: Writes reports.
  ///   - orphaned: Called on a background thread when there will be no more requests.
  init(input: Int32, output: ReportWriter, orphaned: @escaping @Sendable () -> Void) {
    self.output = output
    requests = RequestReader(input, orphaned: orphaned)
  }

  /// Answers requests until there are no more.
  ///
  /// - Returns: Whether every answer could be written.
  func run(handler: (WorkerRequest, Progress) throws -> CellResult) -> Bool {
    requests.start()
    while let request = requests.next() {
      let key = request.cell.key
      let report: WorkerReport
      do {
        report = .result(
          try handler(request) { [output] fraction, phase in
            output.report(progress: fraction, phase: phase, of: key)
          })
      } catch { report = .error(key: key, reason: "\(error)") }
      // Without its answer the coordinator would wait for ever; it notices the end of a worker.
      guard output.send(report) else { return false }
    }
    return true
  }
}

/// Reads requests on a thread of its own, which also notices that the coordinator has gone.
///
/// `@unchecked Sendable`: the mutable state is used under the condition's lock only.
final class RequestReader: @unchecked Sendable {
  private let descriptor: Int32
  private let orphaned: @Sendable () -> Void
  private let condition = NSCondition()
  private var requests: [WorkerRequest] = []
  private var hasEnded = false

  init(_ descriptor: Int32, orphaned: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.orphaned = orphaned
  }

  func start() {
    let thread = Thread { self.read() }
    thread.name = "requests"
    thread.start()
  }

  /// The next request, or nil when there will be no more.
  func next() -> WorkerRequest? {
    condition.withLock {
      while requests.isEmpty, !hasEnded { condition.wait() }
      return requests.isEmpty ? nil : requests.removeFirst()
    }
  }

  private func read() {
    let coordinator = getppid()
    var buffer = LineBuffer()
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    reading: while true {
      // The end of the input means the same, unless a third process keeps the pipe open.
      guard getppid() == coordinator else { break }
      guard poll(&polled, 1, 1000) != 0 else { continue }
      guard buffer.fill(from: descriptor) else { break }
      while let line = buffer.nextLine() {
        guard let request = try? MessageLine.decode(WorkerRequest.self, from: line) else {
          break reading
        }
        condition.withLock {
          requests.append(request)
          condition.signal()
        }
      }
    }
    orphaned()
    condition.withLock {
      hasEnded = true
      condition.signal()
    }
  }
}

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
  /// - Returns: Whether it was written. If not, the reader is gone.
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
