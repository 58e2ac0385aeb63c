import Foundation

/// What a page prints, read back from its HTML.
struct PrintedPage {
  /// A cell of a table: its first line and the small ones below it.
  struct Cell: Hashable {
    let text: String
    let lines: [String]
    /// Whether it is set off as the better.
    let isMarked: Bool
  }

  /// A table with its columns by what their headers say.
  struct Table {
    let columns: [String]
    let rows: [[Cell]]
  }

  private let html: String

  init(_ html: String) { self.html = html }

  /// The HTML of a block, from its label to its end.
  func block(_ label: String) -> String? {
    guard let start = html.range(of: "id=\"\(label)\""),
      let open = html.range(of: "<", options: .backwards, range: html.startIndex..<start.lowerBound)
    else { return nil }
    let end = html.range(
      of: html[open.upperBound...].hasPrefix("section") ? "</section>" : "</figure>",
      range: start.upperBound..<html.endIndex)
    return end.map { String(html[open.lowerBound..<$0.upperBound]) }
  }

  /// Lines above the text.
  var notices: [String] {
    Self.parts(of: html, from: "class=\"notice", to: "</p>").map(Self.text)
  }

  /// The tables of some HTML.
  static func tables(_ html: String) -> [Table] {
    parts(of: html, from: "<table", to: "</table>").map { table in
      let rows = parts(of: table, from: "<tr", to: "</tr>").map(cells)
      return Table(columns: rows.first?.map(\.text) ?? [], rows: Array(rows.dropFirst()))
    }
  }

  private static func cells(_ row: String) -> [Cell] {
    row.replacingOccurrences(of: "</th>", with: "</td>")
      .replacingOccurrences(of: "<th ", with: "<td ").components(separatedBy: "</td>").dropLast()
      .compactMap { cell in
        guard let start = cell.range(of: "<td") else { return nil }
        let lines = cell[start.lowerBound...].components(separatedBy: "<small")
        let tag = lines[0].prefix { $0 != ">" }
        return Cell(
          text: text(lines[0]), lines: lines.dropFirst().map { text("<small" + $0) },
          isMarked: tag.contains(" best"))
      }
  }

  /// The inside of everything between two words, which come in turn.
  static func parts(of html: String, from start: String, to end: String) -> [String] {
    html.components(separatedBy: start).dropFirst().compactMap { part in
      part.range(of: end).map { start + part[..<$0.lowerBound] }
    }
  }

  /// What is read on the page: no tags, and no text for screen readers only.
  static func text(_ html: String) -> String {
    var text = ""
    var isTag = false
    // A part that begins inside of a tag begins with what is left of it.
    let body = html.hasPrefix("<") ? html : "<" + html
    for character in body.replacing(/<span class="unseen">.*?<\/span>/, with: "") {
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" { isTag = false }
    }
    return text.replacingOccurrences(of: "&amp;", with: "&")
      .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A printed number with the half of its last digit; nil for a dash and other words.
  static func number(_ text: String) -> (value: Double, half: Double)? {
    let digits = text.replacingOccurrences(of: "−", with: "-")
      .prefix { "+-.0123456789".contains($0) }
    guard let value = Double(digits) else { return nil }
    let places = digits.split(separator: ".").dropFirst().first?.count ?? 0
    return (value, 0.5 * pow(10, -Double(places)) * (1 + 1e-9))
  }

  /// Both ends of a printed interval.
  static func interval(_ text: String) -> [(value: Double, half: Double)]? {
    let ends = text.components(separatedBy: text.contains(" to ") ? " to " : "–")
    let numbers = ends.compactMap(number)
    return ends.count == 2 && numbers.count == 2 ? numbers : nil
  }
}
