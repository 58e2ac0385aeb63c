import Formats
import Foundation

/// Where the relative links of a source lead: to a place of its page, to another report, to a file.
///
/// A page goes into a folder without its source, under any address. So a link to another source becomes
/// one to that source's page, a linked file goes along, and whatever could not be there is a mistake.
struct SourceLinks {
  /// What a relative link leads to.
  enum Target: Hashable {
    /// A place of the page itself.
    case anchor(String)
    /// The page of another source, which is called `name`, and a place of it.
    case page(name: String, anchor: String?)
    /// A file, by its path below the source's folder; the rest begins with `?` or `#`.
    case file(LinkedFile, rest: String)
    /// `NAME.json` or `NAME.csv` of the page itself.
    case results(String, rest: String)
  }

  /// Why a link leads nowhere.
  struct Problem: Error, Hashable {
    let message: String
    let help: String
  }

  private let name: String
  private let known: [String: Result<Target?, Problem>]

  /// Looks up every link of a report.
  ///
  /// - Parameters:
  ///   - report: In running text and in captions.
  ///   - workspace: Of its source.
  init(of report: ParsedReport, in workspace: Workspace) {
    name = ReportRenderer.name(ofSource: report.source.file)
    let file = report.source.file.split(atByte: "/").last.map(String.init) ?? name
    var looked: [String: Result<Target?, Problem>] = [:]
    var lookUp = LinkLookUp(
      folder: workspace.sourceFolder, file: file, name: name, anchors: Self.anchors(of: report))
    for (address, _) in report.links where looked[address] == nil {
      do throws(Problem) {
        looked[address] = .success(try lookUp.target(of: address))
      } catch {
        looked[address] = .failure(error)
      }
    }
    known = looked
  }

  /// What a link leads to; nil where that is no business of the page's, as on the web.
  func target(of address: String) throws(Problem) -> Target? { try known[address]?.get() }

  /// The address on the page of what a link leads to.
  func address(of written: String) -> String {
    switch try? target(of: written) {
    case nil: written
    case .anchor(let anchor): "#\(anchor)"
    case .page(let name, let anchor):
      Address.ofFile("\(name).html") + (anchor.map { "#\($0)" } ?? "")
    case .file(let file, let rest): Address.ofPath(file.path) + rest
    case .results(let file, let rest): Address.ofFile(file) + rest
    }
  }

  private var targets: [Target] { known.values.compactMap { try? $0.get() } }

  /// The files that links lead to, by their paths.
  var files: [LinkedFile] {
    Set(targets.compactMap { if case .file(let file, _) = $0 { file } else { nil } })
      .sorted { $0.path < $1.path }
  }

  /// The other reports that links lead to, by their names.
  var pages: [String] {
    Set(targets.compactMap { if case .page(let name, _) = $0 { name } else { nil } })
      .filter { $0 != name }.sorted()
  }

  /// The ids of a report's page that links can name.
  static func anchors(of report: ParsedReport) -> Set<String> {
    let table = ReferenceTable(report.document, styles: BlockRegistry.standard.references)
    return Set(table.entries.map(\.anchor))
  }
}

/// A file that a link of a source leads to.
struct LinkedFile: Hashable, Sendable {
  /// Relative to the source's folder, and to the page.
  let path: String
  let url: URL
}

/// Looks up the links of one source.
private struct LinkLookUp {
  typealias Problem = SourceLinks.Problem

  let folder: URL
  /// The name of the source's file.
  let file: String
  /// The name of the page, without extension.
  let name: String
  let anchors: Set<String>
  /// Of other sources, by their paths.
  private var anchorsElsewhere: [String: Set<String>] = [:]

  init(folder: URL, file: String, name: String, anchors: Set<String>) {
    (self.folder, self.file, self.name, self.anchors) = (folder, file, name, anchors)
  }

  mutating func target(of written: String) throws(Problem) -> SourceLinks.Target? {
    let address = Address(written)
    guard address.kind == .relative else { return nil }
    let text = address.text
    let end = text.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    let rest = end.map { String(text[$0...]) } ?? ""
    let fragment = rest.firstIndex(ofByte: "#").map { hash -> String in
      let written = String(rest[hash...].dropping(firstBytes: 1))
      return written.removingPercentEncoding ?? written
    }
    guard let path = String(text[..<(end ?? text.endIndex)]).removingPercentEncoding,
      path.utf8.allSatisfy({ $0 >= 0x20 })
    else {
      throw Problem(
        message: "the link '\(written)' is no path", help: "a percent sign is written %25")
    }
    if path.isEmpty {
      // '#' alone is the top of the page.
      guard let fragment, !fragment.isEmpty else { return nil }
      return .anchor(try anchor(fragment, among: anchors, of: "this page"))
    }
    guard !path.starts(withBytes: "/"), !path.starts(withBytes: "\\") else {
      throw Problem(
        message: "the link '\(written)' begins at the root, which is another place on every site",
        help: "write the path from the source's folder, or the whole address with https://")
    }
    let url = folder.appendingPathComponent(path).standardizedFileURL
    if url.path == folder.appendingPathComponent(file).standardizedFileURL.path {
      guard let fragment, !fragment.isEmpty else { return .page(name: name, anchor: nil) }
      return .page(name: name, anchor: try anchor(fragment, among: anchors, of: "this page"))
    }
    if let source = try? ReportSource(contentsOf: url), source.frontMatter != nil,
      path.lowercasedASCII.ends(withBytes: ".md")
    {
      return try page(source, at: url, fragment: fragment)
    }
    return try file(path, at: url, written: written, rest: rest)
  }

