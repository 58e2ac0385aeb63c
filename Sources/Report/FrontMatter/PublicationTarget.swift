import Formats

/// Where reports are published: `DIR`, `git:BRANCH` or `git:BRANCH:FOLDER`.
package enum PublicationTarget: Hashable, Sendable {
  /// A folder of this machine, by its path as written.
  case directory(String)
  /// A branch of the source's git repository, and a folder in it; empty for its root.
  case branch(String, folder: String)

  /// Why a text names no target.
  package struct Malformed: Error, Hashable, Sendable {
    package let message: String
    package let help: String
  }

  /// Reads what `--to` and `publish:` take.
  package init(_ text: String) throws(Malformed) {
    guard text.starts(withBytes: "git:") else {
      guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 }) else {
        throw Malformed(
          message: "'\(text)' is no folder", help: "write a folder, or git:BRANCH for a branch")
      }
      self = .directory(text)
      return
    }
    let parts = text.split(atByte: ":", omittingEmptySubsequences: false).dropFirst()
    let branch = parts.first.map(String.init) ?? ""
    guard parts.count <= 2, Self.isBranch(branch) else {
      throw Malformed(
        message: "'\(text)' names no branch",
        help: "write git:BRANCH or git:BRANCH:FOLDER, as in git:gh-pages:studies")
    }
    let folders = parts.dropFirst().joined().split(atByte: "/").filter { $0 != "." }
    guard folders.allSatisfy(Self.isFolder) else {
      throw Malformed(
        message: "'\(folders.joined(separator: "/"))' is no folder of a branch",
        help: "write names joined by '/', without '..' and '.git'")
    }
    self = .branch(branch, folder: folders.joined(separator: "/"))
  }

  /// The rules of git-check-ref-format(1).
  private static func isBranch(_ name: String) -> Bool {
    let parts = name.split(atByte: "/", omittingEmptySubsequences: false)
    return !name.starts(withBytes: "-") && !name.equals(bytes: "@") && !name.contains(bytes: "..")
      && !name.contains(bytes: "@{") && !name.ends(withBytes: ".")
      && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"~^:?*[\\".utf8.contains($0) }
      && parts.allSatisfy {
        !$0.isEmpty && !$0.starts(withBytes: ".") && !$0.ends(withBytes: ".lock")
      }
  }

  private static func isFolder(_ name: Substring) -> Bool {
    name != ".." && name.lowercasedASCII != ".git" && name.utf8.allSatisfy { $0 >= 0x20 }
  }
}

extension PublicationTarget: CustomStringConvertible {
  package var description: String {
    switch self {
    case .directory(let path): path
    case .branch(let name, let folder): "git:\(name)\(folder.isEmpty ? "" : ":\(folder)")"
    }
  }
}
