import Foundation

/// The worker's side: takes one cell after another from standard input and answers on standard output.
///
/// A background thread reads the input. When it ends, the coordinator has gone or wants this worker
/// to go, and the process ends at once, in the middle of a cell if need be: its result would reach
/// nobody.
package struct WorkerLoop {
  /// Tells the coordinator how far a cell is: the fraction done, in [0, 1], and the phase.
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
