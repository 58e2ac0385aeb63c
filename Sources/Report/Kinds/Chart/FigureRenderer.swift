import Experiments
import Formats
import Foundation
import Plot

extension ChartBlock {
  static func evaluated(
    _ blocks: [ChartBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.map { EvaluatedChart(block: $0, evaluation: evaluation) }
  }
}

/// A chart with the results it shows.
private struct EvaluatedChart: EvaluatedBlock {
  let block: ChartBlock
  let evaluation: EvaluatedResults

  var label: String { block.label }

  func html(in setting: PageSetting) throws(RenderingError) -> HTML {
    try FigureRenderer(
      experiments: evaluation.experiments, estimates: evaluation.estimates, prose: setting.prose,
      painter: setting.painter, csv: setting.csv, texts: evaluation.texts
    ).figure(block).html
  }
}

/// Makes the figure of a chart block.
struct FigureRenderer {
  let experiments: [PlannedExperiment]
  let estimates: EstimateTable
  let prose: Prose
  let painter: ChartPainter
  /// Address of the report's CSV file, relative to the page.
  let csv: String
  var texts: [String: LoadedTask] = [:]

  /// Colours and markers of every method of the report, so that figures agree.
  private func styles(of data: FigureData) -> StyleBook {
    var seen: Set<String> = []
    let names = experiments.flatMap(\.shape.methods) + data.styleNames
    return StyleBook(names: names.filter { seen.insert($0).inserted })
  }

  /// The figure with its pictures.
  ///
  /// - Parameter block: What to show.
  /// - Returns: The figure.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  func figure(_ block: ChartBlock) throws(RenderingError) -> FigureComponent {
    let data = FigureBuilder(
      block, estimates: estimates, experiments: experiments, texts: texts
    ).data()
    let chart = data.chart(styles: styles(of: data))
    let entry = prose.references.entry(ofBlock: block.label)
    let title = block.title.map { title in
      "<strong>\(prose.html(title)).</strong> " as HTML
    }
    let pictures: [FigureComponent.Picture]
    do {
      pictures = [
        try painter.picture(of: chart, width: ChartPainter.wideWidth),
        try painter.picture(of: chart, width: ChartPainter.narrowWidth),
      ]
    } catch {
      throw RenderingError(label: block.label, position: block.position, reason: "\(error)")
    }
    return FigureComponent(
      anchor: entry?.anchor ?? block.label, number: entry?.number ?? 0,
      // One element, which the style sheet sets apart from the number.
      caption: "<span>\(title)\(prose.html(block.caption)) \(data.reading)</span>",
      alternative: block.alternative.map(prose.text) ?? data.alternative,
      picture: pictures[0], narrow: pictures[1],
      footer: ResultFooter(
        data: data.grid, csv: csv,
        provenance: experiments.origin(of: block.selection.experiments.map(\.value))))
  }
}

/// A numbered chart, drawn for light and for dark pages.
struct FigureComponent: Hashable, Sendable {
  /// One chart as two PNG files of the same size.
  struct Picture: Hashable, Sendable {
    var light: Data
    var dark: Data
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
  var anchor: String
  package var number: Int
  var caption: HTML
  /// What the chart shows, in words.
  var alternative: String
  var picture: Picture
  /// The same chart laid out for a phone, about 350 pixels wide; without it a phone scrolls.
  var narrow: Picture?
  var footer: ResultFooter

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
