import Experiments
import Formats
import Foundation

/// Finds references that lead nowhere, before anything runs.
enum ReferenceCheck {
  /// Unresolved references of the running text, of captions and of claims.
  ///
  /// - Parameter report: Read without a mistake.
  /// - Returns: One FT020 each, in the order of the source.
  package static func diagnostics(_ report: ParsedReport) -> [Diagnostic] {
    let table = ReferenceTable(report.document, styles: BlockRegistry.standard.references)
    let references =
      report.document.references + report.templates.flatMap(references(in:))
    return references.compactMap { label, position in
      table.entry(forReference: label) == nil
        ? problem(label, at: position, in: table) : nil
    }
    .sorted { $0.position < $1.position }
  }

  /// The references of a template with their places in the source.
  private static func references(
    in template: Template
  ) -> [(label: String, position: SourcePosition)] {
    let labels = labels(in: InlineMarkdown.inlines(template))
    let texts = template.pieces.compactMap { piece -> SourceText? in
      if case .text(let source) = piece { source } else { nil }
    }
    return labels.map { label in
      let mark = "@\(label)"
      let places = texts.lazy.compactMap { text in
        text.text.range(of: mark).map { range in
          text.position(
            at: text.text.utf8.distance(from: text.text.startIndex, to: range.lowerBound))
        }
      }
      return (label, places.first ?? template.position)
    }
  }

  private static func labels(in inlines: [DocumentInline]) -> [String] {
    inlines.flatMap { inline -> [String] in
      switch inline {
      case .reference(let label, _): [label]
      case .emphasis(let children), .strong(let children), .strikethrough(let children),
        .link(_, _, let children, _):
        labels(in: children)
      default: []
      }
    }
  }

  private static func problem(
    _ label: String, at position: SourcePosition, in table: ReferenceTable
  ) -> Diagnostic {
    let known = table.entries.map(\.anchor)
    let prefix = String(label.prefix { $0 != "-" }) + "-"
    let alike = known.filter { $0.starts(withBytes: prefix) }
    let help =
      Suggestion.closest(to: label, in: alike + known.filter { !alike.contains($0) })
      .map { "did you mean '@\($0)'?" }
      ?? (alike.isEmpty
        ? "no label of this report begins with '\(prefix)'"
        : "its labels: \(alike.map { "@\($0)" }.joined(separator: ", "))")
    return Diagnostic(
      .unresolvedReference, at: position, "nothing is labelled '\(label)'", help: help)
  }
}

extension ParsedReport {
  /// Links of captions that the page omits; the parser has already reported those of the running text.
  var unsafeAddresses: [Diagnostic] { templates.flatMap(InlineMarkdown.unsafeAddresses) }

  /// Pictures that cannot be put into the page, in the running text and in captions.
  func pictureDiagnostics(in workspace: Workspace) -> [Diagnostic] {
    let pictures = SourcePictures(of: workspace)
    return images.compactMap { source, position in
      // An address that no page may hold is reported where it is read.
      guard Address(source).isPicture else { return nil }
      do throws(PictureProblem) {
        _ = try pictures.picture(source)
        return nil
      } catch {
        let name = source.utf8.count > 80 ? "\(source.prefix(60))…" : source
        return Diagnostic(
          .unreadableFile, at: position, "the picture '\(name)' \(error.message)", help: error.help)
      }
    }
  }

  private var images: [(source: String, position: SourcePosition)] {
    document.images
      + templates.flatMap { template in
        Document.images(in: InlineMarkdown.inlines(template)).map { ($0.source, template.position) }
      }
  }
}
