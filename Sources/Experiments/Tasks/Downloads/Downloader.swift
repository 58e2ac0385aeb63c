import Crypto
import Formats
package import Foundation

/// Fetches files with `curl`, going on where an earlier try stopped.
///
/// Bytes arrive in `FILE.part`, beside what the server said in `FILE.part.headers`. Only a whole file
/// with the right checksum gets its name.
package struct Downloader {
  /// Bytes so far, and in total if the server reports it.
  package typealias Progress = (_ received: Int, _ total: Int?) -> Void

  /// How often a broken connection is taken up again before giving up.
  private let resumptions: Int
  /// Headers that go with every request to the first server, in the format of `curl`.
  private let headerFile: URL?
  private let progress: Progress
  private let curl = SystemProgram(name: "curl")

  package init(
    resumptions: Int = 4, headers: URL? = nil, progress: @escaping Progress = { _, _ in }
  ) {
    self.resumptions = resumptions
    headerFile = headers
    self.progress = progress
  }

  /// Fetches one file.
  ///
  /// - Parameters:
  ///   - address: Where it is, over HTTP or HTTPS.
  ///   - file: The file to write; its folder exists.
  ///   - expected: Its digest, if known.
  /// - Returns: The digest of the file, SHA-256 unless another kind is expected.
  /// - Throws: ``FetchError``; what has arrived stays for the next try, unless it is wrong.
  @discardableResult
  func fetch(
    _ address: String, to file: URL, expected: ExpectedDigest?
  ) throws(FetchError) -> String {
    let part = file.appendingPathExtension("part")
    try checkWritable(part, address)
    let wasBegun = Self.size(of: part) > 0
    try transfer(address, to: part)
    var found = try digest(of: part, as: expected, address)
    if let expected, found != expected.digest, wasBegun {
      // The file may have changed since the first part was fetched.
      Self.remove(part)
      try transfer(address, to: part)
      found = try digest(of: part, as: expected, address)
    }
    if let expected, found != expected.digest {
      Self.remove(part)
      throw FetchError(
        .wrongChecksum(expected.kind, expected: expected.digest, found: found), address: address)
    }
    guard rename(part.path, file.path) == 0 else {
      throw FetchError(
        .unwritable(path: file.path, detail: String(cString: strerror(errno))), address: address)
    }
    Self.remove(part)
    return found
  }

  /// Opens the part, since `curl` does not say well that it cannot.
  private func checkWritable(_ part: URL, _ address: String) throws(FetchError) {
    guard let file = fopen(part.path, "a") else {
      throw FetchError(
        .unwritable(path: part.path, detail: String(cString: strerror(errno))), address: address)
    }
    fclose(file)
  }

  /// Gets all bytes into `part`, whatever is there already.
  private func transfer(_ address: String, to part: URL) throws(FetchError) {
    var resumed = 0
    var hasStartedOver = false
    while true {
      let before = Self.size(of: part)
      let (outcome, headers) = try attempt(address, to: part, from: before)
      let received = Self.size(of: part)
      switch (outcome.status, headers.status) {
      case (0, _): return
      case (33, _), (_, 412), (_, 416):  // the server cannot resume from there
        guard before > 0, !hasStartedOver else {
          throw FetchError(.refused(status: headers.status ?? 0), address: address)
        }
        hasStartedOver = true
        Self.remove(part)
      case (22, let status): throw FetchError(.refused(status: status ?? 0), address: address)
      case (28, _) where received == 0:
        throw FetchError(.unreachable(detail: outcome.complaint), address: address)
      case (18, _), (28, _), (52, _), (55, _), (56, _), (92, _):
        guard received > before, resumed < resumptions else {
          throw FetchError(.cutOff(received: received, total: headers.total), address: address)
        }
        resumed += 1
      case (23, _):
        throw FetchError(
          .unwritable(path: part.path, detail: outcome.complaint), address: address)
      default: throw FetchError(.unreachable(detail: outcome.complaint), address: address)
      }
    }
  }

  private func attempt(
    _ address: String, to part: URL, from start: Int
  ) throws(FetchError) -> (SystemProgram.Outcome, ResponseHeaders) {
    let file = Self.headers(of: part)
    var arguments = [
      "--silent", "--show-error", "--no-buffer", "--fail", "--location", "--proto", "=http,https",
      "--connect-timeout", "20", "--speed-limit", "1", "--speed-time", "60",
      "--output", part.path, "--dump-header", file.path,
    ]
    if let headerFile { arguments += ["--header", "@\(headerFile.path)"] }
    if start > 0 {
      arguments += ["--continue-at", "\(start)"]
      if let validator = ResponseHeaders(contentsOf: file).validator {
        arguments += ["--header", "If-Range: \(validator)"]
      }
    }
    let outcome = try curl.run(arguments + [address], for: address) {
      progress(Self.size(of: part), ResponseHeaders(contentsOf: file).total)
    }
    let headers = ResponseHeaders(contentsOf: file)
    progress(Self.size(of: part), headers.total)
    return (outcome, headers)
  }

  /// What a server says of a file, without its contents.
  ///
  /// A redirection within the server is followed, one to another is not: the first server knows the
  /// file's digest.
  ///
  /// - Throws: ``FetchError`` where it cannot be reached or refuses.
  func headers(of address: String) throws(FetchError) -> ResponseHeaders {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-\(UUID().uuidString).headers")
    defer { try? FileManager.default.removeItem(at: file) }
    var current = address
    for _ in 0..<5 {
      var arguments = [
        "--silent", "--show-error", "--head", "--proto", "=http,https", "--connect-timeout", "20",
        "--max-time", "60", "--output", "/dev/null", "--dump-header", file.path,
      ]
      if let headerFile { arguments += ["--header", "@\(headerFile.path)"] }
      let outcome = try curl.run(arguments + [current], for: address)
      guard outcome.status == 0 else {
        throw FetchError(.unreachable(detail: outcome.complaint), address: address)
      }
      let headers = ResponseHeaders(contentsOf: file)
      guard let status = headers.status, status < 400 else {
        throw FetchError(.refused(status: headers.status ?? 0), address: address)
      }
      guard (300..<400).contains(status), let location = headers["location"],
        location.hasPrefix("/"), !location.hasPrefix("//"),
        let next = URL(string: location, relativeTo: URL(string: current))
      else { return headers }
      current = next.absoluteString
    }
    throw FetchError(.unreachable(detail: "too many redirections"), address: address)
  }

  private func digest(
    of part: URL, as expected: ExpectedDigest?, _ address: String
  ) throws(FetchError) -> String {
    do {
      if case .gitBlob = expected { return try ExpectedDigest.gitBlob(of: part) }
      return try FileFingerprint(of: part, cache: nil).digest
    } catch let error as TaskError {
      throw FetchError(.unwritable(path: part.path, detail: error.message), address: address)
    } catch {
      throw FetchError(
        .unwritable(path: part.path, detail: error.localizedDescription), address: address)
    }
  }

  private static func headers(of part: URL) -> URL { part.appendingPathExtension("headers") }

  private static func size(of file: URL) -> Int { FileIdentity(of: file)?.size ?? 0 }

  private static func remove(_ part: URL) {
    for file in [part, headers(of: part)] { try? FileManager.default.removeItem(at: file) }
  }
}

