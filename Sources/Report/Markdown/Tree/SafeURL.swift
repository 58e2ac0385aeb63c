/// Which addresses may stand in a page.
///
/// An allow list: a scheme not named here (`javascript:`, `vbscript:`, `data:`, `file:`) is refused,
/// and so is one that a browser would read as such after dropping control characters. Addresses
/// without a scheme are relative and pass.
package enum SafeURL {
  private static let linkSchemes = ["http", "https", "mailto", "tel"]
  private static let imageTypes = ["png", "jpeg", "gif", "webp", "avif", "svg+xml"]

  /// Whether a reader may be sent there.
  package static func isSafeLink(_ address: String) -> Bool {
    guard let scheme = scheme(of: address) else { return true }
    return linkSchemes.contains(scheme)
  }

  /// Whether a picture may come from there; embedded pictures (`data:image/png;…`) may.
  package static func isSafeImage(_ address: String) -> Bool {
    guard let scheme = scheme(of: address) else { return true }
    guard scheme == "data" else { return scheme == "http" || scheme == "https" }
    // A whole data address may hold megabytes; only its start matters.
    let start = address.prefix(32).lowercased()
    return imageTypes.contains {
      start.hasPrefix("data:image/\($0);") || start.hasPrefix("data:image/\($0),")
    }
  }

  private static func scheme(of address: String) -> String? {
    guard let end = address.firstIndex(where: { ":/?#".contains($0) }), address[end] == ":" else {
      return nil
    }
    return address[..<end].lowercased()
  }
}
