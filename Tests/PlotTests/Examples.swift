@testable import Plot

/// Charts of every kind with made-up but realistic numbers.
enum Example: String, CaseIterable {
  case crowdedLines
  case fewLines
  case ranks
  case curves
  case dots
  case forest
  case bars
  case memory
  case pareto
  case strips
  case heat
  case references

  static let methods = [
    "vanilla", "pbft", "icl", "zero-shot", "adaptive", "lora", "context-distillation",
  ]
  static let shots = [2.0, 16, 32, 64, 128]
  static let rules = [
    Rule(at: 0.5, label: "chance 50 %"), Rule(at: 0.693, label: "majority class 69.3 %"),
  ]
  static let accuracy = Axis(title: "accuracy, mean of 5 seeds", format: .percent)
  static let examples = Axis(
    title: "examples per class", scale: .logarithmic(base: 2), ticks: shots)

  var chart: Chart {
    switch self {
    case .crowdedLines: Self.panels(.line(.automatic), Self.examples, Self.methods, gain: 0.02)
    case .fewLines:
      Chart(
        mark: .line(.band), x: Self.examples, y: Self.accuracy,
        panels: [
          Panel(
            series: Self.series(["vanilla", "lora", "icl"], gain: 0.05), rules: [Self.rules[0]])
        ])
    case .ranks:
      Self.panels(
        .line(.whisker), Self.examples, [1, 2, 4, 8, 64].map { "lora-r\($0)" }, gain: 0.03)
    case .curves: Self.curveChart
    case .dots:
      Self.panels(
        .dot, Axis(title: "examples per class", scale: .categorical), Self.methods, gain: 0.01)
    case .forest:
      Chart(
        mark: .dot, x: Axis(scale: .categorical), y: Self.accuracy,
        panels: ["in-domain", "out-of-domain"].map { title in
          Panel(
            title: title,
            series: Self.methods.enumerated().map { index, name in
              Series(name: name, points: [Self.point(.category(name), 0.5 + 0.02 * Double(index))])
            }, rules: Self.rules)
        })
    case .bars:
      Self.panels(.bar, Axis(scale: .categorical), ["vanilla", "lora", "icl"], gain: 0.03)
    case .memory: Self.memoryChart
    case .pareto: Self.paretoChart
    case .strips:
      Self.panels(
        .strip, Axis(title: "examples per class", scale: .categorical), ["vanilla", "lora", "icl"],
        gain: 0.03)
    case .heat: Self.heatChart
    case .references: Self.referenceChart
    }
  }

  /// A spread that looks random and never changes.
  static func point(_ x: Coordinate, _ mean: Double) -> Point {
    let samples = [-0.031, -0.012, 0.004, 0.011, 0.028].map { mean + $0 * (1 + mean) }
    return Point(
      x: x, y: mean, interval: Interval(mean - 0.018, mean + 0.018), samples: samples)
  }

  static func series(_ names: [String], gain: Double) -> [Series] {
    names.enumerated().map { index, name in
      let points = shots.enumerated().map { step, count in
        point(
          .number(count), 0.49 + gain * Double(step) * (0.6 + 0.2 * Double(index % 4)))
      }
      return Series(name: name, points: points)
    }
  }

  private static func panels(
    _ mark: ChartMark, _ x: Axis, _ names: [String], gain: Double
  ) -> Chart {
    Chart(
      mark: mark, x: x, y: accuracy,
      panels: [
        Panel(title: "in-domain", series: series(names, gain: gain), rules: rules),
        Panel(title: "out-of-domain", series: series(names, gain: gain / 2), rules: rules),
      ])
  }

  private static var curveChart: Chart {
    let series = ["vanilla", "lora"].enumerated().map { index, name in
      Series(
        name: name,
        points: (0..<60).map { step in
          Point(
            x: .number(Double(step)), y: 0.7 / (1 + Double(step) * 0.05 * Double(index + 1)))
        })
    }
    return Chart(
      mark: .line(.hidden), x: Axis(title: "step"),
      y: Axis(title: "training loss (nats)", includesZero: true), panels: [Panel(series: series)])
  }

  /// Methods as rows, examples as columns, one cell missing.
  private static var heatChart: Chart {
    let series = shots.enumerated().map { column, count in
      Series(
        name: "\(Int(count))",
        points: methods.enumerated().map { row, name in
          Point(
            x: .category(name),
            y: row == 3 && column == 1 ? nil : 0.5 + 0.01 * Double(row * column))
        })
    }
    return Chart(
      mark: .heat(Shades(domain: 0.5...0.74, format: .percent)), x: Axis(scale: .categorical),
      y: Axis(title: "examples per class"),
      panels: ["in-domain", "out-of-domain"].map { Panel(title: $0, series: series) })
  }

  /// Two measured series and what was published of one of them.
  private static var referenceChart: Chart {
    let measured = series(["vanilla", "lora"], gain: 0.05)
    let published = Series(
      name: "published: lora", styleName: "lora",
      points: [Point(x: .number(2), y: 0.52), Point(x: .number(128), y: 0.61)], isReference: true)
    return Chart(
      mark: .line(.automatic), x: examples, y: accuracy,
      panels: [Panel(series: measured + [published], rules: [rules[0]])])
  }

  private static let mebibytes: [(name: String, parts: [Double])] = [
    ("zero-shot", [477, 0, 0, 12]), ("icl", [477, 0, 0, 90]), ("lora-r8", [478, 1, 2, 140]),
    ("adaptive", [477, 90, 180, 60]), ("vanilla", [477, 477, 954, 180]),
    ("pbft", [477, 477, 954, 190]), ("context-distillation", [477, 477, 954, 220]),
  ]

  private static var memoryChart: Chart {
    let parts = ["weights", "gradients", "optimizer", "activations"]
    let series = parts.enumerated().map { index, part in
      Series(
        name: part,
        points: mebibytes.map { Point(x: .category($0.name), y: $0.parts[index] * 1_048_576) })
    }
    return Chart(
      mark: .stack, x: Axis(), y: Axis(title: "peak memory", format: .bytes),
      panels: [Panel(series: series)])
  }

  private static var paretoChart: Chart {
    let gains = [0.01, 0.07, 0.09, 0.06, 0.075, 0.078, 0.11]
    let series = zip(mebibytes, gains).map { method, gain in
      let bytes = method.parts.reduce(0, +) * 1_048_576
      return Series(
        name: method.name,
        points: [
          Point(
            x: .number(bytes), y: 0.5 + gain, interval: Interval(0.49 + gain, 0.51 + gain),
            xInterval: Interval(bytes * 0.98, bytes * 1.02))
        ])
    }
    return Chart(
      mark: .scatter(.lowXHighY),
      x: Axis(title: "peak memory", scale: .logarithmic(base: 2), format: .bytes), y: accuracy,
      panels: [Panel(series: series, rules: [rules[0]])])
  }
}

extension TextMetrics {
  /// Every character a little over half its size wide: the same on every machine.
  static let fixed = TextMetrics { text, style in Double(text.count) * style.size * 0.56 }
}
