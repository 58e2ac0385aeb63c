import Formats

/// A piece of HTML in which everything that came from outside is escaped.
///
/// Interpolating a `String` escapes it, interpolating `HTML` does not, nothing else can be
/// interpolated; so text reaches a page unescaped only through ``init(trusted:)``.
///
/// A `String` counts as others' text, of which nothing stays invisible (see `VisibleText`). What the
/// author wrote is interpolated as `prose:`, and an id or a link as `address:`.
///
/// ```swift
/// let cell: HTML = "<td title=\"\(reason)\">\(content)</td>"
/// ```
package struct HTML: Hashable, Sendable {
  package private(set) var text: String

  /// Takes text that is HTML already.
  package init(trusted text: String) {
    self.text = text
  }

  /// Takes text that is none, and escapes it.
  package init(escaping text: String) {
    self.text = Self.escape(VisibleText.lines(text))
  }

  package var isEmpty: Bool { text.isEmpty }

  /// What a reader sees, without tags.
  package var plainText: String {
    var bytes: [UInt8] = []
    var isInTag = false
    for byte in text.utf8 {
      // Text and attributes hold neither sign unescaped.
      switch byte {
      case UInt8(ascii: "<"): isInTag = true
      case UInt8(ascii: ">"): isInTag = false
      default: if !isInTag { bytes.append(byte) }
      }
    }
    var text = String(decoding: bytes, as: UTF8.self)
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] { text = text.replacing(entity, with: character) }
    return text
  }

  package static func + (a: HTML, b: HTML) -> HTML { HTML(trusted: a.text + b.text) }

  package static func += (a: inout HTML, b: HTML) { a.text += b.text }

  /// Replaces the five characters that mean something in HTML text or attributes.
  fileprivate static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension HTML: ExpressibleByStringInterpolation {
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ value: String) {
      text += HTML.escape(VisibleText.lines(value))
    }
    /// Text of the author's, whose letters may need invisible joiners.
    package mutating func appendInterpolation(prose value: String) {
      text += HTML.escape(VisibleText.prose(value))
    }
    /// An id, or a link to one or to a file: escaped and otherwise as it is.
    package mutating func appendInterpolation(address value: String) { text += HTML.escape(value) }
    package mutating func appendInterpolation(_ value: Int) { text += String(value) }
    package mutating func appendInterpolation(_ value: HTML) { text += value.text }
    /// Appends nothing for nil.
    package mutating func appendInterpolation(_ value: HTML?) { text += value?.text ?? "" }
  }

  package init(stringLiteral value: String) { self.init(trusted: value) }

  package init(stringInterpolation: StringInterpolation) {
    self.init(trusted: stringInterpolation.text)
  }
}

extension Sequence where Element == HTML {
  /// One piece after the other.
  package func joined(separator: HTML = "") -> HTML {
    HTML(trusted: map(\.text).joined(separator: separator.text))
  }
}

/// Small drawings that say without colour what a badge or alert means.
///
/// Each is drawn in a 16 × 16 box with the text's own colour and hidden from screen readers, which
/// read the words beside it.
enum Icon: String, CaseIterable {
  case check = "M3 8.5l3.2 3.2L13 4.8"
  case cross = "M4 4l8 8M12 4l-8 8"
  case question = "M5.6 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.7M8 12.6v.1"
  case dash = "M3.5 8h9"
  case information = "M8 7.3v4M8 4.6v.1M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z"
  case bulb = "M6 12h4M6.5 14.3h3M5.8 9.7a4.3 4.3 0 1 1 4.4 0V12H5.8z"
  case bubble = "M2 2.5h12v8.5H8L5 14v-3H2zM8 4.5v2.8M8 9v.1"
  case triangle = "M8 2L14.5 13.5H1.5zM8 6.5v3.2M8 11.7v.1"
  case octagon = "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3L1.5 10.7V5.3zM8 4.7v4M8 11v.1"

  init(_ alert: DocumentAlert) {
    switch alert {
    case .note: self = .information
    case .tip: self = .bulb
    case .important: self = .bubble
    case .warning: self = .triangle
    case .caution: self = .octagon
    }
  }

  var html: HTML {
    "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"\(rawValue)\"/></svg>"
  }
}
