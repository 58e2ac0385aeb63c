import Foundation

/// A worker seen from the coordinator: a child process and the pipes to its standard streams.
///
/// Belongs to one thread, which must block SIGPIPE; only ``process`` may be shared.
final class WorkerProcess {
  let process: ChildProcess
  /// BLAS threads the worker was started with.
  let threads: Int
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var outputBuffer = LineBuffer()
  private var errorBuffer = LineBuffer()
  private var lastErrorLine = ""

  /// A longer line means that the worker is broken.
  private static let longestLine = 1 << 28
  private static let spawning = NSLock()
  /// Milliseconds between checks that the process is alive.
  private static let pollInterval: Int32 = 500

  /// Starts a worker that may use `threads` threads.
  init(
    _ program: String, _ arguments: [String], environment: [String: String], threads: Int
  ) throws(ExecutorError) {
    // Between the making of a pipe and its flag, another thread's child would inherit it, and this
    // worker would then not notice that the coordinator has gone.
    Self.spawning.lock()
    defer { Self.spawning.unlock() }
    var open: [Int32] = []
    defer { for descriptor in open { close(descriptor) } }
    for _ in 0..<3 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw .cannotStart(program: program, code: errno) }
      open += ends
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    var environment = environment
    for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"] {
      environment[variable] = "\(threads)"
    }
    process = try ChildProcess(
      program, arguments, environment: environment,
      streams: [open[0], open[3], open[5]])
    self.threads = threads
    (input, output, errors) = (open[1], open[2], open[4])
    open = [open[0], open[3], open[5]]
  }

  deinit {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  /// Sends bytes; false if the worker no longer reads.
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Waits for the next line of standard output, taking in standard error meanwhile.
  ///
  /// - Returns: The line, or nil once there will be no more.
  func nextLine() -> [UInt8]? {
    while true {
      if let line = outputBuffer.nextLine() { return line }
      guard output >= 0, outputBuffer.pendingCount < Self.longestLine else { return nil }
      let (ready, isIdle) = wait()
      if ready, !outputBuffer.fill(from: output) {
        close(output)
        output = -1
      }
      // Something the worker started may hold the pipe open after the worker has ended.
      if isIdle, process.hasEnded { return nil }
    }
  }

  /// Waits for output, and reads standard error if there is any.
  private func wait() -> (outputIsReady: Bool, isIdle: Bool) {
    var polled = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = poll(&polled, 2, Self.pollInterval)
    if polled[1].revents != 0 { readErrors() }
    return (polled[0].revents != 0, count == 0)
  }

  private func readErrors() {
    let isOpen = errorBuffer.fill(from: errors)
    while let line = errorBuffer.nextLine() { noteError(line) }
    guard !isOpen || errorBuffer.pendingCount > Self.longestLine else { return }
    noteError(errorBuffer.rest())
    close(errors)
    errors = -1
  }

  private func noteError(_ line: [UInt8]) {
    let text = String(decoding: line.prefix(500), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    if !text.isEmpty { lastErrorLine = text }
  }

  /// Lets an idle worker end by closing its standard input; kills it after two seconds.
  func retire() {
    close(input)
    input = -1
    _ = process.waitForEnd(patience: 2)
  }

  /// Ends a worker whose output makes no sense.
  ///
  /// - Returns: How it ended, with the last line of its standard error.
  func end() -> String {
    let end = process.waitForEnd(patience: output < 0 ? 1 : 0)
    while errors >= 0 {
      var polled = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, 0) > 0 else { break }
      readErrors()
    }
    noteError(errorBuffer.rest())
    return lastErrorLine.isEmpty
      ? "\(end)" : "\(end); the last line of its standard error is: \(lastErrorLine)"
  }
}

extension WorkerProcess {
  /// The outcome of giving a cell to a worker.
  enum Outcome {
    case result(CellResult)
    /// The worker reports that the cell cannot run; the worker itself is intact.
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
      // A worker that no longer reads has ended or is about to, which its output shows below.
      _ = send(try MessageLine.encode(request))
    } catch { return .refused(reason: "the cell cannot be sent to a worker: \(error)") }
    while let line = nextLine() {
      guard let report = try? MessageLine.decode(WorkerReport.self, from: line) else {
        return lost("wrote something other than a report: '\(Self.excerpt(of: line))'")
      }
      guard report.key == request.cell.key else {
        return lost("reported on cell '\(report.key)', which it did not get")
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
