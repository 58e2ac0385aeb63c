import Crypto
import Engine
import Formats
import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Models of the hub")
struct HubFetcherTests {
  /// A server that answers as the hub does for one model: its own files as they are, large ones by a
  /// redirection to another server.
  private struct Hub {
    static let commit = String(repeating: "a1", count: 20)
    static let files: [String: String] = [
      "config.json": #"{"model_type": "llama"}"#, "tokenizer.json": "{}",
      "1_Pooling/config.json": "{}", "README.md": "# A model", "model.safetensors.index.json": "{}",
      "pytorch_model.bin": "old weights", "onnx/model.onnx": "others",
    ]
    static let shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    static let weights = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    let server: LocalServer
    let storage: LocalServer

    static func blob(_ bytes: [UInt8]) -> String {
      Insecure.SHA1.hash(data: Data("blob \(bytes.count)\u{0}".utf8) + Data(bytes)).hexadecimal
    }
    static func sha256(_ bytes: [UInt8]) -> String {
      SHA256.hash(data: Data(bytes)).hexadecimal
    }

    init(token: String? = nil, breaks: Int = 0) throws {
      storage = try LocalServer([
        "/data": .init(Self.weights, tag: "\"s3\"", breaksAfter: 60_000, breaks: breaks)
      ])
      let names = (Self.files.keys + Self.shards).sorted()
      let siblings = names.map { #"{"rfilename": "\#($0)"}"# }.joined(separator: ",")
      let listing = #"{"id": "org/tiny", "sha": "\#(Self.commit)", "siblings": [\#(siblings)]}"#
      var pages = ["/api/models/org/tiny/revision/main": LocalServer.Page(Array(listing.utf8))]
      pages["/api/models/org/tiny/revision/refs%2Fpr%2F1"] = .init(Array(listing.utf8))
      let root = "/org/tiny/resolve/\(Self.commit)"
      for (name, text) in Self.files {
        let bytes = Array(text.utf8)
        var page = LocalServer.Page(bytes, tag: "W/\"\(Self.blob(bytes))\"")
        page.headers["X-Repo-Commit"] = Self.commit
        pages["\(root)/\(name)"] = page
      }
      for name in Self.shards {
        var page = LocalServer.Page([])
        page.status = 302
        page.headers["X-Linked-Etag"] = "\"\(Self.sha256(Self.weights))\""
        page.headers["X-Linked-Size"] = "\(Self.weights.count)"
        page.headers["Location"] = storage.address("/data")
        pages["\(root)/\(name)"] = page
      }
      if let token {
        for path in pages.keys { pages[path]?.authorization = "Bearer \(token)" }
      }
      server = try LocalServer(pages)
    }

    func fetcher(
      into cache: HubCache, environment: [String: String] = [:],
      report: @escaping (HubFetcher.Event) -> Void = { _ in }
    ) -> HubFetcher {
      var all = environment
      all["HF_ENDPOINT"] = "\(server.address("/"))"
      all["HOME"] = all["HOME"] ?? cache.folder.path
      return HubFetcher(into: cache, as: .init(environment: all), report: report)
    }
  }

  private let folder: TaskFolder
  private let cache: HubCache
  private let model: HubModel

  init() throws {
    folder = try TaskFolder()
    cache = HubCache(folder: folder.url)
    model = try #require(HubModel("org/tiny"))
  }

  private func error(_ body: () throws -> Void) -> FetchError? {
    #expect(throws: FetchError.self) { try body() }
  }

