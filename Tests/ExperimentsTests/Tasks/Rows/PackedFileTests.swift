import Crypto
import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Compressed data files")
struct PackedFileTests {
  private static let text = "text\tlabel\na fine day\tgood\nrain\tbad\n"
  private static let gzip =
    "H4sIAAAAAAACAytJrSjhzElMSs3hSlRIy8xLVUhJrORMz89P4SpKzMzjTEpM4QIA7V11UiQAAAA="
  /// `train.tsv` deflated, beside what archivers of macOS add.
  private static let zip =
    "UEsDBBQAAAAIAAAAIQDtXXVSJgAAACQAAAAJAAAAdHJhaW4udHN2K0mtKOHMSUxKzeFKVEjLzEtVSEms5EzPz0/hKkrMzO"
    + "NMSkzhAgBQSwMEFAAAAAgAAAAhAIMW3IwDAAAAAQAAABQAAABfX01BQ09TWC8uX3RyYWluLnRzdqsAAFBLAQIUAxQAAAAI"
    + "AAAAIQDtXXVSJgAAACQAAAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi50c3ZQSwECFAMUAAAACAAAACEAgxbcjAMAAAABAA"
    + "AAFAAAAAAAAAAAAAAAgAFNAAAAX19NQUNPU1gvLl90cmFpbi50c3ZQSwUGAAAAAAIAAgB5AAAAggAAAAAA"
  private static let stored =
    "UEsDBBQAAAAAAAAAIQDtXXVSJAAAACQAAAAJAAAAdHJhaW4udHN2dGV4dAlsYWJlbAphIGZpbmUgZGF5CWdvb2QKcmFpbg"
    + "liYWQKUEsBAhQDFAAAAAAAAAAhAO1ddVIkAAAAJAAAAAkAAAAAAAAAAAAAAIABAAAAAHRyYWluLnRzdlBLBQYAAAAAAQAB"
    + "ADcAAABLAAAAAAA="
  private static let two =
    "UEsDBBQAAAAIAAAAIQDtXXVSJgAAACQAAAAFAAAAYS50c3YrSa0o4cxJTErN4UpUSMvMS1VISazkTM/PT+EqSszM40xKTO"
    + "ECAFBLAwQUAAAACAAAACEA7V11UiYAAAAkAAAABQAAAGIudHN2K0mtKOHMSUxKzeFKVEjLzEtVSEms5EzPz0/hKkrMzONM"
    + "SkzhAgBQSwECFAMUAAAACAAAACEA7V11UiYAAAAkAAAABQAAAAAAAAAAAAAAgAEAAAAAYS50c3ZQSwECFAMUAAAACAAAAC"
    + "EA7V11UiYAAAAkAAAABQAAAAAAAAAAAAAAgAFJAAAAYi50c3ZQSwUGAAAAAAIAAgBmAAAAkgAAAAAA"
  /// 100,000 zeros.
  private static let zeros =
    "H4sIAAAAAAACA+3BMQEAAADCoErrn84aHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwaFwk3FoIYBAA=="

  private static func bytes(_ base64: String) throws -> Data {
    try #require(Data(base64Encoded: base64))
  }

  @Test(
    "gzip and zip hold what the text itself would",
    arguments: [("a.tsv.gz", gzip), ("a.tsv", gzip), ("a.tsv.zip", zip), ("a.tsv.zip", stored)])
  func contents(name: String, base64: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes(base64)
    try bytes.write(to: folder.file(name))
    let files = try TrainingFiles(training: folder.file(name).path, evaluations: [])
    #expect(files.training.map(\.fields) == [["a fine day"], ["rain"]])
    #expect(try DataContents.read(folder.file(name)) == Data(Self.text.utf8))
  }

  @Test("gzip files may follow one another")
  func members() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes(Self.gzip)
    try (bytes + bytes).write(to: folder.file("a.gz"))
    #expect(try DataContents.read(folder.file("a.gz")) == Data((Self.text + Self.text).utf8))
  }

  @Test(
    "what is damaged, ambiguous or a bomb is refused",
    arguments: [
      (gzip, 20, "ends in the middle"), (gzip, 50, "ends in the middle"),
      (two, nil, "the archive holds 2 files: a.tsv, b.tsv"), (zip, 100, "not a zip archive"),
    ] as [(String, Int?, String)])
  func refused(base64: String, length: Int?, expected: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes(base64)
    try bytes.prefix(length ?? bytes.count).write(to: folder.file("a.tsv.gz"))
    let error = #expect(throws: TaskError.self) {
      try DataContents.read(folder.file("a.tsv.gz"))
    }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
    #expect(error?.file == folder.file("a.tsv.gz").path)
  }

  @Test("every bit of an archive counts", arguments: [gzip, zip, stored])
  func bits(base64: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes(base64)
    let file = folder.file("a")
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x10
      try changed.write(to: file)
      // Fields that say nothing of the contents may differ; the contents may not.
      let contents = try? PackedFile.contents(of: file, bytes: changed)
      #expect(contents == nil || contents == Data(Self.text.utf8), "byte \(place)")
    }
  }

  @Test("more than the bounds allow is not unpacked")
  func bomb() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes(Self.zeros)
    try bytes.write(to: folder.file("a.gz"))
    func unpacked(_ bounds: PackedFile.Bounds) throws -> Int? {
      try PackedFile.contents(of: folder.file("a.gz"), bytes: bytes, bounds: bounds)?.count
    }
    #expect(try unpacked(PackedFile.Bounds()) == 100_000)
    #expect(throws: TaskError.self) {
      try unpacked(PackedFile.Bounds(size: 1 << 30, ratio: 250, harmlessSize: 10_000))
    }
    #expect(throws: TaskError.self) {
      try unpacked(PackedFile.Bounds(size: 50_000, ratio: 10_000, harmlessSize: 10_000))
    }
  }

  @Test("a task reads a compressed file, and its digest is that of the file")
  func task() throws {
    let folder = try TaskFolder()
    let bytes = try Self.bytes(Self.gzip)
    try folder.write(Array(bytes), to: "train.tsv.gz")
    let task = try TaskFile.read(
      """
      labels: [good, bad]
      label: label
      fields: {text: text}
      files:
        train: train.tsv.gz
        test: train.tsv.gz

      """, file: "t.yml")
    #expect(try folder.load(task).training.count == 2)
    let digest = try TaskLoader(folder: folder.url).fingerprints(of: task).digests["train"]
    #expect(digest == SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined())
  }
}
