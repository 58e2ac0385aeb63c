/// Why a chart could not be drawn.
package enum PlotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing to lay out.
  case noPanels
  /// The width, in CSS pixels, leaves no room for a plot or is absurdly large.
  case widthOutOfRange(Int)
  /// The height of a plot, in CSS pixels, is too small or absurdly large.
  case heightOutOfRange(Int)
  /// A logarithmic axis was given a value it has no place for.
  case notPositive(value: Double, axis: String)
  /// A logarithmic axis has a base below 2.
  case logarithmBase(Int, axis: String)
  /// A requested range or tick is not a usable number.
  case invalidDomain(axis: String)
  /// Neither Inter nor DejaVu Sans is installed.
  case noFont
  /// The drawing library had no memory for an image, sizes in device pixels.
  case allocationFailed(width: Int, height: Int)
  /// The drawing library could not draw a text with an installed font.
  case textFailed(String)
  /// The drawing library could not write a PNG.
  case encodingFailed

  /// What went wrong, and what to do about it.
  package var description: String {
    switch self {
    case .noPanels: "the chart has no panels; give it at least one"
    case .widthOutOfRange(let width):
      "a chart cannot be \(width) px wide; choose a width from 240 to 2400"
    case .heightOutOfRange(let height):
      "a plot cannot be \(height) px high; choose a height from 40 to 4000"
    case .notPositive(let value, let axis):
      "the \(axis) axis is logarithmic and cannot show \(value); use a linear or categorical scale"
    case .logarithmBase(let base, let axis):
      "the \(axis) axis has logarithm base \(base); use 2 or more"
    case .invalidDomain(let axis):
      "the \(axis) axis has a range or tick that is empty or not finite; give finite numbers, low < high"
    case .noFont: "no font found; install one with: apt-get install fonts-inter fonts-dejavu-core"
    case .allocationFailed(let width, let height):
      "not enough memory for an image of \(width) × \(height) pixels; draw fewer charts at once"
    case .textFailed(let reason):
      "a text could not be drawn (\(reason)); reinstall the font: apt-get install --reinstall fonts-inter"
    case .encodingFailed: "libgd could not write the PNG; check that libgd was built with libpng"
    }
  }
}
