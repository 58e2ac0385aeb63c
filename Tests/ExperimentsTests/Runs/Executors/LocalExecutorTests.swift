import Foundation
import Testing

@testable import Experiments

@Suite("Local executor")
struct LocalExecutorTests {
  private func run(
    _ keys: [String], workers: Int = 1, log: EventLog = EventLog()
  ) async throws -> [CellResult] {
    let script = try WorkerScript()
    defer { script.remove() }
    return try await script.executor(workers: workers)
      .run(keys.map { WorkerScript.job($0) }) { log.append($0) }
  }

  private func reason(_ result: CellResult?) -> String? {
    if case .failed(let reason) = result?.status { reason } else { nil }
  }

  @Test("a worker stays for the next cell, and events come in order")
  func reuse() async throws {
    let log = EventLog()
    let results = try await run(["a", "progress", "b"], log: log)
    #expect(results.map(\.key) == ["a", "progress", "b"])
    #expect(Set(results.map(\.sampleDigest)).count == 1)
    #expect(
      log.words == [
        "started a", "finished a", "started progress", "progress 0.5 training",
        "finished progress", "started b", "finished b",
      ])
  }

  @Test("results come in the order of the cells, however many workers there are")
  func order() async throws {
    let keys = (0..<12).map { $0 % 3 == 0 ? "slow\($0)" : "c\($0)" }
    let results = try await run(keys, workers: 4)
    #expect(results.map(\.key) == keys)
    #expect(Set(results.map(\.sampleDigest)).count > 1)
    #expect(results.allSatisfy { $0.status == .succeeded })
  }

  @Test("a worker that dies once costs a fresh start")
  func retry() async throws {
    let log = EventLog()
    let results = try await run(["a", "once", "b"], log: log)
    #expect(results.map(\.status) == [.succeeded, .succeeded, .succeeded])
    #expect(results[0].sampleDigest != results[1].sampleDigest)
    #expect(results[1].sampleDigest == results[2].sampleDigest)
    #expect(log.words.filter { $0.hasPrefix("retried") } == ["retried once: exited with code 4"])
  }

  @Test(
    "a cell that breaks two workers is failed for a stated reason; the others are not",
    arguments: [
      (
        "exit", "exited with code 3; the last line of its standard error is: about to fail"
      ),
      ("kill", "was killed by signal 9 (SIGKILL), perhaps for lack of memory"),
      ("garbage", "wrote something other than a report: 'Hello, world'"),
      ("stranger", "reported on cell 'another', which it did not get"),
    ])
  func failure(key: String, expected: String) async throws {
    let log = EventLog()
    let results = try await run(["a", key, "b"], workers: 2, log: log)
    #expect(results.map(\.key) == ["a", key, "b"])
    #expect(reason(results[1]) == "two workers in a row failed: each \(expected)")
    #expect(results[0].status == .succeeded && results[2].status == .succeeded)
    #expect(log.words.count { $0.hasPrefix("retried") } == 1)
  }

  @Test("an error a worker reports is believed at once, and the worker stays")
  func reportedError() async throws {
    let log = EventLog()
    let results = try await run(["a", "error", "b"], log: log)
    #expect(reason(results[1]) == "no such method")
    #expect(results[0].sampleDigest == results[2].sampleDigest)
    #expect(!log.words.contains { $0.hasPrefix("retried") })
  }

  @Test("a worker that dies between two cells costs neither of them")
  func deathWhileIdle() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let log = EventLog()
    let results = try await script.executor(workers: 1)
      .run([WorkerScript.job("after"), WorkerScript.job("b")]) { event in
        log.append(event)
        if case .finished(let cell, _, _) = event, cell.key == "after" { usleep(300_000) }
      }
    #expect(results.map(\.status) == [.succeeded, .succeeded])
    #expect(!log.words.contains { $0.hasPrefix("retried") })
  }

  @Test("workers get the threads of their cells")
  func threads() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let jobs = [1, 1, 2, 4].enumerated().map { WorkerScript.job("c\($0)", threads: $1) }
    let results = try await script.executor(workers: 1).run(jobs) { _ in }
    #expect(results.map { $0.provenance?.blas } == ["1", "1", "2", "4"])
    #expect(results[0].sampleDigest == results[1].sampleDigest)
  }

  @Test("idle workers are let go by the end of their input")
  func gracefulEnd() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let results = try await script.executor(workers: 1).run([WorkerScript.job("a")]) { _ in }
    #expect(script.files.contains("ended-\(results[0].sampleDigest)"))
  }

  @Test("cancelling ends workers and what they started, and returns what is finished")
  func cancellation() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let log = EventLog()
    let jobs = ["a", "sleep", "b"].map { WorkerScript.job($0) }
    let clock = ContinuousClock()
    let start = clock.now
    let task = Task { try await script.executor(workers: 1).run(jobs) { log.append($0) } }
    while !script.files.contains("pid") { try await Task.sleep(for: .milliseconds(10)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    let results = try await task.value
    #expect(results.map(\.key) == ["a"])
    #expect(clock.now - start < .seconds(120))
    #expect(log.words == ["started a", "finished a", "started sleep"])
    let text = try String(
      contentsOf: script.folder.appendingPathComponent("pid"), encoding: .utf8)
    let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(pid, 0) == -1 && errno == ESRCH)
  }

  @Test("a run that is cancelled before it starts runs nothing")
  func cancelledBefore() async throws {
    let log = EventLog()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await run(["a"], log: log)
    }
    task.cancel()
    #expect(try await task.value.isEmpty)
    #expect(log.words.isEmpty)
  }

  @Test("no cells need no workers")
  func noCells() async throws {
    #expect(try await run([]).isEmpty)
  }

  /// `top` needs `left` and `right`, which need `root`; in the order in which they should start.
  private static func diamond(right: String, known: [String] = []) -> [CellJob] {
    [
      WorkerScript.job("top", inputs: ["left", right], known: known),
      WorkerScript.job(right, inputs: ["root"], known: known),
      WorkerScript.job("left", inputs: ["root"], known: known), WorkerScript.job("root"),
    ]
  }

  @Test("four cells in a diamond run in its order, and each is given what it reads")
  func diamond() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let log = EventLog()
    let results = try await script.executor(workers: 3).run(Self.diamond(right: "slow")) {
      log.append($0)
    }
    #expect(results.map(\.key) == ["top", "slow", "left", "root"])
    #expect(
      results.map { $0.provenance?.processor } == ["left slow ", "root ", "root ", ""])
    let words = log.words
    #expect(words.prefix(2) == ["started root", "finished root"])
    #expect(words.suffix(2) == ["started top", "finished top"])
  }

  @Test("a failed cell fails what reads it, and nothing else")
  func failedInput() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let log = EventLog()
    let results = try await script.executor(workers: 2).run(Self.diamond(right: "error")) {
      log.append($0)
    }
    #expect(results[3].status == .succeeded && results[2].status == .succeeded)
    #expect(reason(results[1]) == "no such method")
    #expect(
      reason(results[0]) == "it reads the result of cell error, which failed: no such method")
    #expect(log.words.contains("finished top") && !log.words.contains("started top"))
  }

  @Test("after an interruption a diamond goes on with what was stored, and repeats nothing")
  func resumedDiamond() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let store = try ResultStore.inMemory()
    let jobs = Self.diamond(right: "stall")
    func run(_ jobs: [CellJob], _ log: EventLog) async throws -> [CellResult] {
      try await script.executor(workers: 1).run(jobs) { event in
        log.append(event)
        guard case .finished(let cell, _, let result) = event else { return }
        do { try store.append(result, cell: cell, method: "m", recorded: 0) } catch {
          Issue.record(error)
        }
      }
    }
    let first = Task { try await run(jobs, EventLog()) }
    while !script.files.contains("stall") { try await Task.sleep(for: .milliseconds(10)) }
    first.cancel()
    #expect(try await first.value.map(\.key) == ["root"])

    let known = try store.latest(for: jobs.map(\.cell.key))
    #expect(known.keys.sorted() == ["root"])
    let log = EventLog()
    let rest = Self.diamond(right: "stall", known: Array(known.keys)).dropLast()
    let results = try await run(Array(rest), log)
    #expect(
      log.words.filter { $0.hasPrefix("started") } == [
        "started stall", "started left", "started top",
      ])
    #expect(results.map { $0.provenance?.processor } == ["left stall ", "root ", "root "])
    #expect(try store.latest(for: jobs.map(\.cell.key)).count == 4)
  }

  @Test("a program that is not there is an error")
  func missingProgram() async throws {
    let executor = LocalExecutor(
      program: URL(fileURLWithPath: "/nonexistent/ftreport"), arguments: [], workers: 2)
    let error = await #expect(throws: ExecutorError.self) {
      try await executor.run([WorkerScript.job("a"), WorkerScript.job("b")]) { _ in }
    }
    #expect(
      error?.description == """
        error: no worker can be started from /nonexistent/ftreport: No such file or directory
          help: check that the program is there and may be run
        """)
  }

  @Test("a worker that waits for room ends, so that what it has loaded is free")
  func idleWorker() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let jobs = [("a", 10), ("slow", 80), ("b", 60)].map { WorkerScript.job($0.0, bytes: $0.1) }
    let results = try await script.executor(workers: 2, budget: 100).run(jobs) { event in
      // The worker of the first cell finds that the third does not fit beside the second.
      if case .finished(let cell, _, _) = event, cell.key == "slow" {
        #expect(eventually { script.files.contains { $0.hasPrefix("ended-") } })
      }
    }
    #expect(results.map(\.status) == [.succeeded, .succeeded, .succeeded])
  }

  private func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<1000 where !condition() { usleep(5000) }
    return condition()
  }

  @Test("cells that would not fit in memory together do not run together")
  func memory() async throws {
    let script = try WorkerScript()
    defer { script.remove() }
    let log = EventLog()
    let sizes = ["slow1": 60, "slow2": 60, "slow3": 40, "slow4": 500, "slow5": 10]
    let jobs = sizes.sorted { $0.key < $1.key }.map { WorkerScript.job($0.key, bytes: $0.value) }
    _ = try await script.executor(workers: 3, budget: 100).run(jobs) { log.append($0) }
    var running: [String: Int] = [:]
    var mostTogether = 0
    for event in log.all {
      switch event {
      case .started(let cell, _): running[cell.key] = sizes[cell.key]
      case .finished(let cell, _, _): running[cell.key] = nil
      case .progress, .retried: break
      }
      mostTogether = max(mostTogether, running.count)
      #expect(running.values.reduce(0, +) <= 100 || running.count == 1)
    }
    #expect(mostTogether >= 2)
  }
}
