/// The headings of a page as links, two levels deep.
package struct TableOfContents: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    /// Whether it belongs under the entry before it.
    package var isNested: Bool
    package var id: String
    /// Without links of its own.
    package var title: HTML

    package init(isNested: Bool, id: String, title: HTML) {
      self.isNested = isNested
      self.id = id
      self.title = title
    }
  }

  package var entries: [Entry]

  package init(entries: [Entry]) {
    self.entries = entries
  }

  package var html: HTML {
    var sections: [(top: Entry, nested: [Entry])] = []
    for entry in entries {
      // A nested entry with nothing above it stands as a top one.
      if entry.isNested, let last = sections.indices.last {
        sections[last].nested.append(entry)
      } else {
        sections.append((entry, []))
      }
    }
    let items = sections.map { section -> HTML in
      let nested = section.nested.map { "<li>\(Self.link($0))</li>\n" as HTML }.joined()
      let list: HTML = nested.isEmpty ? "" : "\n<ol>\n\(nested)</ol>\n"
      return "<li>\(Self.link(section.top))\(list)</li>\n"
    }
    return "<ol>\n\(items.joined())</ol>"
  }

  private static func link(_ entry: Entry) -> HTML {
    "<a href=\"#\(address: entry.id)\">\(entry.title)</a>"
  }
}
