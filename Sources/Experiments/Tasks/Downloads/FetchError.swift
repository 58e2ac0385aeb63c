/// Why a download did not succeed, and what to do about it.
package struct FetchError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// A program of the system is not installed.
    case missingProgram(String)
    case unreachable(detail: String)
    case refused(status: Int)
    case cutOff(received: Int, total: Int?)
    case wrongChecksum(expected: String, found: String)
    case brokenArchive(member: String, detail: String)
    case unwritable(path: String, detail: String)
    /// A path that leaves the data folder, by itself or by a symbolic link in the folder.
    case outside(path: String, link: String?)
    case interrupted
  }

  package let reason: Reason
  package let address: String

  package init(_ reason: Reason, address: String) {
    self.reason = reason
    self.address = address
  }
}

extension FetchError: CustomStringConvertible {
  package var description: String { "\(address): error: \(message)\n  help: \(help)" }

  /// What is wrong, without address and help.
  package var message: String {
    switch reason {
    case .missingProgram(let name): "the program '\(name)' is not installed"
    case .unreachable(let detail): "the server cannot be reached: \(detail)"
    case .refused(let status): "the server answered with status \(status)"
    case .cutOff(let received, let total):
      "the connection broke after \(received)\(total.map { " of \($0)" } ?? "") bytes"
    case .wrongChecksum(let expected, let found):
      "the file's SHA-256 is \(found), not \(expected)"
    case .brokenArchive(let member, let detail):
      "'\(member)' cannot be unpacked from the archive: \(detail)"
    case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
    case .outside(let path, nil): "'\(path)' is outside the data folder"
    case .outside(let path, let link?):
      "'\(path)' would be written through the symbolic link \(link)"
    case .interrupted: "interrupted"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .missingProgram(let name): "install it, for example with 'apt-get install \(name)'"
    case .unreachable: "check the connection, then run the same command again"
    case .refused(404), .refused(410):
      "the file may have moved; download it yourself and put it where 'ftreport data ls' looks"
    case .refused: "try again later, or download the file yourself"
    case .cutOff, .interrupted: "run the same command again; it resumes where this one stopped"
    case .wrongChecksum:
      "nothing was kept; the file has changed at its source, or another server answered"
    case .brokenArchive: "run the same command again; it downloads the archive again"
    case .unwritable: "check the folder's permissions and the free disk space"
    case .outside(_, nil): "name a file below the folder, without '..', in the task's 'downloads'"
    case .outside: "remove the link, or name the folder it leads to with --to"
    }
  }
}
