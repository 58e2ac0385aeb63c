import Formats
import Foundation

/// What a server said about the file it sends, as `curl` writes it down.
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

  /// Bytes of the whole file, where the server tells.
  var total: Int? {
    if let range = fields["content-range"] {
      return range.split(atByte: "/").last.flatMap { Int($0) }
    }
    return status == 200 ? fields["content-length"].flatMap { Int($0) } : nil
  }

  /// What tells a later request whether the file is still the same; a weak tag does not (RFC 9110, §13.1.5).
  var validator: String? {
    if let tag = fields["etag"], !tag.starts(withBytes: "W/") { return tag }
    return fields["last-modified"]
  }
}
