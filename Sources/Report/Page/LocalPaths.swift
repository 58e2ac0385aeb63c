import Formats

/// Paths of the machine that a page is made on, and what is shown in their place.
///
/// A page can be published, and a path says who made it and how their disk is laid out. Paths reach a
/// page through parameters, the command that makes it again and the reasons of failed cells, so they are
/// taken out of the finished text: a path below the source's or the current folder is shown relative to
/// it, any other one by its last component.
package struct LocalPaths: Hashable, Sendable {
  /// How a text writes what it quotes.
  package enum Notation: Hashable, Sendable {
    case html, json, csv
  }

  /// Paths below these are shown relative to them, the longest first.
  private let roots: [String]
  /// Paths that are known whole, the longest first.
  private let known: [String]

  /// No paths, so that nothing is replaced.
  package init() { (roots, known) = ([], []) }

  /// - Parameters:
  ///   - folders: The source's and the current one.
  ///   - paths: Others that a page may quote, such as a model's; what is not absolute does not count.
  package init(folders: [String], paths: [String]) {
    func absolute(_ paths: [String]) -> [String] {
      let trimmed = (paths + paths.compactMap(RealPath.of)).map { path -> String in
        var end = path.utf8.endIndex
        while end > path.utf8.startIndex, path.utf8[path.utf8.index(before: end)] == 0x2F {
          end = path.utf8.index(before: end)
        }
        return String(path[..<end])
      }
      return Set(trimmed.filter { $0.starts(withBytes: "/") && $0.utf8.count > 1 })
        .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }
    roots = absolute(folders)
    known = absolute(paths + folders)
  }

  /// A text without the paths.
  package func removed(from text: String, _ notation: Notation) -> String {
    guard !known.isEmpty else { return text }
    let bytes = Array(text.utf8)
    let roots = roots.map { Array((Self.written($0, notation) + "/").utf8) }
    let known = known.map {
      (path: Array(Self.written($0, notation).utf8), name: Array(Self.last($0, notation).utf8))
    }
    // Most texts are large tables without any.
    guard known.contains(where: { bytes.firstOffset(of: $0.path) != nil }) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "/"),
        index == 0 || !Self.continuesPath(bytes[index - 1])
      else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let rest = bytes[index...]
      if let root = roots.first(where: { root in
        rest.starts(with: root) && rest.dropFirst(root.count).first.map(Self.isName) ?? false
      }) {
        index += root.count
      } else if let found = known.first(where: { path, _ in
        rest.starts(with: path)
          && rest.dropFirst(path.count).first.map { !Self.isName($0) } ?? true
      }) {
        result += found.name
        index += found.path.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func last(_ path: String, _ notation: Notation) -> String {
    written(path.split(atByte: "/").last.map(String.init) ?? path, notation)
  }

  private static func written(_ path: String, _ notation: Notation) -> String {
    switch notation {
    case .html: return HTML(escaping: path).text
    case .json:
      return String(JSONText.text(path).text.dropping(firstBytes: 1).dropping(lastBytes: 1))
    case .csv: return path.replacing("\"", with: "\"\"")
    }
  }

  /// Whether a slash after this byte is inside a path, an address or a closing tag.
  private static func continuesPath(_ byte: UInt8) -> Bool {
    isName(byte) || "</+%~".utf8.contains(byte)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }
}
