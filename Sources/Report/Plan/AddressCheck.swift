import Formats

extension ParsedReport {
  /// What captions link to and the page leaves out; of the running text the parser has told it.
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
