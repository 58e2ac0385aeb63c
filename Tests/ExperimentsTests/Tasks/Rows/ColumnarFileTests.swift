import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Parquet and Arrow")
struct ColumnarFileTests {
  private static let parquet = Data("PAR1 not really".utf8)
  private static let lines = #"{"text":"a","label":"x"}"# + "\n"

  /// A folder with a file, a program that converts it as `python3` would, and room for state.
  private struct Place {
    let folder: TemporaryFolder
    let file: URL
    var calls: Int {
      (try? String(contentsOf: folder.file("calls"), encoding: .utf8))?.count ?? 0
    }

    init(_ name: String, program: String? = "python3", script: String? = nil) throws {
      folder = try TemporaryFolder()
      file = folder.file(name)
      try FileManager.default.createDirectory(
        at: folder.file(".ftreport"), withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        at: folder.file("bin"), withIntermediateDirectories: true)
      try ColumnarFileTests.parquet.write(to: file)
      guard let program else { return }
      let work =
        script
        ?? "cat input > /dev/null && printf '%s\\n' '\(ColumnarFileTests.lines.dropLast())' > output"
      let url = folder.file("bin/\(program)")
      try Data("#!/bin/sh\nprintf x >> '\(folder.file("calls").path)'\n\(work)\n".utf8).write(
        to: url)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
    }

    func lines() throws -> Data {
      let bytes = try Data(contentsOf: file)
      let file = try #require(
        ColumnarFile(file, bytes: bytes, searchPath: folder.file("bin").path))
      return try file.lines()
    }
  }

  @Test(
    "a file is converted once, whatever its name and program",
    arguments: [
      ("a.parquet", "python3"), ("a.parquet", "duckdb"),
      ("a'); DROP TABLE x; --$(touch owned)`touch owned`.parquet", "duckdb"),
      ("-c import os.parquet", "python3"),
    ])
  func converted(name: String, program: String) throws {
    let place = try Place(name, program: program)
    #expect(try place.lines() == Data(Self.lines.utf8))
    #expect(try place.lines() == Data(Self.lines.utf8))
    #expect(place.calls == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.url.path)
    #expect(!names.contains("owned"))
  }

  @Test("what was kept and is damaged, or is of another file, is converted again")
  func damaged() throws {
    let place = try Place("a.parquet")
    _ = try place.lines()
    let tables = place.folder.file(".ftreport/tables")
    let kept = try #require(
      try FileManager.default.contentsOfDirectory(atPath: tables.path).first)
    var bytes = try Data(contentsOf: tables.appendingPathComponent(kept))
    bytes[3] ^= 1
    try bytes.write(to: tables.appendingPathComponent(kept))
    #expect(try place.lines() == Data(Self.lines.utf8))
    #expect(place.calls == 2)
    try Data("PAR1 another".utf8).write(to: place.file)
    _ = try place.lines()
    #expect(place.calls == 3)
  }

  @Test(
    "without a converter, or with one that fails, the refusal says what to do",
    arguments: [
      (nil, nil, "run 'python3 -m pip install pyarrow', or install duckdb"),
      ("python3", "exit 93", "run 'python3 -m pip install pyarrow', or install duckdb"),
      ("python3", "echo 'ArrowInvalid: magic bytes' >&2; exit 1", "ArrowInvalid: magic bytes"),
      ("python3", "kill -9 $$", "it ends with code 9"),
    ] as [(String?, String?, String)])
  func refused(program: String?, script: String?, expected: String) throws {
    let place = try Place("a.parquet", program: program, script: script)
    let error = #expect(throws: TaskError.self) { try place.lines() }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  /// The first `python3` of the path that has pyarrow.
  private static let pyarrow: String? = {
    let environment = ProcessInfo.processInfo.environment
    let folders =
      [environment["FTREPORT_TEST_PYTHON"]].compactMap(\.self)
      + (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
    return folders.first { path in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = ["-c", "import pyarrow.parquet"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }()

  @Test(
    "what pyarrow wrote is read as it was",
    .enabled(if: pyarrow != nil, "no python3 with pyarrow"),
    arguments: ["a.parquet", "a.arrow", "a.feather", "set"])
  func real(name: String) throws {
    let python = try #require(Self.pyarrow)
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.file(".ftreport"), withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.currentDirectoryURL = folder.url
    process.arguments = [
      "-c",
      """
      import os, pyarrow as pa, pyarrow.parquet, pyarrow.feather
      t = pa.table({"text": ["näh \\"x\\"", "b\\tc"], "label": pa.array([1, 0]), "score": [0.5, float("nan")]})
      pa.parquet.write_table(t, "a.parquet")
      pa.feather.write_feather(t, "a.feather")
      os.mkdir("set")
      open("set/dataset_info.json", "w").write("{}")
      for name in ("a.arrow", "set/data-00000-of-00001.arrow"):
          with pa.OSFile(name, "wb") as f, pa.ipc.new_stream(f, t.schema) as w:
              w.write_table(t)
      """,
    ]
    try process.run()
    process.waitUntilExit()
    let url = name == "set" ? try DatasetFolder.file(in: folder.file("set")) : folder.file(name)
    let bytes = try Data(contentsOf: url)
    let bin = URL(fileURLWithPath: python).deletingLastPathComponent().path
    let file = try #require(ColumnarFile(url, bytes: bytes, searchPath: bin))
    #expect(
      String(decoding: try file.lines(), as: UTF8.self)
        == #"{"text": "näh \"x\"", "label": 1, "score": 0.5}"# + "\n"
        + #"{"text": "b\tc", "label": 0, "score": null}"# + "\n")
  }

  @Test("a folder of datasets has one file; others are refused by name")
  func folders() throws {
    let folder = try TemporaryFolder()
    for path in ["set", "many", "splits/train", "other"] {
      try FileManager.default.createDirectory(
        at: folder.file(path), withIntermediateDirectories: true)
    }
    try folder.write("{}", to: "set/dataset_info.json")
    try folder.write("", to: "set/data.arrow")
    try folder.write("{}", to: "many/dataset_info.json")
    try folder.write("", to: "many/a.arrow")
    try folder.write("", to: "many/b.arrow")
    try folder.write("{}", to: "splits/dataset_dict.json")
    try folder.write("{}", to: "splits/train/state.json")
    #expect(try DatasetFolder.file(in: folder.file("set")).lastPathComponent == "data.arrow")
    for (name, expected) in [
      ("many", "2 files"), ("splits", "several splits"), ("other", "none that the library"),
    ] {
      let error = #expect(throws: TaskError.self) {
        try DatasetFolder.file(in: folder.file(name))
      }
      #expect(error?.message.contains(expected) == true)
    }
  }
}
