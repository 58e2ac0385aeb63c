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

/// A view of one node of a ``CMarkTree``, valid while the tree lives; only this folder sees it.
struct CMarkNode {
  enum Kind {
    case blockQuote, list, item, codeBlock, htmlBlock, paragraph, heading, thematicBreak
    case footnoteDefinition, table, tableRow, tableCell
    case text, softBreak, lineBreak, code, htmlInline, emphasis, strong, strikethrough
    case link, image, footnoteReference
    case other
  }

  let pointer: OpaquePointer

  var kind: Kind {
    switch cmark_node_get_type(pointer) {
    case CMARK_NODE_BLOCK_QUOTE: .blockQuote
    case CMARK_NODE_LIST: .list
    case CMARK_NODE_ITEM: .item
    case CMARK_NODE_CODE_BLOCK: .codeBlock
    case CMARK_NODE_HTML_BLOCK: .htmlBlock
    case CMARK_NODE_PARAGRAPH: .paragraph
    case CMARK_NODE_HEADING: .heading
    case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
    case CMARK_NODE_FOOTNOTE_DEFINITION: .footnoteDefinition
    case CMARK_NODE_TEXT: .text
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    case CMARK_NODE_CODE: .code
    case CMARK_NODE_HTML_INLINE: .htmlInline
    case CMARK_NODE_EMPH: .emphasis
    case CMARK_NODE_STRONG: .strong
    case CMARK_NODE_LINK: .link
    case CMARK_NODE_IMAGE: .image
    case CMARK_NODE_FOOTNOTE_REFERENCE: .footnoteReference
    default: extensionKind
    }
  }

  var children: [CMarkNode] {
    var found: [CMarkNode] = []
    var next = cmark_node_first_child(pointer)
    while let child = next {
      found.append(CMarkNode(pointer: child))
      next = cmark_node_next(child)
    }
    return found
  }

  var literal: String { Self.string(cmark_node_get_literal(pointer)) }
  var destination: String { Self.string(cmark_node_get_url(pointer)) }
  var title: String { Self.string(cmark_node_get_title(pointer)) }
  var info: String { Self.string(cmark_node_get_fence_info(pointer)) }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }

  /// Lines and columns count from 1 within the text given to cmark; 0 where it does not know.
  var startLine: Int { Int(cmark_node_get_start_line(pointer)) }
  var startColumn: Int { Int(cmark_node_get_start_column(pointer)) }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) }

  /// The first number of an ordered list, or nil for bullets.
  var listStart: Int? {
    cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST
      ? Int(cmark_node_get_list_start(pointer)) : nil
  }

  var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }

  /// The state of a task list item's box, or nil for an ordinary item.
  var isChecked: Bool? {
    extensionName == "tasklist" ? cmark_gfm_extensions_get_tasklist_item_checked(pointer) : nil
  }

  var columnAlignments: [DocumentTable.Alignment] {
    let count = Int(cmark_gfm_extensions_get_table_columns(pointer))
    guard let letters = cmark_gfm_extensions_get_table_alignments(pointer) else {
      return Array(repeating: .automatic, count: count)
    }
    return UnsafeBufferPointer(start: letters, count: count).map { letter in
      switch letter {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: .automatic
      }
    }
  }

  private var extensionName: String { Self.string(cmark_node_get_type_string(pointer)) }

  private var extensionKind: Kind {
    switch extensionName {
    case "table": .table
    case "table_row", "table_header": .tableRow
    case "table_cell": .tableCell
    case "strikethrough": .strikethrough
    case "tasklist": .item
    default: .other
    }
  }

  private static func string(_ bytes: UnsafePointer<CChar>?) -> String {
    bytes.map { String(cString: $0) } ?? ""
  }
}
