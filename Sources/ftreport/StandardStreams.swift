import Formats
import Foundation

/// The only place that writes to the standard streams: ``Output`` for data, ``Terminal`` for people.
enum StandardStreams {
  /// Prepares the process, before anything else opens a file.
  ///
  /// A reader that has gone becomes an error instead of a signal. A stream that was closed keeps its
  /// number: the next file to be opened would get it, and output would be written into that file.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    let streams = [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    for (stream, mode) in streams where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is this one. Opened the wrong way round, it fails as if closed.
      _ = open("/dev/null", mode)
    }
  }

  /// Writes a text to a stream or another open file, all of it.
  static func write(_ text: String, to stream: Int32) throws(LostOutput) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(stream, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Another program has made the stream non-blocking.
        var polled = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        poll(&polled, 1, -1)
      case let code: throw LostOutput(code: code)
      }
    }
  }
}

/// The lines of standard input as texts; a byte order mark at the beginning is no text.
struct InputText: Sequence, IteratorProtocol {
  private var isFirst = true

  mutating func next() -> String? {
    guard let line = readLine() else { return nil }
    defer { isFirst = false }
    guard isFirst, line.unicodeScalars.first == "\u{FEFF}" else { return line }
    return String(line.unicodeScalars.dropFirst())
  }
}

/// Output that could not be written: the stream is closed or full, or its reader has ended.
struct LostOutput: Error, Hashable, CustomStringConvertible {
  /// The system's error number.
  let code: Int32

  var description: String {
    let reason =
      switch code {
      case EBADF: "it is closed"
      case EPIPE: "the program that read it has ended"
      default: String(cString: strerror(code))
      }
    return "error: standard output cannot be written: \(reason)\n"
      + "  help: the output is incomplete; run the command again with one that can be written"
  }
}

/// Standard output: what a command was asked for.
enum Output {
  /// Writes a text and a line end.
  static func print(_ text: String) throws(LostOutput) {
    try StandardStreams.write(text + "\n", to: STDOUT_FILENO)
  }

  /// Writes complete lines.
  static func write(_ lines: String) throws(LostOutput) {
    try StandardStreams.write(lines, to: STDOUT_FILENO)
  }

  /// Whether a person reads it who may like colours (see no-color.org).
  static var isColored: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
      && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// The columns of its window; nil where it goes elsewhere.
  static var width: Int? { Terminal.width(of: STDOUT_FILENO) }
}

/// Standard error: words for people.
///
/// A line that nobody can read is lost, and the command goes on.
enum Terminal {
  /// Whether a person is likely to be watching.
  static let isInteractive =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// The columns of the window.
  static var width: Int { width(of: STDERR_FILENO) ?? 80 }

  /// The columns of the window that a stream writes to; nil where it is none.
  fileprivate static func width(of stream: Int32) -> Int? {
    var size = winsize()
    guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A path as messages show it: relative to the current folder if it is below that.
  static func shown(path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.starts(withBytes: here) ? String(path.dropping(firstBytes: here.utf8.count)) : path
  }

  /// Writes lines for people, in which nothing stays invisible.
  static func complain(_ text: String) { write(VisibleText.lines(text) + "\n") }

  /// Writes what moves the cursor, as it is: what is shown with it goes through `VisibleText` before.
  static func write(_ text: String) {
    try? StandardStreams.write(text, to: STDERR_FILENO)
  }

  /// Standard error as the logging library takes it.
  struct Log: TextOutputStream, Sendable {
    func write(_ text: String) { Terminal.write(VisibleText.lines(text)) }
  }
}

/// A line that is written over while something goes on, where somebody watches.
final class LiveLine {
  private var isShown = false

  /// Writes over the line, as far as the window is wide.
  func show(_ text: String) {
    guard Terminal.isInteractive else { return }
    Terminal.write("\r\u{1B}[K" + VisibleText.line(text).prefix(max(20, Terminal.width - 1)))
    isShown = true
  }

  /// Writes a line that stays in place of this one.
  func say(_ text: String) {
    erase()
    Terminal.complain(text)
  }

  func erase() {
    guard isShown else { return }
    Terminal.write("\r\u{1B}[K")
    isShown = false
  }
}
