/// Why a Hugging Face folder, or one file of it, cannot be used.
///
/// Prints as `file: what` or, for text files, `file:line:column: what`, followed by
/// `  help: what to do`.
package struct CheckpointError: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// A required file, tensor or field is missing.
    case missing
    /// A file contradicts itself, is truncated, or is not in the format of its name.
    case corrupt
    /// A valid file that needs something this program does not support.
    case unsupported
    /// A valid file that does not fit the caller's request.
    case mismatched
    /// A file that could not be written.
    case unwritable
  }

  package let kind: Kind
  /// Path of the file, or of the folder where a file is missing.
  package let file: String
  /// Place in a text file, where one is known.
  package let place: TextPlace?
  package let message: String
  package let help: String?

  package init(
    _ kind: Kind, file: String, place: TextPlace? = nil, _ message: String, help: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.place = place
    self.message = message
    self.help = help
  }
}

/// Line and column in a text file, both from 1; the column counts UTF-8 bytes.
package struct TextPlace: Hashable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of the byte at `offset`, or of the end where `offset` lies beyond it.
  init(offset: Int, in bytes: [UInt8]) {
    let newline = UInt8(ascii: "\n")
    let before = bytes.prefix(offset)
    line = 1 + before.count { $0 == newline }
    column = before.count - (before.lastIndex(of: newline) ?? -1)
  }
}

extension CheckpointError: CustomStringConvertible {
  package var description: String {
    let at = place.map { ":\($0.line):\($0.column)" } ?? ""
    let first = "\(file)\(at): \(message)"
    return help.map { "\(first)\n  help: \($0)" } ?? first
  }
}

extension Int {
  /// The number with commas between thousands, as messages print it: `1,044,992`.
  var grouped: String {
    var digits = String(magnitude)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return self < 0 ? "-" + digits : digits
  }
}
