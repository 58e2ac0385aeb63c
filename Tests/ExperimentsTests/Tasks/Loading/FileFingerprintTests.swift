import Foundation
import Synchronization
import Testing

@testable import Experiments

@Suite("File fingerprints")
struct FileFingerprintTests {
  /// Remembers in memory and counts how often it could answer.
  private final class Memory: FingerprintCache {
    private let digests = Mutex<[FileIdentity: String]>([:])
    let hits = Mutex(0)

    func digest(of identity: FileIdentity) -> String? {
      let known = digests.withLock { $0[identity] }
      if known != nil { hits.withLock { $0 += 1 } }
      return known
    }

    func remember(_ digest: String, of identity: FileIdentity) {
      digests.withLock { $0[identity] = digest }
    }
  }

  @Test("a digest is SHA-256 of the bytes")
  func knownDigest() throws {
    let folder = try TaskFolder(["a": "abc"])
    // FIPS 180-2, appendix B.1.
    #expect(
      try folder.digest(of: "a")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("an unchanged file is hashed once, a changed one again")
  func caching() throws {
    let folder = try TaskLoaderTests.folder()
    let cache = Memory()
    let first = try folder.fingerprints(of: .cola, cache: cache)
    #expect(first.keys.sorted() == ["in-domain", "ood", "train"])
    #expect(first["in-domain"] == first["ood"])
    #expect(try folder.fingerprints(of: .cola, cache: cache) == first)
    #expect(cache.hits.withLock { $0 } == 3)
    try folder.write(
      Array(TaskLoaderTests.train.reversed().description.utf8), to: "cola/in_domain_train.tsv")
    #expect(try folder.fingerprints(of: .cola, cache: cache)["train"] != first["train"])
  }

  @Test("a folder is no file")
  func folder() throws {
    let folder = try TaskFolder()
    #expect(
      throws: TaskError(.unreadableFile("it is no regular file"), file: folder.url.path)
    ) { try folder.digest(of: "") }
  }
}
