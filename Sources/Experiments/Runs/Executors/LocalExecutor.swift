package import Foundation
package import Logging

/// Runs cells in a pool of worker processes on this machine.
///
/// A worker takes one cell at a time and stays for the next one. When it dies or answers nonsense,
/// its cell is tried once more in a fresh worker and then recorded as failed; no other cell notices.
/// A worker that answers with an error has looked at the cell and is believed at once.
package struct LocalExecutor: Executor {
  /// The worker program, whose ``WorkerLoop`` answers on standard output.
  package var program: URL
  package var arguments: [String]
  /// Most cells that run at once.
  package var workers: Int
  /// Bytes that the running cells may need together, as predicted; nil means any number.
  package var memoryBudget: Int?
  /// Environment of the workers; the numbers of BLAS threads are added from each cell's recipe.
  package var environment: [String: String]
  package var logger: Logger

  /// Describes a pool; processes are started when cells are run.
  ///
  /// - Parameters:
  ///   - program: The worker program.
  ///   - arguments: Its arguments.
  ///   - workers: Most cells that run at once; at least 1.
  ///   - memoryBudget: Bytes the running cells may need together; nil means any number.
  ///   - environment: Environment of the workers.
  ///   - logger: Told of starts, losses and ends of workers.
  package init(
    program: URL, arguments: [String], workers: Int, memoryBudget: Int? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    logger: Logger = Logger(label: "ftreport.executor")
  ) {
    precondition(workers > 0, "\(workers) workers")
    self.program = program
    self.arguments = arguments
    self.workers = workers
    self.memoryBudget = memoryBudget
    self.environment = environment
    self.logger = logger
  }

  package func run(
    _ jobs: [CellJob], report: @escaping @Sendable (ExecutionEvent) -> Void
  ) async throws(ExecutorError) -> [CellResult] {
    let pool = try LocalPool(self, jobs: jobs, report: report)
    await withTaskCancellationHandler {
      await pool.run(threads: min(workers, jobs.count))
    } onCancel: {
      pool.cancel()
    }
    let outcome = pool.outcome
    if let failure = outcome.failure { throw failure }
    return outcome.results
  }
}