  private mutating func page(
    _ source: ReportSource, at url: URL, fragment: String?
  ) throws(Problem) -> SourceLinks.Target {
    let name = ReportRenderer.name(ofSource: url.path)
    guard let fragment, !fragment.isEmpty else { return .page(name: name, anchor: nil) }
    if anchorsElsewhere[url.path] == nil {
      // What is wrong with that source is reported where it is built.
      anchorsElsewhere[url.path] =
        ReportReader().read(source).report.map(SourceLinks.anchors) ?? []
    }
    let found = anchorsElsewhere[url.path] ?? []
    return .page(
      name: name,
      anchor: try anchor(fragment, among: found, of: "'\(url.lastPathComponent)'"))
  }

  /// The id that a fragment means: ids of headings begin with `sec-`, which links on GitHub lack.
  private func anchor(
    _ fragment: String, among anchors: Set<String>, of place: String
  ) throws(Problem) -> String {
    for candidate in [fragment, "sec-\(fragment)"] where anchors.contains(candidate) {
      return candidate
    }
    let guess =
      Suggestion.closest(to: fragment, in: anchors.sorted())
      ?? Suggestion.closest(to: "sec-\(fragment)", in: anchors.sorted())
    throw Problem(
      message: "nothing of \(place) is labelled '\(fragment)'",
      help: guess.map { "did you mean '#\($0)'?" }
        ?? "label a heading with {#sec-name}, or a block in its first line")
  }

  private func file(
    _ path: String, at url: URL, written: String, rest: String
  ) throws(Problem) -> SourceLinks.Target {
    let root = folder.path.ends(withBytes: "/") ? folder.path : folder.path + "/"
    let isBelow = url.path.starts(withBytes: root)
    let relative = isBelow ? String(url.path.dropping(firstBytes: root.utf8.count)) : path
    let made = ["html", "json", "csv"].map { "\(name).\($0)" }
    guard let real = RealPath.of(url.path) else {
      if isBelow, made.contains(relative) { return .results(relative, rest: rest) }
      throw Problem(
        message: "the link '\(written)' leads to no file", help: neighbour(of: url, path: path))
    }
    guard isBelow, RealPath.isInside(real, folder) else {
      throw Problem(
        message: "the link '\(written)' leads out of the source's folder, which a page cannot",
        help: "copy the file into the source's folder, or link to its address on the web")
    }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: real, isDirectory: &isFolder)
    guard !isFolder.boolValue else {
      throw Problem(
        message: "the link '\(written)' leads to a folder", help: "link to a file in it")
    }
    guard !relative.split(atByte: "/").contains(where: { $0.starts(withBytes: ".") }) else {
      throw Problem(
        message: "the link '\(written)' leads to a hidden file, which is never published",
        help: "give the file a name without a dot at its start")
    }
    guard !made.contains(relative), relative != "index.html",
      !relative.ends(withBytes: ReportRecord.suffix)
    else {
      throw Problem(
        message: "the linked file '\(relative)' has the name of a file that a build writes",
        help: "give the file another name")
    }
    return .file(LinkedFile(path: relative, url: URL(fileURLWithPath: real)), rest: rest)
  }

  /// Advice for a file that is not there.
  private func neighbour(of url: URL, path: String) -> String {
    let folder = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let visible = names.filter { !$0.starts(withBytes: ".") }.sorted()
    guard let guess = Suggestion.closest(to: url.lastPathComponent, in: visible) else {
      return "a path is relative to the source's folder"
    }
    return "did you mean '\(path.dropping(lastBytes: url.lastPathComponent.utf8.count))\(guess)'?"
  }
}

extension ParsedReport {
  /// Every link of the running text and of captions, with its place; that of a caption is where it
  /// begins.
  var links: [(destination: String, position: SourcePosition)] {
    document.links
      + templates.flatMap { template in
        Document.links(in: InlineMarkdown.inlines(template)).map {
          ($0.destination, template.position)
        }
      }
  }

  /// Links that lead nowhere, or to where a published page could not follow.
  func linkDiagnostics(in workspace: Workspace) -> [Diagnostic] {
    let links = SourceLinks(of: self, in: workspace)
    return self.links.compactMap { destination, position in
      do throws(SourceLinks.Problem) {
        _ = try links.target(of: destination)
        return nil
      } catch {
        return Diagnostic(.deadLink, at: position, error.message, help: error.help)
      }
    }
  }
}
