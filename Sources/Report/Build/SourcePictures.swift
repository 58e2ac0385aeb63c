import Formats
import Foundation

/// Pictures that a source shows, read from beside it into the page.
struct SourcePictures {
  let folder: URL

  private static let types = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml",
  ]

  /// The picture as a `data:` address; nil for what is no picture file beside the source.
  ///
  /// A page loads nothing from elsewhere, so a picture on the web is nil too.
  func dataAddress(of source: String) -> String? {
    if source.hasPrefix("data:") { return source }
    guard let type = Self.types[file(source).pathExtension.lowercased()],
      let bytes = try? Data(contentsOf: file(source))
    else { return nil }
    return "data:\(type);base64,\(bytes.base64EncodedString())"
  }

  private func file(_ source: String) -> URL {
    URL(fileURLWithPath: source.removingPercentEncoding ?? source, relativeTo: folder)
  }
}

extension ParsedReport {
  /// Pictures that cannot be put into the page.
  func pictureDiagnostics(folder: URL) -> [Diagnostic] {
    let pictures = SourcePictures(folder: folder)
    return document.images.filter { pictures.dataAddress(of: $0) == nil }.map { image in
      Diagnostic(
        .unreadableFile, at: source.position(of: "(\(image)"),
        "the picture '\(image)' cannot be read",
        help: "name a PNG, JPEG, GIF, WebP, AVIF or SVG file relative to the source; "
          + "pages load nothing from the web")
    }
  }
}
