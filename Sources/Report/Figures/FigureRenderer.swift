package import Formats
import Foundation
import Plot

/// Makes the figure of a chart block.
struct FigureRenderer {
  let plan: ReportPlan
  let estimates: EstimateTable
  let prose: Prose
  let painter: ChartPainter
  /// Address of the report's CSV file, relative to the page.
  let csv: String

  /// Colours and markers of every method of the report, so that figures agree.
  private func styles(of data: FigureData) -> StyleBook {
    var seen: Set<String> = []
    let names = plan.experiments.flatMap(\.shape.methods) + data.styleNames
    return StyleBook(names: names.filter { seen.insert($0).inserted })
  }

  /// The figure with its pictures.
  ///
  /// - Parameter block: What to show.
  /// - Returns: The figure.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  func figure(_ block: ChartBlock) throws(RenderingError) -> FigureComponent {
    let data = FigureBuilder(block, estimates: estimates, plan: plan).data()
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
        provenance: plan.origin(of: block.selection.experiments.map(\.value))))
  }
}

/// A picture that could not be drawn.
package struct RenderingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Of the chart block.
  package let label: String
  package let position: SourcePosition
  /// What went wrong and what to do about it.
  package let reason: String

  package var description: String { "\(position): error: figure '\(label)': \(reason)" }
}

extension ReportPlan {
  /// What the numbers of shots of some experiments count: "examples per class" or "examples".
  func shotWords(_ selection: BlockSelection) -> String {
    let labels = Set(selection.experiments.map(\.value))
    let counted = experiments.filter { labels.contains($0.block.label) }.map(\.block.shotsPer.value)
    return counted.allSatisfy { $0 == .class } ? "examples per class" : "examples"
  }

  /// Where numbers come from: "lowres · 126 cells · 6 seeds".
  func origin(of labels: [String]) -> String {
    labels.compactMap { label -> String? in
      guard let experiment = experiments.first(where: { $0.block.label == label }) else {
        return nil
      }
      let cells = Set(experiment.places.map(\.key)).count
      let seeds = experiment.shape.seeds.count
      return "\(label) · \(cells) \(cells == 1 ? "cell" : "cells") · \(seeds) "
        + (seeds == 1 ? "seed" : "seeds")
    }.joined(separator: "; ")
  }
}
