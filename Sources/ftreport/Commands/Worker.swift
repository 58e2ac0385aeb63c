import ArgumentParser
import Experiments

/// Runs cells for a coordinator, one at a time, over standard input and output.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run cells for a build.", shouldDisplay: false)

  func run() throws {
    let runner = CellRunner()
    WorkerLoop.run { request, progress in
      try runner.run(request.cell) { progress($0, $1) }
    }
  }
}
