import Foundation
import Synchronization

/// A web server on this machine's loopback address, for tests of downloads; gone with its last reference.
///
/// It knows GET, HEAD, `Range: bytes=N-` and `If-Range`, can redirect, and can break a connection on
/// purpose.
package final class LocalServer: Sendable {
  /// What stands at a path.
  package struct Page: Sendable {
    package var body: [UInt8]
    package var tag: String?
    /// Bytes after which the first so many connections break.
    package var breaksAfter: Int?
    package var breaks: Int
    /// How long a connection that breaks says nothing before it does.
    package var silentSeconds: Double
    package var knowsRanges: Bool
    package var status = 200
    /// Further headers, `Location` among them.
    package var headers: [String: String] = [:]
    /// What `Authorization` has to be.
    package var authorization: String?

    package init(
      _ body: [UInt8], tag: String? = nil, breaksAfter: Int? = nil, breaks: Int = 0,
      silentSeconds: Double = 0, knowsRanges: Bool = true
    ) {
      self.body = body
      self.tag = tag
      self.breaksAfter = breaksAfter
      self.breaks = breaks
      self.silentSeconds = silentSeconds
      self.knowsRanges = knowsRanges
    }
  }

  private struct State {
    var pages: [String: Page]
    var requests: [String] = []
    var lines: [String] = []
  }

  private let listener: Int32
  package let port: Int
  private let state: Mutex<State>

  package init(_ pages: [String: Page]) throws {
    state = Mutex(State(pages: pages))
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard listener >= 0, isBound else { throw CocoaError(.featureUnsupported) }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        self?.answer(connection)
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  package func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The `Range` of each request so far; empty for one without.
  package var ranges: [String] { state.withLock { $0.requests } }

  /// Each request so far: its method, its path, and what it says for `Authorization`.
  package var requests: [String] { state.withLock { $0.lines } }

  /// Puts another page at a path.
  package func replace(_ path: String, with page: Page) {
    state.withLock { $0.pages[path] = page }
  }

  private func answer(_ connection: Int32) {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = recv(connection, &buffer, buffer.count, 0)
    guard count > 0 else { return }
    let lines = String(decoding: buffer[..<count], as: UTF8.self).components(separatedBy: "\r\n")
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    func header(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ": ") }.map {
        String($0.dropFirst(name.count + 2))
      }
    }
    let range = header("range")
    let isHead = lines[0].hasPrefix("HEAD ")
    let asked = lines[0].split(separator: " ").dropLast().joined(separator: " ")
    let authorization = header("authorization")
    let found: (page: Page, breaks: Bool)? = state.withLock { state in
      if !isHead { state.requests.append(range ?? "") }
      state.lines.append(asked + (authorization.map { " \($0)" } ?? ""))
      guard let page = state.pages[path] else { return nil }
      if isHead { return (page, false) }
      state.pages[path]?.breaks = max(0, page.breaks - 1)
      return (page, page.breaks > 0)
    }
    guard let (page, breaks) = found else {
      send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", connection)
      return
    }
    guard page.authorization == nil || page.authorization == authorization else {
      send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", connection)
      return
    }
    let isSame = header("if-range").map { $0 == page.tag } ?? true
    let start = range.flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) } ?? 0
    let isPartial = page.knowsRanges && range != nil && isSame
    guard !isPartial || start < page.body.count else {
      send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n", connection)
      return
    }
    let body = isPartial ? Array(page.body[start...]) : page.body
    var head =
      isPartial ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 \(page.status) Answer\r\n"
    for (name, value) in page.headers { head += "\(name): \(value)\r\n" }
    if isPartial {
      head += "Content-Range: bytes \(start)-\(page.body.count - 1)/\(page.body.count)\r\n"
    }
    if let tag = page.tag { head += "ETag: \(tag)\r\n" }
    head += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    send(head, connection)
    if isHead { return }
    send(breaks ? Array(body.prefix(page.breaksAfter ?? 0)) : body, connection)
    if breaks { usleep(UInt32(page.silentSeconds * 1e6)) }
  }

  private func send(_ text: String, _ connection: Int32) { send(Array(text.utf8), connection) }

  private func send(_ bytes: [UInt8], _ connection: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
