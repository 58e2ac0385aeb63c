import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite("Files of others") struct ForeignFileTests {
    @Test("names out of files drive no terminal")
    func names() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        """
        title: "x\\e[2Jy\\u202E"
        labels: [a, b]
        fields: [text]
        files: {train: a.csv, "o\\eod": a.csv}
        """, to: "evil.yml")
      let list = try CommandProcess(["data", "ls", "evil.yml"], in: folder.url).finish()
      #expect(list.output.hasPrefix("evil: x<U+001B>[2Jy<U+202E>\n"), "\(list.output)")
      #expect(!(list.output + list.errors).unicodeScalars.contains("\u{1B}"))
      let none = try CommandProcess(["check", "\u{1B}[31m.md"], in: folder.url).finish()
      #expect(none.errors.hasPrefix("<U+001B>[31m.md:1:1: error[FT001]"), "\(none.errors)")
    }

    @Test("a picture from another folder is embedded only if that folder is allowed")
    func pictures() throws {
      let folder = try TemporaryFolder()
      let png = """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACXBIWXMAAA7EAAAOxAGVKw4bAAAAEUlEQVQImWNg\
        QAb/GRgYGBgABg4BAIm3OrYAAAAASUVORK5CYII=
        """
      try folder.write(try #require(Data(base64Encoded: png)), to: "far/a.png")
      try folder.write(
        "---\ntitle: T\n---\n# Seen\n\nSee ![far](../far/a.png).\n", to: "near/study.md")
      func run(_ words: String...) throws -> CommandResult {
        try CommandProcess(words, in: folder.url).finish()
      }
      let check = try run("check", "near/study.md")
      #expect(check.status == 2)
      #expect(
        check.errors == """
          near/study.md:6:6: error[FT001]: the picture '../far/a.png' is outside the source's \
          folder
            help: put it below the source's folder, or allow its folder with --allow-files DIR

          """)
      #expect(try run("check", "near/study.md", "--allow-files", "far").status == 0)
      let build = try run("build", "near/study.md", "--allow-files", "far", "--quiet")
      #expect(build.status == 0, "\(build.errors)")
      let page = try folder.text(of: "_site/study.html")
      #expect(page.contains("<img src=\"data:image/png;base64,\(png)\" alt=\"far\">"))
      #expect(page.contains("build near/study.md --allow-files far"))
    }
  }
}
