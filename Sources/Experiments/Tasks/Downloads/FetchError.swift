/// Why a download did not succeed, and what to do about it.
package struct FetchError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// A program of the system is not installed.
    case missingProgram(String)
    case unreachable(detail: String)
    case refused(status: Int)
    case cutOff(received: Int, total: Int?)
    case wrongChecksum(DigestKind = .sha256, expected: String, found: String)
    case brokenArchive(member: String, detail: String)
    case unwritable(path: String, detail: String)
    /// A path that leaves the data folder, by itself or by a symbolic link in the folder.
    case outside(path: String, link: String?)
    case interrupted
    /// The environment forbids to ask the hub.
    case offline
    /// The hub gives no digest for a file.
    case noDigest
    /// An answer that is not the hub's.
    case notAHub
    /// A repository without a model that Transformers could load.
    case notTransformers
    /// A token with bytes that no header may have.
    case brokenToken
  }

  /// What a digest is called.
  package enum DigestKind: String, Hashable, Sendable {
    case sha256 = "SHA-256"
    case gitBlob = "git SHA-1"
  }

  package let reason: Reason
  package let address: String

  package init(_ reason: Reason, address: String) {
    self.reason = reason
    self.address = address
  }
}

extension FetchError {
  /// Whether a model hub was asked, rather than an ordinary server.
  private var isOfHub: Bool { address.contains("/api/models/") || address.contains("/resolve/") }
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
    case .wrongChecksum(let kind, let expected, let found):
      "the file's \(kind.rawValue) is \(found), not \(expected)"
    case .brokenArchive(let member, let detail):
      "'\(member)' cannot be unpacked from the archive: \(detail)"
    case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
    case .outside(let path, nil): "'\(path)' is outside the data folder"
    case .outside(let path, let link?):
      "'\(path)' would be written through the symbolic link \(link)"
    case .interrupted: "interrupted"
    case .offline: "HF_HUB_OFFLINE is set, so the hub is not asked"
    case .noDigest: "the hub gives no digest for the file, so it could not be verified"
    case .notAHub: "the answer is not that of a model hub"
    case .notTransformers: "the repository has no config.json, so it is no model for Transformers"
    case .brokenToken: "the access token has characters that a token cannot have"
    }
  }

  /// What to do next.
  package var help: String {
    switch reason {
    case .missingProgram(let name): "install it, for example with 'apt-get install \(name)'"
    case .unreachable: "check the connection, then run the same command again"
    case .refused(401) where isOfHub, .refused(403) where isOfHub:
      "the model is private, gated or does not exist; accept its terms on its page, and set HF_TOKEN to"
        + " an access token or run 'hf auth login'"
    case .refused(404) where isOfHub: "check the name and the revision on the hub"
    case .refused(404), .refused(410):
      "the file may have moved; download it yourself and put it where 'ftreport data ls' looks"
    case .refused: "try again later, or download the file yourself"
    case .cutOff, .interrupted: "run the same command again; it resumes where this one stopped"
    case .wrongChecksum:
      "nothing was kept; the file has changed at its source, or another server answered"
    case .brokenArchive: "run the same command again; it downloads the archive again"
    case .unwritable: "check the folder's permissions and the free disk space"
    case .outside(_, nil): "name a file below the folder, without '..', in the task's 'downloads'"
    case .offline: "unset it, or copy the model's folder into the cache on a machine that may ask"
    case .noDigest, .notAHub: "check HF_ENDPOINT"
    case .notTransformers: "choose a repository with config.json and safetensors"
    case .brokenToken: "set HF_TOKEN to the token alone"
    case .outside: "remove the link, or name the folder it leads to with --to"
    }
  }
}
