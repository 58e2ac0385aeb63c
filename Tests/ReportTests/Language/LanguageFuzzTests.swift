import Testing

@testable import Engine
@testable import Formats
@testable import Report

/// Whatever is thrown at the parsers, they return or throw.
@Suite struct LanguageFuzzTests {
  static let document = """
    # é comment
    title: "Low \\u00e9 {{params.x}}"
    defaults: {task: cola, seeds: 0..9, evaluate: {limit: 4, sets: [ood]}}
    params: {x: [1, 2.5, true, 'q''q'], profile: quick}
    profiles:
      quick: {x: 3}
    authors:
      - &a {name: Ada, affiliation: >-
          two
          lines}
      - *a
    description: |
      text {{lowres[lora, 128].ood.accuracy:pct±}}
    """

  static let expression =
    "mean(lowres[method=lora, shots=128, seed=3].ood.macro-f1 - a.b.c) * 5% >= -(1.5e-3 / 2) by 1"

  private func mutants(of text: String, count: Int, purpose: String) -> [String] {
    var stream = RandomStream(seed: 1, purpose: purpose)
    let bytes = Array(text.utf8)
    let alphabet = Array("{}[]:,-?&*!|>'\"%@`#~\n\t \\ab0.=<+()/é\u{2028}\u{0}".utf8)
    return (0..<count).map { round in
      var mutant = bytes
      if round % 3 == 0 { mutant = Array(mutant.prefix(stream.index(below: bytes.count))) }
      for _ in 0...stream.index(below: 6) where !mutant.isEmpty {
        let place = stream.index(below: mutant.count)
        let byte =
          round % 2 == 0
          ? alphabet[stream.index(below: alphabet.count)] : UInt8(truncatingIfNeeded: stream.next())
        switch stream.index(below: 3) {
        case 0: mutant[place] = byte
        case 1: mutant.insert(byte, at: place)
        default: mutant.remove(at: place)
        }
      }
      return String(decoding: mutant, as: UTF8.self)
    }
  }

  @Test("damaged front matter never traps")
  func frontMatter() {
    for text in mutants(of: Self.document, count: 1500, purpose: "front matter") {
      _ = FrontMatter.read(text, at: LanguageSamples.start)
    }
  }

  @Test("damaged blocks never trap", arguments: BlockRegistry.standard.kinds)
  func blocks(kind: String) {
    let yaml = """
      task: cola
      methods: [vanilla, {preset: lora, name: r64, rank: 64}]
      shots: [2, 4..6]
      seeds: 0..9
      from: [lowres]
      y: [ood.accuracy, train.loss]
      caption: "é {{lowres[vanilla, 2].ood.accuracy:pct}} x"
      assert: lowres[vanilla, 2].ood.accuracy = 50% within [-0.01, 1%]
      y-range: [0, 1]
      """
    for text in mutants(of: yaml, count: 400, purpose: kind) {
      _ = LanguageSamples.problems([
        LanguageSamples.experiment, LanguageSamples.block(kind, text),
      ])
    }
  }

  @Test("damaged expressions never trap")
  func expressions() {
    for text in mutants(of: Self.expression, count: 3000, purpose: "expression") {
      let source = SourceText(text, at: LanguageSamples.start)
      _ = try? ValueExpression(parsing: source)
      _ = try? Assertion(parsing: source)
      _ = Template(SourceText("{{\(text)}} {{", at: LanguageSamples.start)).pieces
    }
  }

  @Test("every cut of a document and of an expression is survived")
  func cuts() {
    for end in Self.document.indices {
      _ = FrontMatter.read(String(Self.document[..<end]), at: LanguageSamples.start)
    }
    for end in Self.expression.indices {
      let source = SourceText(String(Self.expression[..<end]), at: LanguageSamples.start)
      _ = try? Assertion(parsing: source)
    }
  }
}
