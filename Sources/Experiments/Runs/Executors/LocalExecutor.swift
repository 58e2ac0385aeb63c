package import Foundation
package import Logging
import Synchronization

/// Runs cells in a pool of worker processes on this machine.
///
/// A worker takes one cell at a time and stays for the next one. When it dies or answers nonsense,
/// its cell is tried once more in a fresh worker and then recorded as failed; no other cell notices.
/// A worker that answers with an error has examined the cell, so there is no second try.
package struct LocalExecutor: Executor {
  /// The worker program, whose ``WorkerLoop`` answers on standard output.
  package var program: URL
  package var arguments: [String]
  /// Most cells that run at once.
  var workers: Int
  /// Bytes that the running cells may need together, as predicted; nil means any number.
  var memoryBudget: Int?
  /// Environment of the workers; the numbers of BLAS threads are added from each cell's recipe.
  var environment: [String: String]
  var logger: Logger

  /// Describes a pool; processes are started when cells are run.
  ///
  /// - Parameters:
  ///   - program: The worker program.
  ///   - arguments: Its arguments.
  ///   - workers: Most cells that run at once; at least 1.
  ///   - memoryBudget: Bytes the running cells may need together; nil means any number.
  ///   - environment: Environment of the workers.
  ///   - logger: Receives starts, losses and ends of workers.
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

/// One run of a ``LocalExecutor``: a thread for each worker, all fed from one queue.
final class LocalPool: Sendable {
  private let settings: LocalExecutor
  private let jobs: [CellJob]
  private let queue: CellQueue
  private let report: @Sendable (ExecutionEvent) -> Void
  private let reporting = Mutex(())
  private let live = Mutex<[Int: ChildProcess]>([:])

  init(
    _ settings: LocalExecutor, jobs: [CellJob],
    report: @escaping @Sendable (ExecutionEvent) -> Void
  ) throws(ExecutorError) {
    self.settings = settings
    self.jobs = jobs
    self.report = report
    queue = try CellQueue(jobs, budget: settings.memoryBudget)
  }

  var outcome: (results: [CellResult], failure: ExecutorError?) { queue.outcome }

  func cancel() {
    queue.stop()
    for process in live.withLock({ Array($0.values) }) { process.kill() }
  }

  /// Runs every cell on threads of its own, since waiting for a pipe would hold up the tasks of others.
  func run(threads: Int) async {
    await withTaskGroup(of: Void.self) { group in
      for slot in 0..<threads {
        group.addTask {
          await withCheckedContinuation { continuation in
            let thread = Thread {
              self.serve(slot)
              continuation.resume()
            }
            thread.name = "worker \(slot)"
            thread.stackSize = 1 << 22
            thread.start()
          }
        }
      }
    }
  }

  private func serve(_ slot: Int) {
    blockBrokenPipeSignal()
    var worker: WorkerProcess?
    // A worker that waits for room would itself take some: it keeps what it has loaded.
    let release = {
      worker?.retire()
      worker = nil
    }
    while let step = queue.next(beforeWaiting: release) {
      let (place, result) = perform(step, on: &worker, slot)
      if let result { tell(.finished(jobs[place].cell, worker: slot, result)) }
      queue.finish(place, with: result)
    }
    if let worker { queue.hasStopped ? discard(worker) : worker.retire() }
    live.withLock { $0[slot] = nil }
  }

  /// - Returns: The job's place and its result, or nil if the run was stopped meanwhile.
  private func perform(
    _ step: CellQueue.Step, on worker: inout WorkerProcess?, _ slot: Int
  ) -> (place: Int, CellResult?) {
    switch step {
    case .fail(let place, let result): return (place, result)
    case .run(let place, let inputs):
      let request = WorkerRequest(cell: jobs[place].cell, inputs: inputs)
      tell(.started(request.cell, worker: slot))
      do throws(ExecutorError) {
        return (place, try run(request, on: &worker, slot))
      } catch {
        queue.stop(because: error)
        return (place, nil)
      }
    }
  }

  /// Runs a cell in up to two workers.
  ///
  /// - Returns: Its result, or nil if the run was cancelled meanwhile.
  private func run(
    _ request: WorkerRequest, on worker: inout WorkerProcess?, _ slot: Int
  ) throws(ExecutorError) -> CellResult? {
    let cell = request.cell
    var reasons: [String] = []
    while reasons.count < 2 {
      let current = try fit(worker, for: cell, slot)
      worker = current
      if queue.hasStopped { return nil }
      let outcome = current.run(request) { fraction, phase in
        tell(.progress(cell, worker: slot, fraction: fraction, phase: phase))
      }
      switch outcome {
      case .result(let result): return result
      case .refused(let reason): return CellResult(key: cell.key, status: .failed(reason: reason))
      case .lost(let reason):
        worker = nil
        if queue.hasStopped { return nil }
        settings.logger.warning(
          "lost a worker", metadata: ["cell": "\(cell.key)", "reason": "\(reason)"])
        reasons.append(reason)
        if reasons.count == 1 { tell(.retried(cell, worker: slot, reason: reason)) }
      }
    }
    let reason =
      reasons[0] == reasons[1]
      ? "two workers in a row failed: each \(reasons[0])"
      : "the worker \(reasons[0]); a second one \(reasons[1])"
    return CellResult(key: cell.key, status: .failed(reason: reason))
  }

  /// The worker itself if it lives and has the threads the cell wants, else a fresh one.
  private func fit(
    _ worker: WorkerProcess?, for cell: Cell, _ slot: Int
  ) throws(ExecutorError) -> WorkerProcess {
    if let worker {
      if worker.threads == cell.recipe.threads, !worker.process.hasEnded { return worker }
      worker.retire()
    }
    let fresh = try WorkerProcess(
      settings.program.path, settings.arguments, environment: settings.environment,
      threads: cell.recipe.threads)
    live.withLock { $0[slot] = fresh.process }
    settings.logger.debug("started a worker", metadata: ["slot": "\(slot)"])
    return fresh
  }

  private func discard(_ worker: WorkerProcess) {
    worker.process.kill()
    _ = worker.end()
  }

  /// Events come from many threads, and are passed on one at a time.
  private func tell(_ event: ExecutionEvent) {
    reporting.withLock { _ in report(event) }
  }

  /// Makes writing to a dead worker an error on this thread instead of ending the program.
  private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
