import Foundation
import Synchronization

/// A running child in a process group of its own.
///
/// The group keeps a Ctrl-C at the terminal from reaching workers before the coordinator has decided
/// what to do, and lets a worker be ended together with whatever it started. All methods are safe
/// from any thread: the process number is forgotten in the moment in which it is given back.
final class ChildProcess: Sendable {
  /// How a process ended.
  enum End: Hashable, Sendable {
    case exited(code: Int32)
    case signalled(Int32)
  }

  private let pid: Mutex<pid_t?>

  /// Starts a program.
  ///
  /// `Foundation.Process` is not used: it offers neither a process group nor a signal mask.
  ///
  /// - Parameters:
  ///   - program: Path of the executable.
  ///   - arguments: Its arguments, without its own name.
  ///   - environment: All of its environment.
  ///   - streams: Descriptors that become its standard input, output and error.
  /// - Throws: ``ExecutorError/cannotStart(program:reason:)``.
  init(
    _ program: String, _ arguments: [String], environment: [String: String],
    streams: [Int32]
  ) throws(ExecutorError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, descriptor) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The coordinator's threads block SIGPIPE, and a child would inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var number: pid_t = 0
    let code = posix_spawn(&number, program, &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw .cannotStart(program: program, code: code) }
    pid = Mutex(number)
  }

  /// Whether the process is over, waited for or not.
  var hasEnded: Bool {
    pid.withLock { pid in
      guard let pid else { return true }
      var information = siginfo_t()
      let code = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
      return code != 0 || information.si_signo == SIGCHLD
    }
  }

  /// Ends the process and everything in its group at once.
  func kill() {
    pid.withLock { pid in
      if let pid { _ = Foundation.kill(-pid, SIGKILL) }
    }
  }

  /// Waits for the end, but kills after `patience` seconds; to be called once.
  func waitForEnd(patience: Double) -> End {
    var waited = 0.0
    while !hasEnded, waited < patience {
      usleep(5000)
      waited += 0.005
    }
    kill()
    var status: Int32 = 0
    pid.withLock { pid in
      if let number = pid { while waitpid(number, &status, 0) < 0, errno == EINTR {} }
      pid = nil
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .signalled(signal)
  }
}

extension ChildProcess.End: CustomStringConvertible {
  /// Completes "the worker …".
  var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .signalled(SIGKILL): "was killed by signal 9 (SIGKILL), perhaps for lack of memory"
    case .signalled(let signal):
      "was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }
}

extension ExecutorError {
  static func cannotStart(program: String, code: Int32) -> ExecutorError {
    .cannotStart(program: program, reason: String(cString: strerror(code)))
  }
}

/// Collects bytes from a pipe and hands them out by the line.
struct LineBuffer {
  private var bytes: [UInt8] = []
  /// Bytes at the front that are known to hold no line feed.
  private var searched = 0

  /// Bytes of the line that is not complete yet.
  var pendingCount: Int { bytes.count }

  /// Reads once from a descriptor, which must be readable or block.
  ///
  /// - Parameter descriptor: The reading end of a pipe.
  /// - Returns: False at the end of the stream.
  mutating func fill(from descriptor: Int32) -> Bool {
    let capacity = 1 << 16
    let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var received = read(descriptor, buffer.baseAddress, capacity)
      while received < 0, errno == EINTR {
        received = read(descriptor, buffer.baseAddress, capacity)
      }
      count = max(received, 0)
    }
    bytes += piece
    return !piece.isEmpty
  }

  /// The next complete line without its line feed, or nil if there is none yet.
  mutating func nextLine() -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      return nil
    }
    let line = Array(bytes[..<end])
    bytes.removeFirst(end + 1)
    searched = 0
    return line
  }

  /// What is left after the last line feed.
  mutating func rest() -> [UInt8] {
    defer { self = LineBuffer() }
    return bytes
  }
}