/// The digest that a file must have.
enum ExpectedDigest: Hashable, Sendable {
  case sha256(String)
  /// Of a file in git: SHA-1 over `blob`, the size and the contents.
  case gitBlob(String)

  /// The digest that so many hexadecimal digits are; nil for anything else.
  init?(_ digits: String) {
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    switch digits.utf8.count {
    case 64: self = .sha256(digits)
    case 40: self = .gitBlob(digits)
    default: return nil
    }
  }

  var digest: String {
    switch self {
    case .sha256(let digest), .gitBlob(let digest): digest
    }
  }

  var kind: FetchError.DigestKind {
    switch self {
    case .sha256: .sha256
    case .gitBlob: .gitBlob
    }
  }

  /// A file's digest as git computes it.
  static func gitBlob(of file: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: 0)
    var hash = Insecure.SHA1()
    hash.update(data: Data("blob \(size)\u{0}".utf8))
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hash.update(data: piece)
    }
    return hash.finalize().hexadecimal
  }
}

/// A server's headers for the file it sends, as `curl` writes them.
struct ResponseHeaders {
  private(set) var status: Int?
  private var fields: [String: String] = [:]

  /// Reads the last answer of a file of headers; redirections come before it.
  init(contentsOf url: URL) {
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    for line in text.split(atByte: "\n") {
      let line = line.ends(withBytes: "\r") ? line.dropping(lastBytes: 1) : line
      if line.starts(withBytes: "HTTP/") {
        status = line.split(atByte: " ").dropFirst().first.flatMap { Int($0) }
        fields = [:]
      } else if let colon = line.firstIndex(ofByte: ":") {
        fields[line[..<colon].lowercasedASCII] =
          String(line[colon...].dropping(firstBytes: 1).trimmingBlanks)
      }
    }
  }

  /// A field, by its name in small letters.
  subscript(name: String) -> String? { fields[name] }

  /// Bytes of the whole file, if the server reports it.
  var total: Int? {
    if let range = fields["content-range"] {
      return range.split(atByte: "/").last.flatMap { Int($0) }
    }
    return status == 200 ? fields["content-length"].flatMap { Int($0) } : nil
  }

  /// How a later request recognises an unchanged file; a weak tag does not suffice (RFC 9110, §13.1.5).
  var validator: String? {
    if let tag = fields["etag"], !tag.starts(withBytes: "W/") { return tag }
    return fields["last-modified"]
  }
}
