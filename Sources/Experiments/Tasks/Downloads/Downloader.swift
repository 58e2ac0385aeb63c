import Formats
import Foundation

/// Fetches files with `curl`, going on where an earlier try stopped.
///
/// Bytes arrive in `FILE.part`, beside what the server said in `FILE.part.headers`. Only a whole file
/// with the right checksum gets its name.
package struct Downloader {
  /// Bytes so far, and in total if the server reports it.
  package typealias Progress = (_ received: Int, _ total: Int?) -> Void

  /// How often a broken connection is taken up again before giving up.
  private let resumptions: Int
  private let progress: Progress
  private let curl = SystemProgram(name: "curl")

  package init(resumptions: Int = 4, progress: @escaping Progress = { _, _ in }) {
    self.resumptions = resumptions
    self.progress = progress
  }

  /// Fetches one file.
  ///
  /// - Parameters:
  ///   - address: Where it is, over HTTP or HTTPS.
  ///   - file: The file to write; its folder exists.
  ///   - sha256: Its expected digest, if known.
  /// - Returns: The SHA-256 of the file.
  /// - Throws: ``FetchError``; what has arrived stays for the next try, unless it is wrong.
  @discardableResult
  func fetch(
    _ address: String, to file: URL, sha256: String?
  ) throws(FetchError) -> String {
    let part = file.appendingPathExtension("part")
    try checkWritable(part, address)
    let wasBegun = Self.size(of: part) > 0
    try transfer(address, to: part)
    var found = try digest(of: part, address)
    if let sha256, found != sha256, wasBegun {
      // The file may have changed since the first part was fetched.
      Self.remove(part)
      try transfer(address, to: part)
      found = try digest(of: part, address)
    }
    if let sha256, found != sha256 {
      Self.remove(part)
      throw FetchError(.wrongChecksum(expected: sha256, found: found), address: address)
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

  private func digest(of part: URL, _ address: String) throws(FetchError) -> String {
    do {
      return try FileFingerprint(of: part, cache: nil).digest
    } catch {
      throw FetchError(.unwritable(path: part.path, detail: error.message), address: address)
    }
  }

  private static func headers(of part: URL) -> URL { part.appendingPathExtension("headers") }

  private static func size(of file: URL) -> Int { FileIdentity(of: file)?.size ?? 0 }

  private static func remove(_ part: URL) {
    for file in [part, headers(of: part)] { try? FileManager.default.removeItem(at: file) }
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
