import Testing

@testable import Engine

@Suite("Threads")
struct ThreadTests {
  @Test("every part of a job runs once, however many threads there are", arguments: 1...4)
  func parts(count: Int) {
    let team = ThreadTeam()
    team.resize(to: count)
    for items in [0, 1, 2, 7, 100] {
      for _ in 0..<200 {
        var done = [Int](repeating: 0, count: items)
        done.withUnsafeMutableBufferPointer { done in
          let target = done.baseAddress
          team.run { part, parts in
            for i in stride(from: part, to: items, by: parts) { target?[i] += 1 }
          }
        }
        #expect(done.allSatisfy { $0 == 1 })
      }
    }
    team.resize(to: 1)
  }

  @Test("a job within a job runs on the thread that asks")
  func nested() {
    let team = ThreadTeam()
    team.resize(to: 2)
    var done = [0, 0, 0, 0]
    done.withUnsafeMutableBufferPointer { done in
      let target = done.baseAddress
      team.run { outer, _ in team.run { inner, _ in target?[2 * outer + inner] += 1 } }
    }
    #expect(done == [1, 1, 1, 1])
    team.resize(to: 1)
  }

  @Test("a team that shrinks and grows runs the parts it then has")
  func resized() {
    let team = ThreadTeam()
    for count in [4, 2, 3, 1, 2, 4] + Array(repeating: [3, 2], count: 100).joined() {
      team.resize(to: count)
      var done = [Int](repeating: 0, count: 4)
      done.withUnsafeMutableBufferPointer { done in
        let target = done.baseAddress
        team.run { part, _ in target?[part] += 1 }
      }
      #expect(done == (0..<4).map { $0 < count ? 1 : 0 })
    }
    team.resize(to: 1)
  }

  /// In a process of its own, because the engine's team belongs to the process.
  @Test("threads do not change what is learned")
  func training() async {
    await #expect(processExitsWith: .success) {
      var description = SmallModels.llama
      (description.width, description.headWidth, description.feedForwardWidth) = (64, 16, 128)
      description.positions = .rotary(base: 10_000, width: 16)
      let text: [Int32] = (0..<24).map { $0 * $0 % 11 }
      let sequences = [text, Array(text.dropFirst(3)), Array(text.dropLast(5)), text.reversed()]
      for method in SmallTraining.Method.allCases {
        func losses(threads: Int) -> [Float] {
          BLAS.setThreads(threads)
          let training = SmallTraining(description, method)
          return (0..<5).map { training.step($0, sequences, targets: [3, 0, 8, 1]) }
        }
        let alone = losses(threads: 1)
        for threads in [2, 3] {
          for (a, b) in zip(losses(threads: threads), alone) {
            #expect(abs(a - b) < 1e-4 * abs(b), "\(method), \(threads) threads")
          }
        }
      }
    }
  }

  @Test(
    "a product divided among threads is the product of one",
    arguments: [(1, 1, 1), (33, 17, 5), (331, 768, 64), (64, 500, 33)]
  )
  func product(rows: Int, columns: Int, inner: Int) {
    var random = RandomStream(seed: 1, purpose: "product")
    let ledger = MemoryLedger()
    func matrix(_ rows: Int, _ columns: Int) -> Tensor<Float> {
      let tensor = Tensor<Float>(rows: rows, columns: columns, in: ledger)
      for i in 0..<tensor.count { tensor.elements[i] = Float(random.normal()) }
      return tensor
    }
    let (a, b) = (matrix(rows, inner), matrix(inner, columns))
    let (whole, parts) = (matrix(rows, columns), matrix(rows, columns))
    let left = MatrixView(UnsafePointer(a.start), stride: inner)
    let right = MatrixView(UnsafePointer(b.start), stride: columns)
    Float.multiply(
      left, right, rows: rows, columns: columns, inner: inner, alpha: 1, beta: 0,
      into: whole.start, stride: columns)
    for block in [
      Product.Block(rows: 0..<rows, columns: 0..<(columns / 2)),
      Product.Block(rows: 0..<(rows / 2), columns: (columns / 2)..<columns),
      Product.Block(rows: (rows / 2)..<rows, columns: (columns / 2)..<columns),
    ] {
      Product.multiply(
        block, left, right, inner: inner, beta: 0, into: parts.start, stride: columns)
    }
    for (x, y) in zip(whole.values, parts.values) { #expect(abs(x - y) < 1e-4) }
    withExtendedLifetime((a, b)) {}
  }
}
