import Foundation
import Testing

@testable import Engine

@Suite("Random models")
struct RandomModelTests {
  @Test(
    "presets have the published numbers of parameters",
    arguments: [
      ("opt-125m", 125_239_296), ("opt-350m", 331_196_416), ("opt-30b", 29_974_540_288),
      ("opt-66b", 65_719_701_504), ("gpt-neox-20b", 20_554_567_680),
      ("llama-13b", 13_015_864_320), ("llama-30b", 32_528_943_616),
      ("llama-65b", 65_285_660_672), ("llama2-70b", 68_976_648_192),
      ("qwen2-72b", 72_706_203_648),
      ("gpt2", 124_439_808), ("gpt2-xl", 1_557_611_200), ("pythia-14m", 14_067_712),
      ("pythia-160m", 162_322_944), ("pythia-12b", 11_846_072_320),
      ("llama-7b", 6_738_415_616), ("tinyllama-1.1b", 1_100_048_384),
      ("mistral-7b", 7_241_732_096), ("qwen2-0.5b", 494_032_768), ("qwen2-7b", 7_615_616_512),
      ("bert-base", 108_891_648), ("distilbert-base", 66_362_880), ("roberta-base", 124_055_040),
      ("minilm-l6", 22_565_376), ("llama3.1-8b", 8_030_261_248),
      ("llama3.2-1b", 1_235_814_400), ("qwen3-0.6b", 596_049_920),
      ("qwen3-4b", 4_022_468_096), ("smollm3-3b", 3_075_098_624),
      ("granite3.1-2b", 2_533_525_504), ("olmo2-1b", 1_484_916_736),
      ("phi3-mini", 3_821_079_552), ("gemma2-2b", 2_614_341_888),
      ("gemma3-1b", 999_885_952), ("gemma3-270m", 268_098_176),
      ("modernbert-base", 149_014_272), ("ettin-17m", 16_797_440),
      ("eurobert-210m", 211_766_016), ("mpnet-base", 108_895_872),
      ("deberta-v3-base", 183_831_552), ("mdeberta-v3-base", 278_218_752),
    ])
  func parameters(preset: String, count: Int) throws {
    #expect(try RandomModel.description(of: preset).parameterCount == count)
  }

  @Test("every preset is an architecture", arguments: RandomModel.presets)
  func presets(preset: String) throws {
    #expect(try RandomModel.description(of: preset).layers > 0)
  }

  @Test("an unknown preset is reported with those there are")
  func unknown() {
    let error = #expect(throws: CheckpointError.self) {
      try RandomModel.description(of: "opt-124m")
    }
    #expect(error?.message == "is not a preset")
    #expect(error?.help?.hasPrefix("presets: opt-125m, opt-350m, ") == true)
  }

  @Test("a folder that holds a model is not written into")
  func occupied() throws {
    let scratch = try SmallConfigurations.write("llama", seed: 1)
    let error = #expect(throws: CheckpointError.self) {
      try RandomModel.write(preset: "pythia-14m", to: scratch.url, seed: 1)
    }
    #expect(error?.message == "already contains a model")
  }

  @Test("the same seed gives the same bytes, another seed others")
  func seeds() throws {
    func bytes(seed: UInt64) throws -> Data {
      let scratch = try SmallConfigurations.write("llama", seed: seed)
      return try Data(contentsOf: scratch.url.appendingPathComponent("model.safetensors"))
    }
    #expect(try bytes(seed: 1) == bytes(seed: 1))
    #expect(try bytes(seed: 1) != bytes(seed: 2))
  }

  @Test("a written preset is complete, near normal, and has the tokenizer of another")
  func writing() throws {
    let scratch = try ScratchFolder()
    try scratch.write("vocab.txt", "a")
    let url = scratch.url.appendingPathComponent("model")
    try RandomModel.write(
      preset: "pythia-14m", to: url, seed: 3, tokenizerFrom: scratch.url)
    let folder = try ModelFolder(url)
    try folder.checkShapes()
    #expect(isFile(url.appendingPathComponent("vocab.txt")))
    #expect(folder.weights.shards[0]["embed_out.weight"]?.shape == [50_304, 128])
    let source = try CheckpointWeights(folder)
    let values = try source.tensor(
      .tokenEmbedding, rows: 50_304, columns: 128, in: MemoryLedger()
    ).values
    let count = Double(values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    let variance = values.reduce(0.0) { $0 + Double($1) * Double($1) } / count
    #expect(abs(mean) < 1e-4)
    #expect(abs(variance.squareRoot() - 0.02) < 1e-4)
    let norm = try source.tensor(.finalNorm, rows: 1, columns: 128, in: MemoryLedger())
    #expect(norm.values.allSatisfy { $0 == 1 })
  }
}
