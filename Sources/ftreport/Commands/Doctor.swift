import ArgumentParser
import Engine
import Experiments
import Foundation
import Plot

/// Checks whether this machine can build reports.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check whether this machine can build reports.")

  func run() async throws {
    var healthy = true
    func report(_ subject: String, _ finding: String, isGood: Bool = true) throws {
      healthy = healthy && isGood
      try Output.print(
        "\(isGood ? "ok " : "NO ") \(subject.padding(toLength: 12, withPad: " ", startingAt: 0)) \(finding)"
      )
    }
    try report("ftreport", "\(FTReport.version), numerics \(Numerics.version)")
    try report(
      "processor", "\(Processor.name), \(ProcessInfo.processInfo.activeProcessorCount) cores")
    if let bytes = MachineMemory().available {
      try report("memory", "\(PlanText.size(bytes)) available")
    }
    let kernels = Machine.workerEnvironment["OPENBLAS_CORETYPE"].map {
      "; workers use \($0) kernels"
    }
    try report("BLAS", BLAS.name + (kernels ?? ""))
    do {
      _ = try ResultStore.inMemory()
      try report("SQLite", "results can be stored")
    } catch {
      try report("SQLite", "\(error)", isGood: false)
    }
    do {
      let chart = Chart(
        mark: .dot, x: Axis(title: "x"), y: Axis(title: "y"),
        panels: [
          Panel(
            title: "",
            series: [Series(name: "a", styleName: "a", points: [Point(x: .number(1), y: 1)])],
            rules: [])
        ])
      _ = try chart.rendered(theme: .light)
      try report("charts", "libgd and a font work")
    } catch {
      try report("charts", "\(error)", isGood: false)
    }
    if !healthy { throw ExitCode(1) }
  }
}
