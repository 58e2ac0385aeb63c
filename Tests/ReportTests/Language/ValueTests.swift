import Testing

@testable import Experiments
@testable import Report

@Suite struct ValueTests {
  static let frame = ResultSamples.frame([
    ("lora", [0.62, 0.58, 0.71, 0.66, 0.69, 0.63]), ("full", [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
    ("bad", [0.4, nil, nil, nil, nil, nil]), ("none", []),
  ])

  @Test(
    "values are written in their format",
    arguments: [
      ("e[lora].ood.accuracy:pct", "64.8\u{A0}%"), ("e[lora,128].ood.accuracy", "0.648"),
      ("e[lora].ood.accuracy:pct±", "64.8 ± 4.8\u{A0}%"),
      ("e[lora].ood.accuracy:pct+-", "64.8 ± 4.8\u{A0}%"),
      ("e[lora].ood.accuracy:.2", "0.65"), ("e[lora,seed=1].ood.accuracy:.2±", "0.58"),
      ("e[method=lora, shots=128, seed=1].ood.accuracy : .2", "0.58"),
      ("e[lora].ood.accuracy - e[full].ood.accuracy:points", "14.8\u{A0}points"),
      ("e[full].ood.accuracy - e[lora].ood.accuracy:points", "−14.8\u{A0}points"),
      ("e[lora].ood.accuracy / e[full].ood.accuracy:x", "1.3×"),
      ("(e[lora].ood.accuracy - 0.5) * 2:.3", "0.297"), ("1 - e[full].ood.accuracy", "0.500"),
      ("-e[full].ood.accuracy:.1", "−0.5"), ("e[full].ood.accuracy - 50%:.1", "0.0"),
      ("min(e[lora].ood.accuracy)", "0.580"), ("max(e[lora].ood.accuracy)", "0.710"),
      ("sd(e[lora].ood.accuracy):.3", "0.048"), ("count(e[lora].ood.accuracy)", "6"),
      ("mean(e[lora].ood.accuracy) × 2:.2", "1.30"), ("e[lora].memory.peak", "1.2\u{A0}MiB"),
      ("e[lora].memory.key-value", "7\u{A0}B"), ("e[lora].memory.resident:int", "9"),
      ("e[lora].memory.weights:bytes", "100\u{A0}B"), ("e[lora].train.loss", "0.500"),
      ("e[lora].train.seconds", "2.5\u{A0}s"), ("e[lora].train.tokens", "3,456"),
      ("e[lora].train.steps", "12"), ("e[lora].seconds:s", "3.4\u{A0}s"),
      ("e[lora].trainable-parameters", "98,304"), ("2 + 3 * 4:int", "14"),
      ("(2 + 3) * 4:int", "20"), ("7 - 2 - 1:int", "4"), ("8 / 4 / 2:int", "1"),
      ("5% + 1e-1:pct", "15.0\u{A0}%"),
    ])
  func text(written: String, expected: String) throws {
    let value = try ResultSamples.value(written)
    #expect(value.check(against: Self.frame.catalog).isEmpty)
    let rendered = value.rendered(in: Self.frame)
    #expect(rendered.text == expected)
    #expect(!rendered.isMissing)
    #expect(!rendered.isPartial)
  }

  @Test(
    "tooltips say how a value came about",
    arguments: [
      (
        "e[lora].ood.accuracy:pct",
        "mean of 6 seeds, 95\u{A0}% interval (seeds only) 59.8–69.9\u{A0}%"
      ),
      (
        "e[lora].ood.accuracy:pct±",
        "mean ± sd of 6 seeds, 95\u{A0}% interval (seeds only) 59.8–69.9\u{A0}%"
      ),
      ("e[full].ood.accuracy", "mean of 6 seeds, all equal"),
      ("e[lora,seed=1].ood.accuracy", "one seed (1)"),
      ("max(e.ood.accuracy) - 0.1:.2", "max(e.ood.accuracy) - 0.1; missing: "),
      (
        "e[bad].ood.accuracy",
        "one seed (0); missing: bad at 128 shots, seed 1: not run; bad at 128 shots, "
          + "seed 2: not run; bad at 128 shots, seed 3: not run; and 2 more"
      ),
    ])
  func tooltip(written: String, expected: String) throws {
    let rendered = try ResultSamples.value(written).rendered(in: Self.frame)
    #expect(rendered.tooltip.hasPrefix(expected), "\(rendered.tooltip)")
  }

  @Test("a value some of whose cells are absent is marked partial")
  func partial() throws {
    #expect(try ResultSamples.value("e[bad].ood.accuracy").rendered(in: Self.frame).isPartial)
  }

  @Test(
    "a value that does not exist is a dash with the reason",
    arguments: [
      ("e[none,seed=2].ood.accuracy", "missing: none at 128 shots, seed 2: not run"),
      ("e[lora,seed=2].ood.mcc", "missing: lora at 128 shots, seed 2: not a number"),
      ("e[lora,seed=2].id.accuracy", "missing: lora at 128 shots, seed 2: not evaluated on 'id'"),
      ("e[lora,seed=2].ood.f1", "missing: lora at 128 shots, seed 2: no 'f1' on 'ood'"),
      (
        "e[lora,seed=2].train.accuracy",
        "missing: lora at 128 shots, seed 2: train.accuracy was not recorded"
      ),
      ("e[lora,seed=2].demonstrations", "missing: lora at 128 shots, seed 2: no demonstrations"),
      ("e[lora].ood.accuracy / 0", "the calculation has no finite result"),
      ("1 / 0", "the calculation has no finite result"),
      ("f[lora].ood.accuracy", "there are no results of 'f'"),
    ])
  func missing(written: String, reason: String) throws {
    let rendered = try ResultSamples.value(written).rendered(in: Self.frame)
    #expect(rendered.text == "—")
    #expect(rendered.tooltip == reason)
    #expect(rendered.isMissing)
  }

  @Test("failed and diverged cells say so")
  func failures() throws {
    let entries = [
      (CellResult.Status.diverged(step: 12), 0), (.failed(reason: "worker died"), 1),
    ].map { status, seed in
      ExperimentResults.Entry(
        method: "a", shots: 2, seed: seed,
        result: ResultSamples.result(accuracy: 1, status: status))
    }
    let frame = ResultSamples.frame(methods: ["a"], shots: [2], seeds: [0, 1], entries)
    let rendered = try ResultSamples.value("e.ood.accuracy").rendered(in: frame)
    #expect(
      rendered.tooltip
        == "missing: a at 2 shots, seed 0: diverged at step 12; "
        + "a at 2 shots, seed 1: failed: worker died")
  }

  @Test("a method that trains nothing has no trainable parameters and no training loss")
  func untrained() {
    var result = ResultSamples.result(accuracy: 1)
    result.training = nil
    #expect(result.measurement(of: .quantity(.trainableParameters)) == .value(0))
    #expect(result.measurement(of: .quantity(.trainLoss)) == .absent("nothing is trained"))
  }

  @Test("arithmetic between selections pairs them by seed")
  func pairing() throws {
    let frame = ResultSamples.frame([("a", [1, 2, nil, 4]), ("b", [10, nil, 30, 50])])
    let value = try ResultSamples.value("e[b].ood.accuracy - e[a].ood.accuracy")
    let evaluated = value.expression.evaluated(in: frame)
    #expect(
      evaluated.value
        == .sample([Sample.Point(seed: 0, value: 9), Sample.Point(seed: 3, value: 46)]))
    #expect(evaluated.absences.map(\.seed) == [1, 2])
  }

  @Test("formats read back as they are written", arguments: ["pct", "pct±", ".0", ".9±", "int"])
  func formats(written: String) {
    #expect(ValueFormat(written)?.description == written)
  }

  @Test("unknown formats are rejected", arguments: ["", "±", ".", ".12", "PCT", ".-1", "%.2f"])
  func unknownFormat(written: String) { #expect(ValueFormat(written) == nil) }

  @Test("bytes climb through binary units")
  func bytes() {
    let format = ValueFormat(.bytes)
    #expect(format.string(1023) == "1023\u{A0}B")
    #expect(format.string(1024) == "1.0\u{A0}KiB")
    #expect(format.string(3 * 1024 * 1024 * 1024) == "3.0\u{A0}GiB")
    #expect(format.string(from: 512, to: 2048) == "0.5–2.0\u{A0}KiB")
    #expect(ValueFormat(.percent).string(from: -0.01, to: 0.02) == "−1.0 to 2.0\u{A0}%")
  }
}
