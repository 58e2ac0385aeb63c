import Crypto
import Formats
import Foundation

/// A table in Parquet or Arrow, which another program turns into JSON Lines.
///
/// No C library of Debian reads these formats. What a Python with `pyarrow`, or `duckdb`, made of a file is
/// kept under the digest of the file's bytes.
struct ColumnarFile {
  /// What the bytes are.
  enum Kind: String {
    case parquet
    /// Arrow's file format, which Feather is too.
    case arrowFile = "arrow-file"
    /// Arrow's stream format, which `datasets` saves.
    case arrowStream = "arrow-stream"

    init?(_ bytes: Data) {
      if bytes.starts(with: Array("PAR1".utf8)) {
        self = .parquet
      } else if bytes.starts(with: Array("ARROW1\0\0".utf8)) {
        self = .arrowFile
      } else if bytes.count >= 8, bytes.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) {
        self = .arrowStream
      } else {
        return nil
      }
    }
  }

  /// Where converters are looked for: folders with colons between them.
  private let searchPath: String
  private let url: URL
  private let bytes: Data
  private let kind: Kind

  /// More than this is not converted.
  private static let maximumSize = 2 << 30

  /// Recognizes a file by its bytes; nil for another format.
  init?(
    _ url: URL, bytes: Data,
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) {
    guard let kind = Kind(bytes) else { return nil }
    self.url = url
    self.bytes = bytes
    self.kind = kind
    self.searchPath = searchPath
  }

  /// The rows as JSON Lines: converted, or as they were kept.
  ///
  /// - Throws: ``TaskError`` without the file where neither program is there, with a line that installs one,
  ///   and for a file that they cannot read.
  func lines() throws(TaskError) -> Data {
    let key = SHA256.hash(data: bytes).hexadecimal
    let state =
      StateFolder.nearest(above: url)
      ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
      .appendingPathComponent(StateFolder.name, isDirectory: true)
    let kept = StateFolder(
      state.appendingPathComponent("tables", isDirectory: true), pathExtension: "jsonl",
      damaged: { _ in })
    if let lines = kept.contents(for: key) { return lines }
    let lines = try converted()
    kept.keep(lines, for: key)
    return lines
  }

  /// Converters, the one that reads every kind first.
  private var converters: [(program: String, arguments: [String])] {
    let python = ["python3", "python"].compactMap(program).map { path in
      (program: path, arguments: ["-c", Self.script, kind.rawValue, "\(Self.maximumSize)"])
    }
    let duckdb = kind == .parquet ? program("duckdb").map { [$0] } ?? [] : []
    return python
      + duckdb.map { (program: $0, arguments: ["-init", "/dev/null", "-c", Self.statement]) }
  }

  /// The converters know the file by a link beside which they start, so that no name of a file becomes part of a
  /// program or a statement.
  private func converted() throws(TaskError) -> Data {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appendingPathComponent(
      "ftreport-\(UUID().uuidString)", isDirectory: true)
    do {
      try files.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { try? files.removeItem(at: folder) }
      try files.createSymbolicLink(
        at: folder.appendingPathComponent("input"), withDestinationURL: url.standardizedFileURL)
      var complaints: [String] = []
      for (program, arguments) in converters {
        let (status, complaint) = try Self.run(program, arguments, in: folder)
        let output = folder.appendingPathComponent("output")
        if status == 0, let lines = try? Data(contentsOf: output), lines.count <= Self.maximumSize {
          return lines
        }
        // What lacks pyarrow is as good as not there.
        if status != Self.lacksLibrary { complaints.append(complaint) }
      }
      throw refusal(complaints.first)
    } catch let error as TaskError {
      throw error
    } catch {
      throw TaskError(.unreadableFile(error.localizedDescription))
    }
  }

  private func refusal(_ complaint: String?) -> TaskError {
    let name = kind == .parquet ? "Parquet" : "Arrow"
    guard let complaint else {
      let other = kind == .parquet ? ", or install duckdb" : ""
      return TaskError(
        .malformedRow(
          "the file is \(name), and no program that reads it is installed",
          help:
            "run 'python3 -m pip install pyarrow'\(other); the file is then converted as it is read"
        ))
    }
    return TaskError(
      .unreadableFile(
        "it begins as \(name) and cannot be converted: \(VisibleText.line(complaint))"))
  }

  private func program(_ name: String) -> String? {
    searchPath.split(atByte: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Exit code of ``script`` where pyarrow is not installed.
  private static let lacksLibrary: Int32 = 93

  private static let script = """
    import json, math, sys
    try:
        import pyarrow.ipc, pyarrow.parquet
    except ImportError:
        sys.exit(93)

    def batches(kind):
        if kind == "parquet":
            return pyarrow.parquet.ParquetFile("input").iter_batches()
        if kind == "arrow-file":
            reader = pyarrow.ipc.open_file("input")
            return (reader.get_batch(i) for i in range(reader.num_record_batches))
        return iter(pyarrow.ipc.open_stream(open("input", "rb")))

    def plain(value):
        return None if isinstance(value, float) and not math.isfinite(value) else value

    left = int(sys.argv[2])
    with open("output", "wb") as output:
        for batch in batches(sys.argv[1]):
            for row in batch.to_pylist():
                cells = {name: plain(value) for name, value in row.items()}
                line = json.dumps(cells, ensure_ascii=False, default=str).encode() + b"\\n"
                left -= len(line)
                if left < 0:
                    sys.exit("the rows take more than " + sys.argv[2] + " bytes")
                output.write(line)
    """

  private static let statement =
    "COPY (SELECT * FROM read_parquet('input')) TO 'output' (FORMAT json)"

  private static func run(
    _ program: String, _ arguments: [String], in folder: URL
  ) throws -> (status: Int32, complaint: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    let last = String(decoding: said, as: UTF8.self).split(separator: "\n").last.map(String.init)
    return (process.terminationStatus, last ?? "it ends with code \(process.terminationStatus)")
  }
}

/// A folder that the `datasets` library of Hugging Face saved.
enum DatasetFolder {
  /// The file with its rows.
  ///
  /// - Parameter folder: Holds `dataset_info.json` and one `.arrow` file.
  /// - Returns: Where that one is.
  /// - Throws: ``TaskError`` for a folder of several splits or files, and for any other folder.
  static func file(in folder: URL) throws(TaskError) -> URL {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    if names.contains("dataset_dict.json") {
      let splits = names.filter { name in
        FileManager.default.fileExists(
          atPath: folder.appendingPathComponent(name).appendingPathComponent("state.json").path)
      }
      throw refusal(
        folder, "the folder is a data set of several splits",
        help: "name one of \(splits.map { "\(folder.path)/\($0)" }.joined(separator: ", "))")
    }
    let parts = names.filter { $0.hasSuffix(".arrow") }
    guard names.contains("dataset_info.json"), let first = parts.first else {
      throw refusal(
        folder, "this is a folder, and none that the library 'datasets' saved",
        help: "name a file, or a folder with dataset_info.json and an .arrow file")
    }
    guard parts.count == 1 else {
      throw refusal(
        folder, "the data set is in \(parts.count) files, and one is read",
        help: "make one of them: python3 -c \"import datasets, sys; "
          + "datasets.load_from_disk(sys.argv[1]).to_parquet('FILE.parquet')\" FOLDER")
    }
    return folder.appendingPathComponent(first)
  }

  private static func refusal(_ folder: URL, _ what: String, help: String) -> TaskError {
    TaskError(.malformedRow(what, help: help), file: folder.path)
  }
}
