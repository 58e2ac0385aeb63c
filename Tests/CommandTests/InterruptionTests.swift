import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct InterruptionTests {
    /// Passes of a cell that takes a few seconds, and of one that never ends in a test.
    private static let (long, endless) = (20_000, 100_000)

    @Test("a worker killed in mid-cell costs one retry and nothing else")
    func killOnce() throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: Self.long))
      let build = try study.start(["build", "study.md", "--json", "--only", "slow", "--jobs", "1"])
      let worker = try build.busyWorker()
      kill(worker, SIGKILL)
      let result = try build.finish()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.components(separatedBy: "trying once more").count == 2)
      #expect(try result.count("ran") == 1)
      #expect(try result.count("failed") == 0)
    }

    @Test("a cell whose workers die twice fails; the page shows the gap and the rest")
    func killTwice() throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: Self.endless))
      let build = try study.start(["build", "study.md", "--json", "--jobs", "1"])
      try waitForResults(4, in: study)
      let first = try build.busyWorker()
      kill(first, SIGKILL)
      kill(try build.busyWorker(except: [first]), SIGKILL)
      let result = try build.finish()
      #expect(result.status == 3, "\(result.errors)")
      #expect(try result.count("failed") == 1)
      #expect(try result.count("ran") == 5)
      let page = try study.page()
      #expect(page.contains("Of 5 cells, 1 failed: "))
      #expect(page.contains("two workers in a row failed: each was killed by signal 9"))
      #expect(page.contains("0 of 1 cells done, 1 failed"))
      #expect(page.contains("num missing"))
      let plan = try study.run("plan", "study.md", "--explain")
      #expect(plan.output.contains("failed before: two workers in a row"))
    }

    @Test("a killed build takes its workers along; the same command does only what was left")
    func killBuild() throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: Self.long))
      let build = try study.start(["build", "study.md", "--json", "--jobs", "1"])
      try waitForResults(4, in: study)
      let worker = try build.busyWorker()
      build.send(SIGKILL)
      #expect(try build.finish().isSignalled)
      #expect(eventually(within: 0.7) { !ProcessTable.isAlive(worker) })
      let result = try study.build()
      #expect(result.status == 0, "\(result.errors)")
      #expect(try result.count("cached") == 4)
      #expect(try result.count("ran") == 1)
    }

    @Test("a model swapped in the middle of a build fails what then runs, and spoils no result")
    func swapModel() throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: Self.long))
      let weights = study.files.file("model/model.safetensors")
      let old = try Data(contentsOf: weights)
      try ModelFixture.write(to: study.files.file("other"), seed: 2)
      let other = try Data(contentsOf: study.files.file("other/model.safetensors"))
      let build = try study.start(["build", "study.md", "--json", "--jobs", "1"])
      try waitForResults(4, in: study)
      _ = try build.busyWorker()
      try other.write(to: weights, options: .atomic)
      let result = try build.finish()
      #expect(result.status == 3, "\(result.errors)")
      #expect(try result.count("failed") == 1)
      let message = "\(weights.path) changed after the build was planned; run the build again"
      #expect(result.errors.contains(message))
      // The new model has no result, and the old one those from before the swap.
      #expect(try study.build("--no-exec").count("cached") == 0)
      try old.write(to: weights, options: .atomic)
      let plan = try study.run("plan", "study.md", "--explain")
      #expect(plan.output.contains("failed before: \(message)"))
      #expect(plan.output.contains("5 cells in all, 1 to run"))
    }

    @Test("Ctrl-C exits 130 with a page of what is known", arguments: [SIGINT, SIGTERM])
    func interrupt(signal: Int32) throws {
      let study = try StudyFolder(StudyFolder.slow(epochs: Self.endless))
      let build = try study.start(["build", "study.md", "--json", "--jobs", "1"])
      try waitForResults(4, in: study)
      let worker = try build.busyWorker()
      build.send(signal)
      let result = try build.finish(within: 40)
      #expect(result.status == 130)
      #expect(!result.isSignalled)
      #expect(try result.count("missing") == 1)
      #expect(try study.page().contains("Of 5 cells, 1 has not run"))
      #expect(!ProcessTable.isAlive(worker))
    }

    private func waitForResults(_ count: Int, in study: StudyFolder) throws {
      let stored = eventually(within: 30) {
        let list = try? study.run("cache", "ls")
        return list.map { $0.output.split(separator: "\n").count == count + 1 } ?? false
      }
      try #require(stored, "the quick cells do not finish")
    }
  }
}
