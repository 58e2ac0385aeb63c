import Foundation

/// Fits an axis to the values it has to show.
struct AxisResolver {
  let axis: Axis
  /// What an error calls the axis.
  let name: String
  /// About how many steps between ticks the axis has room for.
  let stepCount: Int

  /// Fits a quantity.
  ///
  /// - Parameters:
  ///   - values: Estimates and samples, all of which must have a place.
  ///   - ends: Ends of intervals, which may be cut off at the start of a logarithmic axis.
  ///   - includesZero: Whether the fitted range has to include zero.
  ///   - isPadded: Whether a fitted range ends on round values; otherwise it ends on the data.
  /// - Returns: The axis with its ticks.
  /// - Throws: ``PlotError`` for a value, range or tick that the axis has no place for.
  func resolved(
    values: [Double], ends: [Double], includesZero: Bool, isPadded: Bool
  ) throws(PlotError) -> ResolvedAxis {
    try check()
    if case .logarithmic(let base) = axis.scale {
      return try logarithmic(values: values, ends: ends, base: base, isPadded: isPadded)
    }
    let all = values + ends + (axis.ticks ?? []) + (includesZero || axis.includesZero ? [0] : [])
    let extent = axis.domain ?? Self.extent(all) ?? (0...1)
    let unit = axis.format.sharedUnit(
      for: max(abs(extent.lowerBound), abs(extent.upperBound)))
    var range = extent
    if extent.lowerBound == extent.upperBound {
      let margin = max(abs(extent.lowerBound) * 0.1, unit.factor)
      range = (extent.lowerBound - margin)...(extent.upperBound + margin)
    }
    let step =
      RoundSteps.step(
        span: (range.upperBound - range.lowerBound) / unit.factor, count: stepCount) * unit.factor
    let isSingle = extent.lowerBound == extent.upperBound
    if axis.domain == nil, isPadded || isSingle { range = rounded(range, to: step, data: extent) }
    let marks = axis.ticks ?? RoundSteps.multiples(of: step, in: range)
    let decimals =
      axis.ticks.map { ticks in
        ticks.map { RoundSteps.decimals(for: abs($0 / unit.factor)) }.max() ?? 0
      } ?? RoundSteps.decimals(for: step / unit.factor)
    return make(.linear(range), marks) { axis.format.label($0, in: unit, decimals: decimals) }
  }

  /// Fits names and numbers to slots.
  func banded(_ coordinates: [Coordinate]) -> ResolvedAxis {
    var seen: Set<Coordinate> = []
    let distinct = coordinates.filter { seen.insert($0).inserted }
    let numbers = distinct.compactMap(\.number).sorted()
    let slots: [Coordinate] =
      numbers.map { .number($0) }
      + distinct.filter { if case .category = $0 { true } else { false } }
    let labels = slots.map { slot in
      switch slot {
      case .category(let name): name
      case .number(let value):
        axis.format == .plain
          ? ValueFormat.number(value, decimals: RoundSteps.decimals(for: abs(value)))
          : axis.format.text(value)
      }
    }
    let ticks = zip(slots.indices, labels).map { index, label in
      Tick(fraction: (Double(index) + 0.5) / Double(slots.count), label: label)
    }
    return ResolvedAxis(title: axis.title, scale: .band(slots), ticks: ticks)
  }

  private func check() throws(PlotError) {
    if case .logarithmic(let base) = axis.scale, base < 2 {
      throw .logarithmBase(base, axis: name)
    }
    if let domain = axis.domain {
      let span = domain.upperBound - domain.lowerBound
      guard span.isFinite, span > 0 else { throw .invalidDomain(axis: name) }
    }
    guard (axis.ticks ?? []).allSatisfy(\.isFinite) else { throw .invalidDomain(axis: name) }
  }

