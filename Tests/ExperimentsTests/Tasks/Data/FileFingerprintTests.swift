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

  @Test("a file written again at once, to the same size and time, has another identity")
  func sameTick() throws {
    let folder = try TaskFolder(["a": "0"])
    let url = folder.url.appendingPathComponent("a")
    var before = try FileFingerprint(of: url, cache: nil)
    for round in 1...10 {
      let handle = try FileHandle(forUpdating: url)
      try handle.write(contentsOf: Data("\(round % 10)".utf8))
      try handle.close()
      var times = [timespec(), timespec()]
      for i in times.indices {
        times[i].tv_sec = before.file.modified / 1_000_000_000
        times[i].tv_nsec = before.file.modified % 1_000_000_000
      }
      #expect(utimensat(AT_FDCWD, url.path, times, 0) == 0)
      let identity = try #require(FileIdentity(of: url))
      #expect(identity.modified == before.file.modified && identity.size == before.file.size)
      #expect(identity != before.file)
      let after = try FileFingerprint(of: url, cache: nil)
      #expect(after.digest != before.digest)
      before = after
    }
  }

  @Test("a file that changes all the time is an error and no digest of a mixture")
  func restless() throws {
    let folder = try TaskFolder(["a": "0"])
    let url = folder.url.appendingPathComponent("a")
    let isDone = Mutex(false)
    let hasEnded = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while !isDone.withLock(\.self) {
        try? Data("\(ContinuousClock.now)".utf8).write(to: url)
        usleep(1000)
      }
      hasEnded.signal()
    }
    #expect(
      throws: TaskError(.unreadableFile("it keeps changing while it is read"), file: url.path)
    ) { try FileFingerprint(of: url, cache: nil) }
    isDone.withLock { $0 = true }
    hasEnded.wait()
  }

  @Test("a folder is no file")
  func folder() throws {
    let folder = try TaskFolder()
    #expect(
      throws: TaskError(.unreadableFile("it is no regular file"), file: folder.url.path)
    ) { try folder.digest(of: "") }
  }
}
