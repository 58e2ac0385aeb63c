import Formats
package import Foundation

/// Prints pages to PDF with a Chromium that is installed.
package struct PaperPrinter: Sendable {
  private let browser: URL

  /// The names by which Chromium and what is built on it are installed, the plainest first.
  static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
    "chrome-headless-shell",
  ]

  init(browser: URL) { self.browser = browser }

  /// The browser of this machine.
  ///
  /// - Parameter path: Folders to look in, separated by colons; `PATH` unless given.
  /// - Throws: ``PublicationRefused`` where none is installed.
  package init(path: String? = nil) throws(PublicationRefused) {
    let folders = (path ?? ProcessInfo.processInfo.environment["PATH"] ?? "").split(atByte: ":")
    let places = Self.names.flatMap { name in
      folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
    }
    guard let found = places.first(where: { Self.isProgram($0.path) }) else {
      throw PublicationRefused(
        at: "--pdf", "no Chromium is installed, which prints the page",
        help: "install chromium, or leave out --pdf and print from a browser")
    }
    browser = found
  }

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }

  /// A page as a tagged PDF whose headings are its outline.
  ///
  /// Equal pages give equal bytes from one version of the browser: the time of printing is replaced.
  ///
  /// - Parameter html: A page that loads nothing.
  /// - Returns: The PDF.
  /// - Throws: ``PublicationRefused`` where the browser fails.
  package func pdf(of html: String) throws(PublicationRefused) -> Data {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-print-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (page, paper) = (
      folder.appendingPathComponent("page.html"), folder.appendingPathComponent("page.pdf")
    )
    let process = Process()
    process.executableURL = browser
    process.arguments = [
      "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
      "--disable-background-networking", "--user-data-dir=\(folder.path)/profile",
      "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
      "--print-to-pdf=\(paper.path)",
    ]
    // Chromium's sandbox cannot be used by root, as in many containers; the page runs no script.
    if getuid() == 0 { process.arguments?.append("--no-sandbox") }
    process.arguments?.append(page.absoluteString)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(Self.withoutRelativeLinks(html).utf8).write(to: page)
      try process.run()
    } catch {
      throw failure("\(error.localizedDescription)")
    }
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning {
      process.terminate()
      throw failure("it did not finish within \(Int(Self.patience)) seconds")
    }
    guard let data = try? Data(contentsOf: paper), data.starts(with: Data("%PDF".utf8)) else {
      throw failure("it ended with status \(process.terminationStatus) and without a PDF")
    }
    return Self.withoutNodeNumbers(Self.withoutTime(data))
  }

  /// Seconds that a page may take to print.
  private static let patience: TimeInterval = 180

  /// A page whose links to its neighbours are plain text: a PDF would keep them as paths of this machine.
  static func withoutRelativeLinks(_ html: String) -> String {
    let page = Data(html.utf8)
    var kept = Data()
    var place = page.startIndex
    while let tag = page.range(of: Data("<a ".utf8), in: place..<page.endIndex) {
      let close = page[tag.upperBound...].firstIndex(of: UInt8(ascii: ">")) ?? page.endIndex
      kept += page[place..<tag.lowerBound]
      place = close
      guard let name = page.range(of: Data(" href=\"".utf8), in: tag.lowerBound..<close),
        let end = page[name.upperBound..<close].firstIndex(of: UInt8(ascii: "\""))
      else {
        kept += page[tag.lowerBound..<close]
        continue
      }
      let address = String(decoding: page[name.upperBound..<end], as: UTF8.self)
      let stays = address.starts(withBytes: "#") || Address(address).kind != .relative
      kept += page[tag.lowerBound..<(stays ? close : name.lowerBound)]
      if !stays { kept += page[(end + 1)..<close] }
    }
    kept += page[place...]
    return String(decoding: kept, as: UTF8.self)
  }

  /// The dates of a PDF, which are of one length, as the start of 1970.
  static func withoutTime(_ data: Data) -> Data {
    var data = data
    for key in ["/CreationDate (D:", "/ModDate (D:"] {
      var start = data.startIndex
      while let found = data.range(of: Data(key.utf8), in: start..<data.endIndex) {
        let digits = found.upperBound..<min(found.upperBound + 14, data.endIndex)
        let isDate = data[digits].allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        if isDate, digits.count == 14 {
          data.replaceSubrange(digits, with: Data("19700101000000".utf8))
        }
        start = found.upperBound
      }
    }
    return data
  }

  /// A PDF whose structure numbers its parts from 1.
  ///
  /// Chromium names them after nodes of the page, which it counts together with what else it makes at
  /// the time. The order stays, in which readers look names up, and so does the length.
  static func withoutNodeNumbers(_ data: Data) -> Data {
    let mark = Data("(node".utf8)
    let digits = 8
    var places: [Range<Data.Index>] = []
    var start = data.startIndex
    while let found = data.range(of: mark, in: start..<data.endIndex) {
      start = found.upperBound
      let place = start..<min(start + digits, data.endIndex)
      guard place.count == digits, data[place].allSatisfy({ 0x30...0x39 ~= $0 }) else { continue }
      places.append(place)
    }
    let names = Set(places.map { data[$0] }).sorted { $0.lexicographicallyPrecedes($1) }
    let ranks = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, $0 + 1) })
    var numbered = data
    for place in places {
      let rank = String(ranks[data[place]] ?? 0)
      let text = String(repeating: "0", count: digits - rank.count) + rank
      numbered.replaceSubrange(place, with: Data(text.utf8))
    }
    return numbered
  }

  private func failure(_ why: String) -> PublicationRefused {
    PublicationRefused(
      at: "--pdf", "\(browser.lastPathComponent) could not print the page: \(why)",
      help: "leave out --pdf and print from a browser")
  }
}
