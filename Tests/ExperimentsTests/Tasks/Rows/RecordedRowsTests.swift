import Foundation
import TestSupport
import Testing

@testable import Experiments

/// The rows and samples of the published tasks, as they were when the tasks were written in Swift.
///
/// Digests of rows were computed from the files by a Python script that splits lines at TABs, those of
/// samples were printed by the version before task files.
@Suite("Rows of the published tasks", .enabled(if: SharedData.isPresent))
struct RecordedRowsTests {
  struct Recorded: Sendable {
    let task: String
    /// First digits of the digests of the training pool and of each evaluation set.
    let rows: [String]
    /// First digits of the digests of samples of 8 a class with the seeds 0 and 1.
    let samples: [String]
  }

  @Test(
    "task files give the rows and samples they always gave",
    arguments: [
      Recorded(
        task: "cola", rows: ["2867da4996be9455", "10d7e5100816ea22", "f3f8693b65558078"],
        samples: ["754c8545b758cc46", "43e73880ea19002b"]),
      Recorded(
        task: "mnli",
        rows: [
          "00c5fd483960bb8c", "1be3aeed1d5f7019", "adc7f30117d4b768", "f4357006c6248d6d",
          "3c7af7e8dc850862",
        ],
        samples: ["4d6233ebb1a12eb8", "49840d9cfede2617"]),
      Recorded(
        task: "rte",
        rows: [
          "61de0e39a8497447", "1e2dbfff1a91b6a9", "adc7f30117d4b768", "f4357006c6248d6d",
          "3c7af7e8dc850862",
        ],
        samples: ["a0515bf0485d274f", "f1b7cf20501366f5"]),
      Recorded(
        task: "qqp", rows: ["6818b46029bdeb16", "f8f2e396e0a27234", "aedd6babf80a1424"],
        samples: ["f55ae0367cc2b465", "460defd477a0b405"]),
      Recorded(
        task: "sst2", rows: ["871d6bc5daa79697", "8c12b4cf86c3b242"],
        samples: ["8c507480b17e3f2b", "0c425dd53d75500f"]),
    ])
  func rows(_ recorded: Recorded) throws {
    let task = try TaskLoader(folder: SharedData.data(""))
      .load(try TaskCatalog.published.task(named: recorded.task))
    let digests = ([task.training] + task.evaluations.map(\.examples)).map {
      String(FewShotSampler.digest(of: $0).prefix(16))
    }
    #expect(digests == recorded.rows)
    let samples = try [0, 1].map { seed in
      String(try task.sample(shots: 8, seed: seed).digest.prefix(16))
    }
    #expect(samples == recorded.samples)
  }
}
