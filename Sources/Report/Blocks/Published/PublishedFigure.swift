import Formats

/// A number as it was published: `0.615`, or `61.5%`.
package struct PublishedFigure: Hashable, Sendable {
  private let number: Double
  private let isPercent: Bool

  /// Reads a text; nil for what is no finite number.
  init?(_ text: String) {
    let digits = String(text.unicodeScalars.filter { $0 != " " && $0 != "\u{A0}" })
    isPercent = digits.ends(withBytes: "%")
    guard let number = Double(digits.dropping(lastBytes: isPercent ? 1 : 0)), number.isFinite else {
      return nil
    }
    self.number = number
  }

  /// The value in the unit the report measures in.
  ///
  /// - Parameters:
  ///   - metric: A share is divided by 100 where it was written in percent.
  ///   - scale: How the publication writes shares.
  /// - Returns: The value.
  func value(of metric: MetricPath, scale: PublishedBlock.Scale) -> Double {
    isPercent || (scale == .percent && metric.unit == .share) ? number / 100 : number
  }
}
