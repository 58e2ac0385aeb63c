/// Which addresses may stand in a page.
///
/// An allow list: a scheme not named here (`javascript:`, `vbscript:`, `data:`, `file:`) is refused,
/// however it is spelled; addresses without a scheme are relative and pass.
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
    let lowered = visible(address).lowercased()
    return imageTypes.contains {
      lowered.hasPrefix("data:image/\($0);") || lowered.hasPrefix("data:image/\($0),")
    }
  }

  /// The scheme as a browser reads it: control characters and spaces are dropped first.
  private static func scheme(of address: String) -> String? {
    let address = visible(address)
    guard let end = address.firstIndex(where: { ":/?#".contains($0) }), address[end] == ":" else {
      return nil
    }
    return address[..<end].lowercased()
  }

  private static func visible(_ address: String) -> String {
    String(String.UnicodeScalarView(address.unicodeScalars.filter { $0.value > 0x20 }))
  }
}
