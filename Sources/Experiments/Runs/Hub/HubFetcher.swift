import Formats
package import Foundation

/// Downloads a model from the hub into the cache that Transformers reads.
///
/// The layout is the hub's own: contents in `blobs` under their digest, links to them in
/// `snapshots/COMMIT`, and the commit of a branch in `refs`.
package struct HubFetcher {
  /// What happened, in order.
  package enum Event: Hashable, Sendable {
    /// The contents of a file are in the cache already.
    case present(String)
    case begins(String, bytes: Int?)
    /// A file is in its place, and its digest is the hub's.
    case fetched(String)
  }

  /// The hub, and who asks.
  package struct Account: Sendable {
    let endpoint: String
    let token: String?
    let isOffline: Bool

    /// What the environment says: `HF_ENDPOINT`, `HF_TOKEN` or the file where `hf auth login` puts the
    /// token, `HF_HUB_OFFLINE`.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
      func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
      }
      var endpoint = value("HF_ENDPOINT") ?? "https://huggingface.co"
      while endpoint.hasSuffix("/") { endpoint.removeLast() }
      self.endpoint = endpoint
      let file =
        value("HF_TOKEN_PATH").map { HubCache.expanded($0, environment) }
        ?? HubCache.home(environment).appendingPathComponent("token")
      let token =
        value("HF_TOKEN") ?? value("HUGGING_FACE_HUB_TOKEN")
        ?? (try? String(contentsOf: file, encoding: .utf8))
      let trimmed = token?.trimmingCharacters(in: .whitespacesAndNewlines)
      self.token = trimmed?.isEmpty == false ? trimmed : nil
      isOffline = ["1", "true", "yes", "on"].contains(
        environment["HF_HUB_OFFLINE"]?.lowercased() ?? "")
    }
  }

  private let cache: HubCache
  private let account: Account
  private let progress: Downloader.Progress
  private let report: (Event) -> Void

  package init(
    into cache: HubCache, as account: Account,
    progress: @escaping Downloader.Progress = { _, _ in },
    report: @escaping (Event) -> Void = { _ in }
  ) {
    self.cache = cache
    self.account = account
    self.progress = progress
    self.report = report
  }

  /// Fetches what the cache lacks of a model.
  ///
  /// - Parameter model: Its name and revision.
  /// - Returns: The snapshot.
  /// - Throws: ``FetchError`` at the first file that fails; what has arrived is kept.
  package func fetch(_ model: HubModel) throws(FetchError) -> URL {
    let page = "\(account.endpoint)/\(model.id)"
    guard !account.isOffline else { throw FetchError(.offline, address: page) }
    return try withHeaders(page) { (headers) throws(FetchError) in
      try fetch(model, with: Downloader(headers: headers, progress: progress))
    }
  }

  private func fetch(
    _ model: HubModel, with downloader: Downloader
  ) throws(FetchError) -> URL {
    let revision = Self.encoded(model.revision, allowing: "")
    let address = "\(account.endpoint)/api/models/\(model.id)/revision/\(revision)"
    let root = cache.root(of: model)
    let listing = try listing(at: address, with: downloader, below: root)
    let snapshot = root.appendingPathComponent("snapshots/\(listing.sha)", isDirectory: true)
    let names = Self.needed(listing.siblings.map(\.rfilename))
    guard names.contains("config.json") || names.contains("adapter_config.json") else {
      throw FetchError(.notTransformers, address: address)
    }
    for name in names {
      let path = Self.encoded(name, allowing: "/")
      try fetch(
        name, from: "\(account.endpoint)/\(model.id)/resolve/\(listing.sha)/\(path)",
        into: root, snapshot, with: downloader)
    }
    if model.revision != listing.sha {
      let reference = root.appendingPathComponent("refs/\(model.revision)")
      try makeFolder(reference.deletingLastPathComponent(), address)
      do {
        try Data(listing.sha.utf8).write(to: reference, options: .atomic)
      } catch {
        throw Self.unwritable(reference, error, address)
      }
    }
    return snapshot
  }

  private func fetch(
    _ name: String, from address: String, into root: URL, _ snapshot: URL,
    with downloader: Downloader
  ) throws(FetchError) {
    let headers = try downloader.headers(of: address)
    guard let digest = headers.linkedDigest, let expected = ExpectedDigest(digest) else {
      throw FetchError(.noDigest, address: address)
    }
    let blob = root.appendingPathComponent("blobs/\(digest)")
    try makeFolder(blob.deletingLastPathComponent(), address)
    if FileIdentity(of: blob) != nil {
      report(.present(name))
    } else {
      report(.begins(name, bytes: headers.linkedSize))
      try downloader.fetch(address, to: blob, expected: expected)
      report(.fetched(name))
    }
    let link = snapshot.appendingPathComponent(name)
    try makeFolder(link.deletingLastPathComponent(), address)
    let depth = name.split(separator: "/").count + 1
    let target = String(repeating: "../", count: depth) + "blobs/\(digest)"
    let files = FileManager.default
    if (try? files.destinationOfSymbolicLink(atPath: link.path)) == target { return }
    do {
      try? files.removeItem(at: link)
      try files.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    } catch {
      throw Self.unwritable(link, error, address)
    }
  }

  /// What the hub says of a revision.
  private struct Listing: Decodable {
    struct Sibling: Decodable { let rfilename: String }
    let sha: String
    let siblings: [Sibling]
  }

  private func listing(
    at address: String, with downloader: Downloader, below root: URL
  ) throws(FetchError) -> Listing {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-hub-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try downloader.fetch(address, to: file, expected: nil)
    guard let data = try? Data(contentsOf: file),
      let listing = try? JSONCoding.value(Listing.self, from: data),
      !listing.sha.isEmpty, listing.sha.utf8.allSatisfy({ Self.isHexadecimal($0) })
    else { throw FetchError(.notAHub, address: address) }
    return listing
  }

  /// The files that this program reads: configuration, tokenizer, weights in one format.
  static func needed(_ names: [String]) -> [String] {
    let inside = names.filter { Download.isInside($0) }
    let small = inside.filter { name in
      let parts = name.split(separator: "/")
      if parts.count == 2 { return parts[1] == "config.json" && parts[0].first?.isNumber == true }
      return parts.count == 1
        && [".json", ".txt", ".model"].contains { name.hasSuffix($0) }
        && !name.hasSuffix(".index.json") && !name.lowercased().hasPrefix("readme")
    }
    func weights(_ stem: String, _ ending: String) -> [String] {
      let whole = stem + ending
      if inside.contains(whole) { return [whole] }
      guard inside.contains("\(whole).index.json") else { return [] }
      return ["\(whole).index.json"]
        + inside.filter {
          $0.hasPrefix("\(stem)-") && $0.contains("-of-") && $0.hasSuffix(ending)
        }
    }
    let formats = [("model", ".safetensors"), ("pytorch_model", ".bin")]
    let adapters = [("adapter_model", ".safetensors"), ("adapter_model", ".bin")]
    let model = formats.lazy.map { weights($0.0, $0.1) }.first { !$0.isEmpty } ?? []
    let adapter = adapters.lazy.map { weights($0.0, $0.1) }.first { !$0.isEmpty } ?? []
    return small.sorted() + (model + adapter).sorted()
  }

  /// Runs `body` with a file of headers that holds the token, which would show in a list of processes.
  private func withHeaders(
    _ address: String, _ body: (URL?) throws(FetchError) -> URL
  ) throws(FetchError) -> URL {
    guard let token = account.token else { return try body(nil) }
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw FetchError(.brokenToken, address: address)
    }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("ftreport-hub-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let isWritten = FileManager.default.createFile(
      atPath: file.path, contents: Data("Authorization: Bearer \(token)\n".utf8),
      attributes: [.posixPermissions: 0o600])
    guard isWritten else {
      throw FetchError(.unwritable(path: file.path, detail: "no permission"), address: address)
    }
    return try body(file)
  }

  private func makeFolder(_ folder: URL, _ address: String) throws(FetchError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Self.unwritable(folder, error, address)
    }
  }

  private static func unwritable(
    _ url: URL, _ error: any Error, _ address: String
  ) -> FetchError {
    FetchError(.unwritable(path: url.path, detail: error.localizedDescription), address: address)
  }

  /// A part of an address.
  private static func encoded(_ text: String, allowing extra: String) -> String {
    var allowed = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    allowed.insert(charactersIn: extra)
    return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}

extension ResponseHeaders {
  /// The digest that the hub gives for a file, whichever server sends it.
  fileprivate var linkedDigest: String? {
    guard var tag = self["x-linked-etag"] ?? self["etag"] else { return nil }
    if tag.hasPrefix("W/") { tag.removeFirst(2) }
    return tag.trimmingCharacters(in: ["\""]).lowercased()
  }

  fileprivate var linkedSize: Int? {
    (self["x-linked-size"] ?? self["content-length"]).flatMap { Int($0) }
  }
}
