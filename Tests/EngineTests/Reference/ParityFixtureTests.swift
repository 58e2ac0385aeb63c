import Testing

@testable import Engine

@Suite("Recorded numbers of Hugging Face")
struct ParityFixtureTests {
  @Test("every family is there with twenty steps of every course")
  func families() throws {
    #expect(
      ParityFixture.all.map(\.name) == [
        "opt", "opt-post-norm", "gpt2", "neox", "neox-serial", "llama", "llama-tied", "mistral",
        "qwen2", "llama3", "qwen3", "smollm3", "granite", "olmo2", "phi3", "gemma2", "gemma3",
        "bert", "distilbert", "roberta", "modernbert", "ettin-decoder",
        "eurobert", "xlm-roberta", "electra", "albert", "mpnet", "deberta-v3", "deberta-v2",
      ])
    for fixture in ParityFixture.all {
      for course in fixture.expected.courses {
        #expect(
          [course.learningRates, course.losses, course.norms].map(\.count) == [20, 20, 20],
          "\(fixture.name), \(course.name)")
      }
    }
  }

  /// Those that differ from others in what a layer computes; a few methods tell.
  private static let relatives: Set = [
    "llama3", "qwen3", "smollm3", "granite", "olmo2", "phi3", "gemma2", "gemma3", "modernbert",
    "ettin-decoder", "eurobert", "mpnet", "deberta-v3",
  ]

  @Test("every method that a family can learn by is recorded", arguments: ParityFixture.all)
  func methods(fixture: ParityFixture) throws {
    guard !["xlm-roberta", "electra", "albert", "deberta-v2"].contains(fixture.name) else { return }
    guard !Self.relatives.contains(fixture.name) else {
      var few: Set = ["full", "lora-all", "dora", "ia3", "prompt"]
      if fixture.expected.kind == .decoder { few.insert("prefix") }
      return #expect(few.subtracting(fixture.expected.courses.map(\.name)) == [])
    }
    var expected: Set = [
      "full", "frozen", "probe", "lora", "lora-all", "rslora", "dora", "ia3", "prompt",
    ]
    if fixture.expected.kind == .decoder { expected.formUnion(["distillation", "tapt"]) }
    if try fixture.model().parameters.contains(where: \.isBias) { expected.insert("bitfit") }
    // Transformers' DistilBERT takes no keys and values from outside.
    if fixture.name != "distilbert" { expected.insert("prefix") }
    #expect(expected.subtracting(fixture.expected.courses.map(\.name)) == [])
  }

  @Test("tensors fit the batches and each other", arguments: ParityFixture.all)
  func shapes(fixture: ParityFixture) throws {
    let first = try #require(fixture.expected.batches.first)
    let tokens = first.sequences.reduce(0) { $0 + $1.count }
    #expect(try fixture.hiddenStates().shape.first == tokens)
    if fixture.expected.kind == .decoder { #expect(try fixture.logits().shape.first == tokens) }
    #expect(try !fixture.gradients().isEmpty)
    for course in fixture.expected.courses {
      #expect(try fixture.answers(after: course).shape.first == first.sequences.count)
      let hasAdapter = course.targets != nil || course.virtualTokens != nil
      #expect(try !fixture.adapter(atStartOf: course).isEmpty == hasAdapter)
      if course.head == true {
        #expect(try fixture.head(of: course).shape.first == fixture.expected.labelWords.count)
      }
    }
  }
}
