import Engine
import Foundation

/// Times one method on one batch, or the machine's matrix product; `Benchmarks/run` calls it.
@main
enum Benchmark {
  static func main() {
    do {
      try run(BenchmarkArguments(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("Benchmarks: \(error)\n".utf8))
      exit(2)
    }
  }

  private static func run(_ arguments: BenchmarkArguments) throws {
    if let folder = arguments.makeBatches {
      try BatchMaker(data: try arguments.required(\.data, "--data")).write(to: folder)
      return
    }
    BLAS.setThreads(arguments.threads)
    if arguments.measuresProduct {
      print(try JSONLine(ProductRate.measured(threads: arguments.threads)))
      return
    }
    let method = try arguments.required(\.method, "--method")
    let batch = try TokenBatch(contentsOf: arguments.required(\.batch, "--batch"))
    let folder = try ModelFolder(arguments.required(\.model, "--model"))
    let baseline = ResidentMemory.peak
    let model = try Transformer(
      folder.description, from: CheckpointWeights(folder), in: MemoryLedger())
    let step = method.prepare(model, batch)
    let (seconds, losses) = timed(step, arguments)
    print(
      try JSONLine(
        Measurement(
          method: method.name, seconds: seconds, losses: losses, batch: batch,
          modelOperations: method.operations(model.description, batch), baselineRSS: baseline,
          threads: arguments.threads, ledger: model.ledger)))
  }

  /// Runs `step` warm and then as often as asked.
  private static func timed(
    _ step: () -> Double, _ arguments: BenchmarkArguments
  ) -> (seconds: [Double], losses: [Double]) {
    var (seconds, losses): ([Double], [Double]) = ([], [])
    for _ in 0..<(arguments.warmup + arguments.steps) {
      let time = ContinuousClock().measure { losses.append(step()) }
      seconds.append(time / .seconds(1))
    }
    return (Array(seconds.dropFirst(arguments.warmup)), losses)
  }
}
