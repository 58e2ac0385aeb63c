import Testing

@testable import Experiments

@Suite("Texts that memory is planned with")
struct SyntheticTaskTests {
  @Test(
    "texts of a batch begin differently, so that the plan shares nothing",
    arguments: [64, 256, 384, 427, 1024, 50_257], [1, 16, 128])
  func beginnings(vocabulary: Int, length: Int) {
    let tokenizer = SyntheticTokenizer(vocabularySize: vocabulary)
    let firsts = SyntheticTask(length: length).examples(32).map { example in
      tokenizer.encode(example.fields[0], addingSpecialTokens: false)[0]
    }
    #expect(Set(firsts).count == 32)
  }
}
