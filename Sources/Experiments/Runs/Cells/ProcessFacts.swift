import Formats
import Foundation

/// The process's memory as the operating system counts it.
enum ResidentMemory {
  /// The largest resident size since the last reset, in bytes; 0 if the system does not report it.
  static var peak: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return 0
    }
    for line in status.split(atByte: "\n") where line.starts(withBytes: "VmHWM:") {
      return (line.split(atByte: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
    return 0
  }

  /// Starts a new peak; a worker runs many cells.
  static func resetPeak() {
    guard let handle = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    defer { try? handle.close() }
    // Where the kernel refuses, the peak is the worker's so far: still an upper bound.
    try? handle.write(contentsOf: Data("5".utf8))
  }
}

/// The machine's processor.
package enum Processor {
  /// The model's name as the system gives it, for provenance.
  package static let name: String = {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for line in info.split(atByte: "\n") where line.starts(withBytes: "model name") {
      return line.split(atByte: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        ?? "unknown"
    }
    return "unknown"
  }()
}
