import Testing

@testable import Plot

@Suite("Scales and ticks") struct ScaleTests {
  @Test(
    "steps are round and few enough",
    arguments: [
      (1.0, 5, 0.2), (0.3, 6, 0.05), (97, 5, 20), (1e-4, 4, 2.5e-5), (10, 4, 2.5), (7, 7, 1),
    ])
  func steps(span: Double, count: Int, expected: Double) {
    #expect(abs(RoundSteps.step(span: span, count: count) / expected - 1) < 1e-9)
  }

  @Test("steps of an unusable span are harmless", arguments: [0, -1, Double.nan, .infinity])
  func unusableSpan(span: Double) {
    #expect(RoundSteps.step(span: span, count: 5) == 1)
  }

  @Test(
    "decimals show every multiple of a step", arguments: [(0.25, 2), (20, 0), (0.1, 1), (2.5, 1)])
  func decimals(step: Double, expected: Int) {
    #expect(RoundSteps.decimals(for: step) == expected)
  }

  @Test("powers thin out on long axes and gain 2 and 5 on short ones")
  func powers() {
    #expect(RoundSteps.powers(of: 2, in: 2...128, count: 8) == [2, 4, 8, 16, 32, 64, 128])
    #expect(RoundSteps.powers(of: 2, in: 1...1024, count: 6) == [1, 4, 16, 64, 256, 1024])
    #expect(RoundSteps.powers(of: 10, in: 3...70, count: 6) == [5, 10, 20, 50])
  }

  @Test("a logarithmic scale gives equal ratios equal lengths")
  func logarithmic() throws {
    let scale = Scale.logarithmic(2...128)
    let places = try [2, 16, 128].map { try #require(scale.fraction(of: Double($0))) }
    #expect(abs(places[1] - 0.5) < 1e-12)
    #expect(places[0] == 0 && places[2] == 1)
    #expect(scale.fraction(of: 0) == 0, "an interval may reach down to zero")
  }

  @Test("slots are numbers ascending, then names as they appear")
  func slots() {
    let axis = AxisResolver(axis: Axis(), name: "x", stepCount: 5).banded(
      [.number(16), .category("b"), .number(2), .category("a"), .number(16)])
    #expect(axis.ticks.map(\.label) == ["2", "16", "b", "a"])
  }

  @Test("a fitted percent axis stays within 0 and 100 %")
  func percent() throws {
    let axis = try AxisResolver(axis: Axis(format: .percent), name: "y", stepCount: 5).resolved(
      values: [0.01, 0.99], ends: [], includesZero: false, isPadded: true)
    #expect(axis.scale == .linear(0...1))
    #expect(axis.ticks.map(\.label).first == "0\u{202F}%")
    #expect(axis.ticks.map(\.label).last == "100\u{202F}%")
  }

  @Test("equal values get room around them", arguments: [0, 0.5, -3, 1e9])
  func equalValues(value: Double) throws {
    let axis = try AxisResolver(axis: Axis(), name: "y", stepCount: 5).resolved(
      values: [value, value], ends: [], includesZero: false, isPadded: true)
    let fraction = try #require(axis.scale.fraction(of: value))
    #expect((0...1).contains(fraction))
    #expect(axis.ticks.count > 1)
  }

  @Test("bytes count in binary units, and an axis has one of them")
  func bytes() throws {
    let axis = try AxisResolver(axis: Axis(format: .bytes), name: "y", stepCount: 5).resolved(
      values: [2200 * 1_048_576], ends: [], includesZero: true, isPadded: true)
    #expect(
      axis.ticks.map(\.label)
        == ["0", "500", "1,000", "1,500", "2,000", "2,500"].map { $0 + "\u{A0}MiB" })
  }

  @Test(
    "values read in three digits with their unit",
    arguments: [
      (ValueFormat.percent, 0.693, "69.3\u{202F}%"), (.bytes, 1.331e9, "1.24\u{A0}GiB"),
      (.bytes, 512, "512\u{A0}B"), (.seconds, 0.0123, "12.3\u{A0}ms"),
      (.seconds, 95, "95\u{A0}s"), (.seconds, 9000, "2.50\u{A0}h"), (.plain, -0.25, "−0.25"),
      (.plain, 1_234_567, "1,234,567"), (.plain, -0.001, "0.00"), (.plain, .nan, "–"),
    ])
  func text(format: ValueFormat, value: Double, expected: String) {
    #expect(format.text(value) == expected)
  }
}
