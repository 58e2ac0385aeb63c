import Foundation

/// The program's task.
struct BenchmarkArguments {
  private(set) var makeBatches: URL?
  private(set) var data: URL?
  private(set) var measuresProduct = false
  private(set) var method: Method?
  private(set) var model: URL?
  private(set) var batch: URL?
  private(set) var steps = 5
  private(set) var warmup = 2
  private(set) var threads = ProcessInfo.processInfo.activeProcessorCount

  static let usage = """
    usage: Benchmarks --method NAME --model DIR --batch FILE [--steps N] [--warmup N] [--threads N]
           Benchmarks --sgemm [--threads N]
           Benchmarks --make-batches DIR --data DIR
    methods: \(Method.all.map(\.name).joined(separator: ", "))
    """

  init(_ arguments: some Sequence<String>) throws {
    var rest = arguments.makeIterator()
    while let name = rest.next() {
      if name == "--sgemm" {
        measuresProduct = true
        continue
      }
      guard let value = rest.next() else { throw BenchmarkError(Self.usage) }
      switch name {
      case "--make-batches": makeBatches = URL(fileURLWithPath: value)
      case "--data": data = URL(fileURLWithPath: value)
      case "--method": method = try Self.method(value)
      case "--model": model = URL(fileURLWithPath: value)
      case "--batch": batch = URL(fileURLWithPath: value)
      case "--steps": steps = try Self.count(value, atLeast: 1)
      case "--warmup": warmup = try Self.count(value, atLeast: 0)
      case "--threads": threads = try Self.count(value, atLeast: 1)
      default: throw BenchmarkError("'\(name)' is no option\n\(Self.usage)")
      }
    }
  }

  /// The value of an option that the task requires.
  func required<Value>(_ path: KeyPath<Self, Value?>, _ name: String) throws -> Value {
    guard let value = self[keyPath: path] else {
      throw BenchmarkError("\(name) is missing\n\(Self.usage)")
    }
    return value
  }

  private static func method(_ name: String) throws -> Method {
    guard let method = Method.all.first(where: { $0.name == name }) else {
      throw BenchmarkError("'\(name)' is no method\n\(usage)")
    }
    return method
  }

  private static func count(_ text: String, atLeast least: Int) throws -> Int {
    guard let count = Int(text), (least...10_000).contains(count) else {
      throw BenchmarkError("'\(text)' is no number from \(least) to 10000")
    }
    return count
  }
}

/// What went wrong, in words for whoever runs the program.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
