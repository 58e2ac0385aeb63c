import CCMark
import Foundation

/// A tree that cmark-gfm allocated, owned by exactly one value.
struct CMarkTree: ~Copyable {
  let root: CMarkNode

  /// cmark registers extensions, and while parsing changes its table of special characters, in
  /// global variables: one parse at a time.
  private static let lock = NSLock()
  private static let extensions: [String] = {
    cmark_gfm_core_extensions_ensure_registered()
    return ["table", "strikethrough", "autolink", "tasklist"]
  }()

  /// Parses GitHub-flavoured Markdown with footnotes and source positions.
  init(parsing text: ArraySlice<UInt8>) {
    root = Self.lock.withLock {
      let options = CMARK_OPT_SOURCEPOS | CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE
      guard let parser = cmark_parser_new(options) else {
        preconditionFailure("cmark_parser_new(\(options)) returned no parser")
      }
      defer { cmark_parser_free(parser) }
      for name in Self.extensions {
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name))
      }
      text.withUnsafeBytes { bytes in
        cmark_parser_feed(
          parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
      }
      guard let document = cmark_parser_finish(parser) else {
        preconditionFailure("cmark_parser_finish returned no document for \(text.count) bytes")
      }
      return CMarkNode(pointer: document)
    }
  }

  deinit { cmark_node_free(root.pointer) }
}
