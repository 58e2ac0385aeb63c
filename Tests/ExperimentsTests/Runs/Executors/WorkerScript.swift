import Foundation
import Synchronization

@testable import Experiments

/// A worker written in shell, which does what a cell's key tells it; removed by the test.
struct WorkerScript: Sendable {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "worker-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // The process number comes back as the sample digest, the threads as the name of the BLAS, the
    // keys of inputs as the processor.
    let result = CellResult(
      key: "@KEY@", status: .succeeded, sampleDigest: "@PID@",
      provenance: CellResult.Provenance(
        numericsVersion: 1, blas: "@THREADS@", processor: "@INPUTS@", threads: 1))
    let report = String(
      decoding: try MessageLine.encode(WorkerReport.result(result)).dropLast(), as: UTF8.self)
    let script = """
      while IFS= read -r line; do
        cell=${line%%,\\"inputs\\":*}
        key=$(printf '%s\\n' "$cell" | sed 's/.*"key":"\\([^"]*\\)".*/\\1/')
        inputs=$(printf '%s\\n' "${line#"$cell"}" | grep -o '"key":"[^"]*"' | cut -d '"' -f 4 \\
          | tr '\\n' ' ')
        case "$key" in
          exit*) echo "about to fail" >&2; exit 3 ;;
          kill*) kill -9 $$ ;;
          once*) if [ ! -e "\(folder.path)/$key" ]; then touch "\(folder.path)/$key"; exit 4; fi ;;
          garbage*) echo "Hello, world" ;;
          stranger*) echo '{"kind":"progress","key":"another","fraction":0,"phase":"x"}' ;;
          error*) echo '{"kind":"error","key":"'$key'","reason":"no such method"}'; continue ;;
          progress*) echo '{"kind":"progress","key":"'$key'","fraction":0.5,"phase":"training"}' ;;
          after*) (sleep 0.1; kill -9 $$) & ;;
          slow*) sleep 0.15 ;;
          stall*) if [ ! -e "\(folder.path)/$key" ]; then touch "\(folder.path)/$key"; sleep 600; fi ;;
          sleep*) echo $$ > "\(folder.path)/pid"; sleep 600 ;;
        esac
        printf '%s\\n' '\(report)' \\
          | sed "s/@KEY@/$key/; s/@PID@/$$/; s/@THREADS@/$OPENBLAS_NUM_THREADS/; s/@INPUTS@/$inputs/"
      done
      touch "\(folder.path)/ended-$$"
      """
    try Data(script.utf8).write(to: folder.appendingPathComponent("worker.sh"))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func executor(workers: Int, budget: Int? = nil) -> LocalExecutor {
    LocalExecutor(
      program: URL(fileURLWithPath: "/bin/sh"),
      arguments: [folder.appendingPathComponent("worker.sh").path], workers: workers,
      memoryBudget: budget)
  }

  /// Names of the files that workers left behind.
  var files: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
  }

  static func job(
    _ key: String, bytes: Int = 0, threads: Int = 1, inputs: [String] = [], known: [String] = []
  ) -> CellJob {
    CellJob(
      StoreSamples.cell(key, StoreSamples.recipe(inputs: inputs) { $0.threads = threads }),
      predictedBytes: bytes, known: known.map { CellResult(key: $0, status: .succeeded) })
  }
}

/// Keeps events in the order in which they came.
final class EventLog: Sendable {
  private let events = Mutex<[ExecutionEvent]>([])

  var all: [ExecutionEvent] { events.withLock { $0 } }

  func append(_ event: ExecutionEvent) { events.withLock { $0.append(event) } }

  /// `started a`, `finished a`, … without workers.
  var words: [String] {
    all.map { event in
      switch event {
      case .started(let cell, _): "started \(cell.key)"
      case .progress(let cell, _, let fraction, let phase): "\(cell.key) \(fraction) \(phase)"
      case .retried(let cell, _, let reason): "retried \(cell.key): \(reason)"
      case .finished(let cell, _, _): "finished \(cell.key)"
      }
    }
  }
}
