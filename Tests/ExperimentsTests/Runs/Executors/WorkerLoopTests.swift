import Foundation
import Synchronization
import Testing

@testable import Experiments

@Suite("Worker loop")
struct WorkerLoopTests {
  private struct Refusal: Error, CustomStringConvertible {
    var description: String { "there is no method 'x'" }
  }

  /// A loop on a thread of its own, seen through pipes.
  private final class Harness: Sendable {
    let requests = Pipe()
    let reports = Pipe()
    let isOrphaned = Mutex(false)
    let wasHeard = Mutex<Bool?>(nil)
    let hasReturned = DispatchSemaphore(value: 0)

    func start(
      encode: @escaping @Sendable (WorkerReport) throws -> [UInt8] = {
        try MessageLine.encode($0)
      },
      _ handler: @escaping @Sendable (WorkerRequest, WorkerLoop.Progress) throws -> CellResult
    ) {
      let loop = WorkerLoop(
        input: requests.fileHandleForReading.fileDescriptor,
        output: ReportWriter(reports.fileHandleForWriting.fileDescriptor, encode: encode)
      ) { self.isOrphaned.withLock { $0 = true } }
      let thread = Thread {
        let wasHeard = loop.run(handler: handler)
        self.wasHeard.withLock { $0 = wasHeard }
        try? self.reports.fileHandleForWriting.close()
        self.hasReturned.signal()
      }
      thread.start()
    }

    func send(_ key: String) throws {
      let line = try MessageLine.encode(
        WorkerRequest(cell: StoreSamples.cell(key), inputs: [StoreSamples.result("input")]))
      try requests.fileHandleForWriting.write(contentsOf: Data(line))
    }

    func finish() throws -> [WorkerReport] {
      try requests.fileHandleForWriting.close()
      hasReturned.wait()
      let data = try reports.fileHandleForReading.readToEnd() ?? Data()
      return try data.split(separator: 0x0A).map {
        try MessageLine.decode(WorkerReport.self, from: Array($0))
      }
    }
  }

  @Test("cells are answered in order with results, errors and progress")
  func answers() throws {
    let harness = Harness()
    harness.start { request, progress in
      let cell = request.cell
      #expect(request.inputs == [StoreSamples.result("input")])
      if cell.key == "bad" { throw Refusal() }
      for step in 0..<100 { progress(Double(step) / 100, "training") }
      progress(1, "evaluating")
      return StoreSamples.result(cell.key)
    }
    for key in ["a", "bad", "b"] { try harness.send(key) }
    // Requests still unread when the input ends are dropped, so the answers are awaited first.
    Thread.sleep(forTimeInterval: 0.3)
    let reports = try harness.finish()
    let answers = reports.filter { if case .progress = $0 { false } else { true } }
    #expect(
      answers == [
        .result(StoreSamples.result("a")),
        .error(key: "bad", reason: "there is no method 'x'"),
        .result(StoreSamples.result("b")),
      ])
    #expect(reports.first == .progress(key: "a", fraction: 0, phase: "training"))
    #expect(reports.contains(.progress(key: "a", fraction: 1, phase: "evaluating")))
    #expect(reports.count < 50)
    #expect(harness.isOrphaned.withLock { $0 })
    #expect(harness.wasHeard.withLock { $0 } == true)
  }

  @Test("a result that cannot be encoded is an error of its cell, and the worker continues")
  func notEncodable() throws {
    let harness = Harness()
    harness.start { report in
      if case .result(let result) = report, result.key == "bad" { throw Refusal() }
      return try MessageLine.encode(report)
    } _: { request, _ in
      CellResult(key: request.cell.key, status: .succeeded)
    }
    for key in ["bad", "b"] { try harness.send(key) }
    Thread.sleep(forTimeInterval: 0.3)
    #expect(
      try harness.finish() == [
        .error(
          key: "bad", reason: "the worker cannot write the result: there is no method 'x'"),
        .result(CellResult(key: "b", status: .succeeded)),
      ])
  }

  @Test("a worker whose answers reach nobody ends")
  func nobodyReads() throws {
    let harness = Harness()
    harness.start { _ in
      throw Refusal()
    } _: { request, _ in
      CellResult(key: request.cell.key, status: .succeeded)
    }
    try harness.send("a")
    #expect(harness.hasReturned.wait(timeout: .now() + 30) == .success)
    #expect(harness.wasHeard.withLock { $0 } == false)
  }

  @Test("the coordinator's end is noticed in the middle of a cell")
  func orphaned() throws {
    let harness = Harness()
    let isRunning = DispatchSemaphore(value: 0)
    harness.start { request, _ in
      isRunning.signal()
      let limit = ContinuousClock.now + .seconds(60)
      while !harness.isOrphaned.withLock({ $0 }), ContinuousClock.now < limit { usleep(1000) }
      return CellResult(
        key: request.cell.key,
        status: harness.isOrphaned.withLock { $0 } ? .succeeded : .diverged(step: 1))
    }
    try harness.send("a")
    isRunning.wait()
    #expect(try harness.finish() == [.result(CellResult(key: "a", status: .succeeded))])
  }

  @Test("losses that are not numbers survive the pipe")
  func nonFinite() throws {
    var result = StoreSamples.result("a", status: .diverged(step: 2))
    result.training?.losses = [1, .infinity, -.infinity, .nan]
    let line = try MessageLine.encode(WorkerReport.result(result))
    guard case .result(let decoded) = try MessageLine.decode(WorkerReport.self, from: line) else {
      Issue.record("no result")
      return
    }
    #expect(decoded.training?.losses[1] == .infinity)
    #expect(decoded.training?.losses[3].isNaN == true)
  }
}
