package import Foundation

/// A numbered chart, drawn for light and for dark pages.
package struct FigureComponent: Hashable, Sendable {
  /// One chart as two PNG files of the same size.
  package struct Picture: Hashable, Sendable {
    package var light: Data
    package var dark: Data
    /// Size on the page in CSS pixels; the files may hold more for sharp screens.
    package var width: Int
    package var height: Int

    package init(light: Data, dark: Data, width: Int, height: Int) {
      self.light = light
      self.dark = dark
      self.width = width
      self.height = height
    }
  }

  /// The label, as in "fig-accuracy".
  package var anchor: String
  package var number: Int
  package var caption: HTML
  /// What the chart shows, in words.
  package var alternative: String
  package var picture: Picture
  /// The same chart laid out for a phone, about 350 pixels wide; without it a phone scrolls.
  package var narrow: Picture?
  package var footer: ResultFooter

  package init(
    anchor: String, number: Int, caption: HTML, alternative: String, picture: Picture,
    narrow: Picture? = nil, footer: ResultFooter
  ) {
    self.anchor = anchor
    self.number = number
    self.caption = caption
    self.alternative = alternative
    self.picture = picture
    self.narrow = narrow
    self.footer = footer
  }

  package var html: HTML {
    // On paper, whatever its width and the reader's theme, the light picture for all is right.
    let dark = "screen and (prefers-color-scheme: dark)"
    let phone = "screen and (max-width: 40rem)"
    let sources = [
      narrow.map { Self.source($0, $0.dark, media: "\(dark) and (max-width: 40rem)") },
      narrow.map { Self.source($0, $0.light, media: phone) },
      Self.source(picture, picture.dark, media: dark),
    ].compactMap(\.self).joined()
    return """
      <figure class="result" id="\(anchor)">
      <div class="scroll\(narrow == nil ? "" : " fits" as HTML)" role="region" \
      aria-label="Figure \(number)" tabindex="0"><picture>\(sources)\
      <img src="\(Self.address(picture.light))"\(Self.size(picture)) alt="\(alternative)">\
      </picture></div>
      <figcaption><span class="number">Figure \(number)</span> \(caption)</figcaption>
      \(footer.html)</figure>
      """
  }
}

extension FigureComponent {
  private static func source(_ picture: Picture, _ png: Data, media: String) -> HTML {
    "<source media=\"\(media)\" srcset=\"\(address(png))\"\(size(picture))>"
  }

  private static func size(_ picture: Picture) -> HTML {
    " width=\"\(picture.width)\" height=\"\(picture.height)\""
  }

  private static func address(_ png: Data) -> HTML {
    // Base 64 has no character that HTML would escape.
    HTML(trusted: "data:image/png;base64,\(png.base64EncodedString())")
  }
}
