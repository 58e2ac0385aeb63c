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
