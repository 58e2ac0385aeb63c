import Formats
import Foundation

/// Pictures that a source shows, read into the page.
///
/// A page can be published, so a source of someone else's must not pull other files into it: a picture
/// lies below the source's folder or one the reader of the source allows, wherever symbolic links lead.
struct SourcePictures {
  /// The folder of the source.
  let folder: URL
  /// Further folders that pictures may come from.
  var allowed: [URL] = []

  init(of workspace: Workspace) {
    folder = workspace.sourceFolder
    allowed = workspace.allowedFolders
  }

  /// The picture of an address in the source.
  ///
  /// - Throws: ``PictureProblem``.
  func picture(_ source: String) throws(PictureProblem) -> Picture {
    let address = Address(source)
    switch address.kind {
    case .data: return try Picture(try Self.content(of: address.text))
    case .relative: return try Picture(try bytes(at: address.text))
    case .web: throw .onTheWeb
    case .otherHost, .scheme, .mail: throw .unrecognised
    }
  }

  /// The picture as a `data:` address; nil for what is none.
  func dataAddress(of source: String) -> String? { try? picture(source).address }

  /// What a `data:` address holds (RFC 2397), whatever type it claims.
  private static func content(of address: String) throws(PictureProblem) -> [UInt8] {
    let rest = address.dropping(firstBytes: "data:".utf8.count)
    guard let comma = rest.firstIndex(ofByte: ","),
      let payload = String(rest[comma...].dropping(firstBytes: 1)).removingPercentEncoding
    else { throw .unrecognised }
    guard rest[..<comma].lowercasedASCII.ends(withBytes: ";base64") else {
      return Array(payload.utf8)
    }
    guard let bytes = Data(base64Encoded: payload) else { throw .unrecognised }
    return Array(bytes)
  }

  private func bytes(at address: String) throws(PictureProblem) -> [UInt8] {
    guard let path = address.removingPercentEncoding, path.utf8.allSatisfy({ $0 >= 0x20 }) else {
      throw .missing
    }
    let written = URL(fileURLWithPath: path, relativeTo: folder)
    guard let real = RealPath.of(written.path) else { throw .missing }
    guard ([folder] + allowed).contains(where: { RealPath.isInside(real, $0) }) else {
      throw .outside(
        allowed: allowed.isEmpty
          ? "the source's folder" : "the source's folder and those that are allowed")
    }
    return try Self.read(real)
  }

  /// Reads a regular file: a pipe would wait for ever, a device never end.
  private static func read(_ path: String) throws(PictureProblem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable("it is not a file")
    }
    guard status.st_size <= Picture.byteLimit else { throw .tooManyBytes(Int(status.st_size)) }
    do {
      return Array(try file.read(upToCount: Picture.byteLimit + 1) ?? Data())
    } catch {
      throw .unreadable(error.localizedDescription)
    }
  }
}
