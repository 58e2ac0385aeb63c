import Foundation

/// Reads requests on a thread of its own, which also notices that the coordinator has gone.
///
/// `@unchecked Sendable`: the mutable state is used under the condition's lock only.
final class RequestReader: @unchecked Sendable {
  private let descriptor: Int32
  private let orphaned: @Sendable () -> Void
  private let condition = NSCondition()
  private var requests: [WorkerRequest] = []
  private var hasEnded = false

  init(_ descriptor: Int32, orphaned: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.orphaned = orphaned
  }

  func start() {
    let thread = Thread { self.read() }
    thread.name = "requests"
    thread.start()
  }

  /// The next request, or nil when there will be no more.
  func next() -> WorkerRequest? {
    condition.withLock {
      while requests.isEmpty, !hasEnded { condition.wait() }
      return requests.isEmpty ? nil : requests.removeFirst()
    }
  }

  private func read() {
    let coordinator = getppid()
    var buffer = LineBuffer()
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    reading: while true {
      // The end of the input says the same, unless a third process holds the pipe open.
      guard getppid() == coordinator else { break }
      guard poll(&polled, 1, 1000) != 0 else { continue }
      guard buffer.fill(from: descriptor) else { break }
      while let line = buffer.nextLine() {
        guard let request = try? MessageLine.decode(WorkerRequest.self, from: line) else {
          break reading
        }
        condition.withLock {
          requests.append(request)
          condition.signal()
        }
      }
    }
    orphaned()
    condition.withLock {
      hasEnded = true
      condition.signal()
    }
  }
}
