import Formats

/// Where an address of a source leads, decided as a browser decides it.
///
/// Follows the URL standard (WHATWG, "basic URL parser") as far as schemes and hosts go: white space
/// and controls at the ends do not count, tabs and line ends count nowhere, schemes are ASCII in any
/// case, and `\` is `/`. What is allowed is a list: `http`, `https`, `mailto`, paths relative to the
/// page and fragments. All else leads elsewhere or runs code and is rejected.
package struct Address: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A path on the page's own host, or a fragment.
    case relative
    /// `http` or `https`.
    case web
    case mail
    /// A `data:` address, which only pictures may have.
    case data
    /// `//host`, `\\host` and the like: another host by whatever scheme the page has.
    case otherHost
    /// A scheme that is not on the list, or something before a colon that is no scheme.
    case scheme(String)
  }

  package let kind: Kind
  /// The address without what a browser drops, which is what is written into a page.
  package let text: String

  package init(_ written: String) {
    let bytes = Self.kept(of: written)
    text = String(decoding: bytes, as: UTF8.self)
    kind = Self.kind(of: bytes)
  }

  /// Whether a reader may be sent there.
  var isLink: Bool { [.relative, .web, .mail].contains(kind) }

  /// Whether a picture may be named so; pages load none from the web, which is said elsewhere.
  var isPicture: Bool {
    switch kind {
    case .relative, .web: true
    case .data:
      // A whole data address may hold megabytes; only its start matters.
      String(decoding: text.utf8.prefix(Self.pictureStart.utf8.count), as: UTF8.self)
        .lowercasedASCII.equals(bytes: Self.pictureStart)
    case .mail, .otherHost, .scheme: false
    }
  }

  private static let pictureStart = "data:image/"

  /// Why the address is left out, in words that follow "an address".
  var refusal: String {
    switch kind {
    case .otherHost: "of another host without a scheme"
    case .scheme(let scheme): "of scheme '\(scheme)'"
    case .relative, .web, .mail: "that is not a picture"
    case .data: "of scheme 'data'"
    }
  }
}

extension Address {
  private static func kept(of written: String) -> ArraySlice<UInt8> {
    let bytes = written.utf8.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.endIndex
    let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? start
    return bytes[start..<end]
  }

  private static func kind(of bytes: ArraySlice<UInt8>) -> Kind {
    let slashes = Array("/\\".utf8)
    if bytes.count >= 2, bytes.prefix(2).allSatisfy(slashes.contains) { return .otherHost }
    // A colon after the first of these belongs to a path, a query or a fragment.
    let first = bytes.prefix { !"/\\?#".utf8.contains($0) }
    guard let colon = endOfScheme(first) else { return .relative }
    let scheme = String(decoding: first[..<colon], as: UTF8.self).lowercasedASCII
    switch scheme {
    case "http", "https": return .web
    case "mailto": return .mail
    case "data": return .data
    default: return .scheme(scheme)
    }
  }

  /// Where the first colon is, as it is or percent-encoded.
  ///
  /// The standard takes `javascript%3A…` and `%6Aavascript:…` for paths; programs that decode them
  /// first do not, and a path that holds a colon can begin with `./`.
  private static func endOfScheme(_ bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.first { index in
      bytes[index] == UInt8(ascii: ":")
        || bytes[index...].starts(with: "%3A".utf8) || bytes[index...].starts(with: "%3a".utf8)
    }
  }
}

extension Address {
  /// The address of a file beside the page.
  static func ofFile(_ name: String) -> String { relative(name, encoding: "%:/?#\\\"<>` ") }

  /// The address of a file below the page's folder.
  static func ofPath(_ path: String) -> String { relative(path, encoding: "%:?#\\\"<>` ") }

  private static func relative(_ name: String, encoding special: String) -> String {
    let special = Set(special.utf8)
    let path = name.utf8.map { byte -> String in
      guard byte < 0x21 || byte > 0x7E || special.contains(byte) else {
        return String(decoding: [byte], as: UTF8.self)
      }
      let digits = String(byte, radix: 16, uppercase: true)
      return (byte < 16 ? "%0" : "%") + digits
    }.joined()
    return Address(path).kind == .relative ? path : "./" + path
  }
}