  @Test("a model is fetched in the hub's layout, with the files that are read and no others")
  func layout() throws {
    let hub = try Hub()
    #expect(cache.snapshot(of: model) == nil)
    let snapshot = try hub.fetcher(into: cache).fetch(model)
    #expect(snapshot.path == "\(folder.url.path)/models--org--tiny/snapshots/\(Hub.commit)")
    let files = try FileManager.default.subpathsOfDirectory(atPath: snapshot.path).sorted()
    #expect(
      files == [
        "1_Pooling", "1_Pooling/config.json", "config.json", Hub.shards[0], Hub.shards[1],
        "model.safetensors.index.json", "tokenizer.json",
      ])
    let link = try FileManager.default.destinationOfSymbolicLink(
      atPath: snapshot.appendingPathComponent("1_Pooling/config.json").path)
    #expect(link == "../../../blobs/\(Hub.blob(Array("{}".utf8)))")
    #expect(
      try Data(contentsOf: snapshot.appendingPathComponent(Hub.shards[1])) == Data(Hub.weights))
    let root = folder.url.appendingPathComponent("models--org--tiny")
    #expect(
      try String(contentsOf: root.appendingPathComponent("refs/main"), encoding: .utf8)
        == Hub.commit)
    let blobs = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("blobs").path)
    #expect(blobs.allSatisfy { $0.utf8.count == 40 || $0.utf8.count == 64 }, "no parts are left")
    #expect(cache.snapshot(of: model) == snapshot)
    #expect(hub.storage.ranges.count == 1, "both shards have the same contents")
  }

  @Test("what is there is not fetched again")
  func again() throws {
    let hub = try Hub()
    let first = try hub.fetcher(into: cache).fetch(model)
    var events: [HubFetcher.Event] = []
    #expect(try hub.fetcher(into: cache) { events.append($0) }.fetch(model) == first)
    #expect(events.count == 6 && events.contains(.present("config.json")))
    #expect(!events.contains(.fetched("config.json")) && hub.storage.ranges.count == 1)
  }

  @Test("a broken connection is taken up where it broke")
  func resumed() throws {
    let hub = try Hub(breaks: 1)
    _ = try hub.fetcher(into: cache).fetch(model)
    #expect(hub.storage.ranges == ["", "bytes=60000-"])
  }

  @Test("the token goes to the hub, and not to the server that it redirects to")
  func token() throws {
    let hub = try Hub(token: "hf_secret")
    let refused = error { _ = try hub.fetcher(into: cache).fetch(model) }
    #expect(refused?.reason == .refused(status: 401))
    #expect(refused?.help.contains("HF_TOKEN") == true)
    _ = try hub.fetcher(into: cache, environment: ["HF_TOKEN": "hf_secret"]).fetch(model)
    #expect(hub.storage.requests.allSatisfy { $0.hasPrefix("GET /data") && !$0.contains("hf_") })
    let home = try TaskFolder([".cache/huggingface/token": "hf_secret\n"])
    let other = HubCache(folder: home.url.appendingPathComponent("hub"))
    _ = try hub.fetcher(into: other, environment: ["HOME": home.url.path]).fetch(model)
  }

  @Test("a file with another digest than the hub's is not kept")
  func wrongDigest() throws {
    let hub = try Hub()
    hub.storage.replace("/data", with: .init(Array("something else".utf8)))
    let wrong = error { _ = try hub.fetcher(into: cache).fetch(model) }
    guard case .wrongChecksum(.sha256, Hub.sha256(Hub.weights), _) = wrong?.reason else {
      Issue.record("\(String(describing: wrong))")
      return
    }
    #expect(cache.snapshot(of: model) == nil, "an incomplete model is not taken for one")
    let other = try Hub()
    let digest = Hub.blob(Array("other".utf8))
    other.server.replace(
      "/org/tiny/resolve/\(Hub.commit)/tokenizer.json",
      with: .init(Array("{}".utf8), tag: "\"\(digest)\""))
    let changed = error { _ = try other.fetcher(into: cache).fetch(model) }
    #expect(
      changed?.message
        == "the file's git SHA-1 is \(Hub.blob(Array("{}".utf8))), not \(digest)")
  }

  @Test("a revision is fetched and found under its name, and a moved model under its old one")
  func revisions() throws {
    let hub = try Hub()
    let revision = try #require(HubModel("org/tiny@refs/pr/1"))
    let snapshot = try hub.fetcher(into: cache).fetch(revision)
    #expect(cache.snapshot(of: revision) == snapshot && cache.snapshot(of: model) == nil)
    let commit = try #require(HubModel("org/tiny@\(Hub.commit)"))
    #expect(cache.snapshot(of: commit) == snapshot)
    var moved = LocalServer.Page([])
    moved.status = 307
    let path = "/org/tiny/resolve/\(Hub.commit)/config.json"
    moved.headers["Location"] = "/new/place"
    hub.server.replace(path, with: moved)
    let text = Array(#"{"moved": true}"#.utf8)
    hub.server.replace("/new/place", with: .init(text, tag: "\"\(Hub.blob(text))\""))
    _ = try hub.fetcher(into: cache).fetch(model)
    let config = cache.snapshot(of: model)?.appendingPathComponent("config.json")
    #expect(try config.map { try Data(contentsOf: $0) } == Data(text))
  }

  @Test("a hub that is not there, not asked or no hub is named with the way out")
  func refusals() throws {
    let hub = try Hub()
    let offline = error {
      _ = try hub.fetcher(into: cache, environment: ["HF_HUB_OFFLINE": "1"]).fetch(model)
    }
    #expect(offline?.reason == .offline && hub.server.requests.isEmpty)
    let unknown = try #require(HubModel("org/other"))
    let missing = error { _ = try hub.fetcher(into: cache).fetch(unknown) }
    #expect(missing?.reason == .refused(status: 404))
    #expect(missing?.help == "check the name and the revision on the hub")
    hub.server.replace("/api/models/org/tiny/revision/main", with: .init(Array("<html>".utf8)))
    #expect(error { _ = try hub.fetcher(into: cache).fetch(model) }?.reason == .notAHub)
    let listing = #"{"sha": "\#(Hub.commit)", "siblings": [{"rfilename": "../../x.json"}]}"#
    hub.server.replace("/api/models/org/tiny/revision/main", with: .init(Array(listing.utf8)))
    #expect(error { _ = try hub.fetcher(into: cache).fetch(model) }?.reason == .notTransformers)
  }

  @Test(
    "names are those of the hub",
    arguments: [
      ("facebook/opt-125m", "facebook/opt-125m", "main"), ("gpt2", "gpt2", "main"),
      ("a/b.c@v1.0", "a/b.c", "v1.0"), ("a/b@refs/pr/3", "a/b", "refs/pr/3"),
    ])
  func names(text: String, id: String, revision: String) throws {
    let model = try #require(HubModel(text))
    #expect(model.id == id && model.revision == revision)
  }

  @Test(
    "other texts are no names",
    arguments: [
      "", "/a/b", "a/b/c", "./a", "../a", "a/", "a/b@", "a/b@../x", "~/a", "a b/c", "a/.b",
    ])
  func others(text: String) { #expect(HubModel(text) == nil) }

  @Test("the cache is Transformers'")
  func places() {
    func path(_ environment: [String: String]) -> String {
      HubCache(environment: environment.merging(["HOME": "/h"]) { own, _ in own }).folder.path
    }
    #expect(path([:]) == "/h/.cache/huggingface/hub")
    #expect(path(["XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
    #expect(path(["XDG_CACHE_HOME": "/x", "HF_HOME": "/y"]) == "/y/hub")
    #expect(path(["HF_HOME": "/y", "HF_HUB_CACHE": "~/z"]) == "/h/z")
  }

  @Test("a name leads to the folder, to the cache, or to the command that fetches it")
  func resolution() throws {
    let hub = try Hub()
    let nowhere = folder.url.appendingPathComponent("nowhere")
    let missing = #expect(throws: CheckpointError.self) {
      try cache.place(of: "org/tiny", at: nowhere)
    }
    #expect(missing?.help == "'ftreport model fetch org/tiny' downloads it from the hub")
    #expect(try cache.place(of: "nowhere", at: nowhere) == nowhere)
    let snapshot = try hub.fetcher(into: cache).fetch(model)
    #expect(try cache.place(of: "org/tiny", at: nowhere) == snapshot)
    #expect(try cache.place(of: "org/tiny", at: folder.url) == folder.url, "a folder comes first")
    let root = folder.url.appendingPathComponent("models--org--tiny")
    #expect(try cache.place(of: root.path, at: root).path == snapshot.path)
    try FileManager.default.removeItem(at: root.appendingPathComponent("refs"))
    #expect(try cache.place(of: root.path, at: root).path == snapshot.path, "the only one")
    try FileManager.default.createDirectory(
      at: root.appendingPathComponent("snapshots/other"), withIntermediateDirectories: false)
    let several = #expect(throws: CheckpointError.self) { try cache.place(of: root.path, at: root) }
    #expect(several?.message.contains("with 2 snapshots") == true)
  }
}
