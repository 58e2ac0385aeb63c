import Engine
import Formats
package import Foundation

/// The memory that the machine, or the control groups this process is in, leave free.
package struct MachineMemory: Sendable {
  private let root: URL

  /// - Parameter root: Of the file system whose `/proc` and `/sys` are read.
  package init(root: URL = URL(fileURLWithPath: "/")) {
    self.root = root
  }

  /// Bytes that can be taken without swapping and within every control group's limit; nil where the
  /// system does not tell.
  ///
  /// A group's inactive file pages do not count: the system frees them on demand.
  package var available: Int? {
    let machine = fields("proc/meminfo")["MemAvailable"].map { $0 * 1024 }
    let limits = groups.compactMap(\.free) + (machine.map { [$0] } ?? [])
    return limits.min().map { max(0, $0) }
  }

  /// The names under which the two versions of control groups keep a limit and what is used.
  private enum Version {
    case one
    case two

    var limit: String { self == .two ? "memory.max" : "memory.limit_in_bytes" }
    var usage: String { self == .two ? "memory.current" : "memory.usage_in_bytes" }
    /// Of `memory.stat`: file pages not used lately, in this group and those below.
    var inactive: String { self == .two ? "inactive_file" : "total_inactive_file" }
  }

  /// One control group.
  private struct Group {
    /// The limit without what is used; nil without a limit.
    let free: Int?
  }

  /// This process's groups for memory and all above them.
  private var groups: [Group] {
    lines("proc/self/cgroup").flatMap { line -> [Group] in
      let parts = line.split(atByte: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let controllers = parts[1].split(atByte: ",")
      let version: Version
      let mounts: [String]
      if parts[0] == "0", controllers.isEmpty {
        (version, mounts) = (.two, ["sys/fs/cgroup", "sys/fs/cgroup/unified"])
      } else if controllers.contains("memory") {
        (version, mounts) = (.one, ["sys/fs/cgroup/memory"])
      } else {
        return []
      }
      // In a container without a namespace of its own the path is the host's, and only the mount's
      // top is there.
      let names = parts[2].split(atByte: "/").filter { $0 != ".." }
      return mounts.flatMap { mount in
        (0...names.count).map { depth in
          let path = ([Substring(mount)] + names.prefix(depth)).joined(separator: "/")
          return group(at: path, version)
        }
      }
    }
  }

  private func group(at path: String, _ version: Version) -> Group {
    // "max", or a file that is not there, is no limit.
    guard let limit = lines("\(path)/\(version.limit)").first.flatMap({ Int($0) }) else {
      return Group(free: nil)
    }
    let usage = lines("\(path)/\(version.usage)").first.flatMap { Int($0) } ?? 0
    let inactive = fields("\(path)/memory.stat")[version.inactive] ?? 0
    return Group(free: limit - max(0, usage - inactive))
  }

  /// The numbers of a file of lines such as `MemAvailable:  1024 kB`.
  private func fields(_ path: String) -> [String: Int] {
    var fields: [String: Int] = [:]
    for line in lines(path) {
      let words = line.split { $0 == " " || $0 == ":" || $0 == "\t" }
      if words.count > 1, let value = Int(words[1]) { fields[String(words[0])] = value }
    }
    return fields
  }

  private func lines(_ path: String) -> [Substring] {
    let url = root.appendingPathComponent(path)
    return (try? String(contentsOf: url, encoding: .utf8))?.split(atByte: "\n") ?? []
  }
}

/// What a worker's process uses besides the engine's ledger, as measured with release builds.
enum ProcessMemory {
  /// The program, its libraries and their buffers, in a process that has run a cell.
  ///
  /// - Parameter threads: That compute.
  /// - Returns: Bytes.
  static func program(threads: Int) -> Int { (46 + threads) << 20 }

  /// Bytes of a task's texts and of a tokenizer.
  static func kept(_ task: LoadedTask, tokenizer: any Tokenizer) -> Int {
    let examples = [task.training] + task.evaluations.map(\.examples)
    let texts = examples.joined().reduce(0) {
      $0 + $1.size + perExample + perText * $1.fields.count
    }
    return texts + tokenizer.vocabularySize * perWord
  }

  /// The array of an example's texts.
  private static let perExample = 80
  /// A string beside its bytes.
  private static let perText = 64
  /// A word of a tokenizer with its places in tables, and the merge that makes it.
  private static let perWord = 240
}