  private func logarithmic(
    values: [Double], ends: [Double], base: Int, isPadded: Bool
  ) throws(PlotError) -> ResolvedAxis {
    let wanted = values + (axis.ticks ?? []) + (axis.domain.map { [$0.lowerBound] } ?? [])
    if let bad = wanted.first(where: { $0 <= 0 }) { throw .notPositive(value: bad, axis: name) }
    var range = axis.domain ?? Self.extent(wanted + ends.filter { $0 > 0 }) ?? (1...10)
    if axis.domain == nil {
      let ratio = range.upperBound / range.lowerBound
      let margin = ratio > 1 ? (isPadded ? pow(ratio, 0.06) : 1) : Double(base)
      range = (range.lowerBound / margin)...(range.upperBound * margin)
    }
    let marks = axis.ticks ?? RoundSteps.powers(of: base, in: range, count: stepCount)
    return make(.logarithmic(range), marks) { value in
      switch axis.format {
      case .plain: ValueFormat.number(value, decimals: RoundSteps.decimals(for: value))
      // Powers of ten stay round in seconds, and do not in minutes.
      case .seconds: axis.format.label(value, in: axis.format.unit(for: min(value, 1)), decimals: 0)
      case .percent, .bytes: axis.format.text(value)
      }
    }
  }

  /// Widens a range to multiples of a step, but not past zero or 100 % unless the data is.
  private func rounded(
    _ range: ClosedRange<Double>, to step: Double, data: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    let margin = (range.upperBound - range.lowerBound) * 0.02
    var low = floor((range.lowerBound - margin) / step + 1e-9) * step
    var high = ceil((range.upperBound + margin) / step - 1e-9) * step
    if data.lowerBound >= 0 { low = max(low, 0) }
    if data.upperBound <= 0 { high = min(high, 0) }
    if axis.format == .percent, data.upperBound <= 1 { high = min(high, 1) }
    return low < high ? low...high : range
  }

  private func make(
    _ scale: Scale, _ marks: [Double], label: (Double) -> String
  ) -> ResolvedAxis {
    let ticks = marks.compactMap { mark -> Tick? in
      guard let fraction = scale.fraction(of: mark), (-1e-6...1 + 1e-6).contains(fraction) else {
        return nil
      }
      return Tick(fraction: fraction, label: label(mark))
    }
    return ResolvedAxis(title: axis.title, scale: scale, ticks: ticks)
  }

  private static func extent(_ values: [Double]) -> ClosedRange<Double>? {
    let finite = values.filter { $0.isFinite && abs($0) < 1e300 }
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return low...high
  }
}

/// Round values for ticks.
enum RoundSteps {
  /// The smallest of 1, 2, 2.5 and 5 times a power of ten that needs at most `count` steps.
  static func step(span: Double, count: Int) -> Double {
    guard span > 0, span.isFinite, count > 0 else { return 1 }
    let raw = span / Double(count)
    let power = pow(10, floor(log10(raw)))
    // The slack keeps 0.1 + 0.2 from needing the next larger step.
    let factor = [1, 2, 2.5, 5].first { $0 * power >= raw * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// How many decimals show every multiple of a step exactly, at most 6.
  static func decimals(for step: Double) -> Int {
    (0..<6).first { digits in
      let scaled = step * pow(10, Double(digits))
      return scaled >= 1 - 1e-9 && abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled)
    } ?? 6
  }

  /// The multiples of a step within a range.
  static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
    let first = ceil(range.lowerBound / step - 1e-9)
    let last = floor(range.upperBound / step + 1e-9)
    guard first <= last, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
  }

  /// Powers of a base within a range, thinned to at most `count`; 1, 2 and 5 join sparse tens.
  static func powers(of base: Int, in range: ClosedRange<Double>, count: Int) -> [Double] {
    let base = Double(base)
    let first = ceil(log(range.lowerBound) / log(base) - 1e-9)
    let last = floor(log(range.upperBound) / log(base) + 1e-9)
    let exponents = first <= last ? Array(stride(from: first, through: last, by: 1)) : []
    if base == 10, exponents.count < 3 {
      let slack = (range.lowerBound * (1 - 1e-9))...(range.upperBound * (1 + 1e-9))
      let tens = stride(from: first - 1, through: last + 1, by: 1).map { pow(10, $0) }
      return tens.flatMap { [$0, 2 * $0, 5 * $0] }.filter(slack.contains)
    }
    let stepping = max(1, Int((Double(exponents.count) / Double(max(1, count))).rounded(.up)))
    return exponents.enumerated().filter { $0.offset % stepping == 0 }.map { pow(base, $0.element) }
  }
}
