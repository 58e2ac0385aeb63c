import Foundation
import TestSupport
import Testing

@testable import Report

@Suite("Pictures")
struct PictureTests {
  private static let all: [(Picture.Format, [UInt8])] = [
    (.png, PictureSamples.png), (.jpeg, PictureSamples.jpeg), (.gif, PictureSamples.gif),
    (.webp, PictureSamples.webp), (.webp, PictureSamples.losslessWebP),
    (.avif, PictureSamples.avif),
  ]

  private static func problem(_ bytes: [UInt8]) -> PictureProblem? {
    do throws(PictureProblem) {
      _ = try Picture(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a picture is known by its bytes, with its size; what follows its end is left out",
    arguments: all)
  func formats(format: Picture.Format, bytes: [UInt8]) throws {
    let picture = try Picture(bytes)
    #expect(picture.format == format)
    #expect(picture.size.map { [$0.width, $0.height] } == [3, 2])
    #expect(picture.bytes.elementsEqual(bytes))
    #expect(picture.address.hasPrefix("data:\(format.rawValue);base64,"))
    // AVIF has no end of its own: its boxes fill the file.
    guard format != .avif else { return }
    let secret = Array("root:x:0:0".utf8)
    #expect(try Picture(bytes + secret).bytes.elementsEqual(bytes))
  }

  @Test("a picture that is cut off anywhere is rejected", arguments: all)
  func cut(format: Picture.Format, bytes: [UInt8]) {
    for count in 0..<bytes.count {
      // A box may be cut off where it says no length; the last box of AVIF holds the pixels.
      #expect(Self.problem(Array(bytes.prefix(count))) != nil, "\(format), \(count) bytes")
    }
  }

  @Test("no change of a byte is more than a refusal", arguments: all)
  func changed(format: Picture.Format, bytes: [UInt8]) {
    for index in bytes.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[index] = value
        _ = Self.problem(changed)
      }
    }
    if format == .png {
      var changed = bytes
      changed[20] ^= 1
      #expect(Self.problem(changed) == .damaged(.png, "a checksum is wrong"))
    }
  }

  @Test("a drawing is one whose root is svg, and defines no entities")
  func drawings() throws {
    let drawing = try Picture(PictureSamples.svg)
    #expect(drawing.format == .svg)
    #expect(drawing.size == nil)
    let text = String(decoding: PictureSamples.svg, as: UTF8.self)
    for (old, new) in [
      ("<svg", "<html"), ("<svg", "<svgx"), ("</svg>", "</g>"),
      ("\"x.dtd\"", "\"x.dtd\" [<!ENTITY a 'b'>]"),
      ("<?xml", "<?"), ("-->", ""),
    ] {
      let changed = text.replacing(old, with: new)
      #expect((Self.problem(Array(changed.utf8)) != nil) == (new != "<?"), "\(changed)")
    }
    #expect(Self.problem(PictureSamples.svg.dropLast(2) + [0xFF, 0x2F, 0x3E]) != nil)
  }

  @Test("what is no picture, holds none or unpacks to too much is rejected")
  func refused() {
    #expect(Self.problem([]) == .unrecognised)
    #expect(Self.problem(Array("root:x:0:0:root:/root:/bin/sh\n".utf8)) == .unrecognised)
    #expect(
      Self.problem(PictureSamples.bomb) == .tooManyPixels(width: 100_000, height: 100_000))
    #expect(Self.problem(PictureSamples.empty) == .damaged(.png, "it is 0 × 5 pixels"))
    let large = PictureSamples.png + Array(repeating: 0, count: Picture.byteLimit)
    #expect(Self.problem(large) == .tooManyBytes(large.count))
  }
}

@Suite("Pictures of a source")
struct SourcePicturesTests {
  private let files: TemporaryFolder
  private let far: TemporaryFolder

  init() throws {
    files = try TemporaryFolder()
    far = try TemporaryFolder()
    try files.write(Data(PictureSamples.png), to: "a.png")
    try files.write(Data(PictureSamples.png), to: "deep/b c.jpg")
    try files.write("no picture", to: "text.png")
    try far.write(Data(PictureSamples.png), to: "far.png")
    let manager = FileManager.default
    try manager.createSymbolicLink(
      at: files.file("link.png"), withDestinationURL: far.file("far.png"))
    try manager.createSymbolicLink(at: files.file("folder"), withDestinationURL: far.url)
    try manager.createSymbolicLink(
      at: files.file("near.png"), withDestinationURL: files.file("a.png"))
    try manager.createSymbolicLink(
      at: files.file("passwd.png"), withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
    try #require(mkfifo(files.file("pipe.png").path, 0o600) == 0)
  }

  private func problem(_ source: String, allowed: [URL] = []) -> PictureProblem? {
    let workspace = Workspace(
      source: files.file("study.md"), currentFolder: files.url, allowedFolders: allowed)
    do throws(PictureProblem) {
      _ = try SourcePictures(of: workspace).picture(source)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "pictures below the source's folder are shown, whatever their names say",
    arguments: ["a.png", "./a.png", "deep/b%20c.jpg", "deep/../a.png", "near.png", " a.png"])
  func inside(source: String) { #expect(problem(source) == nil) }

  @Test(
    "nothing else is, however it is named",
    arguments: [
      "link.png", "folder/far.png", "passwd.png", "/etc/passwd", "%2Fetc%2Fpasswd",
      "../../../../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%2F",
    ])
  func outside(source: String) {
    #expect(problem(source) == .outside(allowed: "the source's folder"))
  }

  @Test("a further folder can be allowed")
  func allowed() {
    for source in ["link.png", "folder/far.png", far.file("far.png").path] {
      #expect(problem(source, allowed: [far.url]) == nil)
    }
    #expect(problem("passwd.png", allowed: [far.url]) != nil)
    // A folder whose name only begins like an allowed one is another.
    #expect(
      problem("link.png", allowed: [URL(fileURLWithPath: String(far.url.path.dropLast()))]) != nil)
  }

  @Test("what is there and is no picture says why")
  func others() {
    #expect(problem("none.png") == .missing)
    #expect(problem("text.png") == .unrecognised)
    #expect(problem("deep") == .unreadable("it is not a file"))
    #expect(problem("pipe.png") == .unreadable("it is not a file"))
    #expect(problem("a.png%00.txt") == .missing)
    #expect(problem("https://a.b/c.png") == .onTheWeb)
  }

  @Test("pictures inside addresses are looked at too")
  func data() {
    let png = Data(PictureSamples.png).base64EncodedString()
    #expect(problem("data:image/gif;base64,\(png)") == nil)
    #expect(problem("data:,%3Csvg%3E%3C/svg%3E") == nil)
    for source in ["data:image/png;base64,eA==", "data:image/png", "data:text/html,<b>"] {
      #expect(problem(source) == .unrecognised)
    }
  }
}
