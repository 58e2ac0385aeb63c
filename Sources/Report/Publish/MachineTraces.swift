package import Formats
package import Foundation

/// What a published file must not say about the machine that made it, and whether one does.
///
/// Paths of this machine, the user's and the host's name and the values of environment variables. What
/// the source itself says is the author's to publish, except paths into the author's folders.
package struct MachineTraces: Sendable {
  /// A text that must not be in a file.
  private struct Trace: Hashable {
    let bytes: [UInt8]
    /// What messages call it, which does not repeat a secret.
    let what: String
    /// Whether it counts even where the source says it.
    let isAlways: Bool
    /// Whether letters around it make it another word.
    let isWord: Bool
  }

  private let traces: [Trace]
  /// Folders at the root of this machine that no other one need have.
  private let roots: Set<String>

  /// The machine as it is.
  package static func current(folders: [URL]) -> MachineTraces {
    let roots = (try? FileManager.default.contentsOfDirectory(atPath: "/")) ?? []
    return MachineTraces(
      environment: ProcessInfo.processInfo.environment, user: NSUserName(),
      host: hostName,
      folders: folders.map(\.path) + [FileManager.default.homeDirectoryForCurrentUser.path],
      roots: roots)
  }

  /// As the kernel has it; Foundation asks the network.
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// - Parameters:
  ///   - environment: By name.
  ///   - user: Of the account.
  ///   - host: With or without a domain.
  ///   - folders: Whose paths name the author.
  ///   - roots: Names at the root of the file system.
  package init(
    environment: [String: String], user: String, host: String, folders: [String], roots: [String]
  ) {
    var traces: [Trace] = []
    for folder in Set(folders + folders.compactMap(RealPath.of)).sorted()
    where folder.split(atByte: "/").count > 0 {
      traces.append(
        Trace(bytes: Array(folder.utf8), what: "the path \(folder)", isAlways: true, isWord: true))
    }
    if !Self.sharedUsers.contains(user), user.utf8.count >= 3 {
      traces.append(
        Trace(
          bytes: Array(user.utf8), what: "the user's name, \(user)", isAlways: false, isWord: true))
    }
    let short = host.split(atByte: ".").first.map(String.init) ?? ""
    for name in Set([host, short]).sorted()
    where name.utf8.count >= 3 && !name.starts(withBytes: "localhost") {
      traces.append(
        Trace(
          bytes: Array(name.utf8), what: "the machine's name, \(name)", isAlways: false,
          isWord: true))
    }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where Self.isTelling(value) {
      traces.append(
        Trace(
          bytes: Array(value.utf8), what: "the value of the environment variable \(name)",
          isAlways: false, isWord: value.utf8.count < 16))
    }
    self.traces = traces
    self.roots = Set(roots).subtracting(Self.standardRoots)
  }

  /// Names of accounts that are the same on many machines.
  private static let sharedUsers: Set<String> = [
    "", "root", "user", "admin", "nobody", "runner", "ubuntu", "debian", "docker", "jenkins",
    "vagrant", "ec2-user", "guest", "test", "build", "app", "node",
  ]

  /// Folders that every Unix has, whose paths say nothing of this machine.
  private static let standardRoots: Set<String> = [
    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "sys",
    "usr", "var",
  ]

  /// Whether a value is one that could only come from here: paths are looked for as paths, and short or
  /// numeric values are found in any text.
  private static func isTelling(_ value: String) -> Bool {
    let bytes = value.utf8
    guard bytes.count >= 8, !value.starts(withBytes: "/") else { return false }
    return bytes.count >= 16
      || !bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  }
}

extension MachineTraces {
  /// Where a file says something about the machine.
  ///
  /// - Parameters:
  ///   - file: Of any kind; pictures inside a page are decoded.
  ///   - source: The source's text.
  /// - Returns: What was found and where, as in `low.html:12:5`; each thing once.
  package func found(
    in file: PublishedFile, source: String
  ) -> [(what: String, place: SourcePosition)] {
    var bytes = Array(file.contents)
    let embedded = Self.takeEmbedded(from: &bytes)
    let known = Array((source + Self.ownWords).utf8)
    let lines = SourceLines(Array(file.contents), file: file.path)
    var found: [(String, SourcePosition)] = []
    for trace in traces where trace.isAlways || Self.offset(of: trace, in: known) == nil {
      for (data, start) in [(bytes, 0)] + embedded {
        guard let offset = Self.offset(of: trace, in: data) else { continue }
        found.append((trace.what, lines.position(at: start == 0 ? offset : start)))
        break
      }
    }
    guard found.isEmpty, let (path, offset) = rootedPath(in: bytes, except: source) else {
      return found
    }
    return [("the path \(path)", lines.position(at: offset))]
  }

  /// What every page of this program says.
  private static let ownWords = Page(title: "", body: "", generatorVersion: "").html.text

  /// Replaces base 64 by spaces, in which any short word could be found.
  ///
  /// - Returns: What it holds, and where it began.
  private static func takeEmbedded(from bytes: inout [UInt8]) -> [(data: [UInt8], start: Int)] {
    let mark = Array(";base64,".utf8)
    var found: [(data: [UInt8], start: Int)] = []
    var index = 0
    while let start = bytes.firstOffset(of: mark, from: index) {
      let first = start + mark.count
      var end = first
      while end < bytes.count, isBase64(bytes[end]) { end += 1 }
      if let data = Data(base64Encoded: Data(bytes[first..<end])) {
        found.append((Array(data), max(1, start)))
      }
      for position in first..<end { bytes[position] = UInt8(ascii: " ") }
      index = end
    }
    return found
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    Name.isLetter(byte) || Name.isDigit(byte) || "+/=".utf8.contains(byte)
  }

  private static func offset(of trace: Trace, in bytes: [UInt8]) -> Int? {
    var index = 0
    while let start = bytes.firstOffset(of: trace.bytes, from: index) {
      guard trace.isWord else { return start }
      let end = start + trace.bytes.count
      let isWhole =
        (start == 0 || !isWord(bytes[start - 1])) && (end == bytes.count || !isWord(bytes[end]))
      if isWhole { return start }
      index = start + 1
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool { Name.isInside(byte) || byte >= 0x80 }

  /// A path of this machine, whoever's it is: `/data/cola/train.tsv` where there is a folder `/data`.
  private func rootedPath(in bytes: [UInt8], except source: String) -> (path: String, offset: Int)?
  {
    guard !roots.isEmpty else { return nil }
    let slash = UInt8(ascii: "/")
    for start in bytes.indices where bytes[start] == slash {
      if start > 0, Self.isWord(bytes[start - 1]) || "<./~+%*>)".utf8.contains(bytes[start - 1]) {
        continue
      }
      let path = bytes[start...].prefix {
        Name.isInside($0) || $0 == slash || $0 == UInt8(ascii: ".") || $0 >= 0x80
      }
      let parts = path.split(separator: slash)
      guard parts.count > 1, roots.contains(String(decoding: parts[0], as: UTF8.self)) else {
        continue
      }
      let text = String(decoding: path, as: UTF8.self)
      if !source.contains(bytes: text) { return (text, start) }
    }
    return nil
  }
}
