import Formats
import Foundation

/// Where words for people go: standard error, so that standard output stays data.
enum Terminal {
  /// Whether a person is likely to be watching.
  static let isInteractive =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether standard output goes to a person who may like colours (see no-color.org).
  static var isOutputColored: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
      && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// The columns of the window.
  static var width: Int { width(of: STDERR_FILENO) ?? 80 }

  /// The columns of the window that a stream writes to; nil where it is none.
  static func width(of stream: Int32) -> Int? {
    var size = winsize()
    guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes lines for people, in which nothing stays invisible.
  static func complain(_ text: String) {
    let text = VisibleText.lines(text)
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Writes what moves the cursor, as it is: what is shown with it goes through `VisibleText` before.
  static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
