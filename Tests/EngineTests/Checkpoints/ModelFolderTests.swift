import Foundation
import Testing

@testable import Engine

@Suite("Model folders")
struct ModelFolderTests {
  private static let index =
    #"{"weight_map": {"model.a": "m-1.safetensors", "lm_head.weight": "m-2.safetensors"}}"#

  private func sharded() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", #"{"model_type": "llama"}"#)
    try scratch.write("merges.txt", "")
    try scratch.write("tokenizer.json", "{}")
    try scratch.write("model.safetensors.index.json", Self.index)
    try scratch.writeTensors("m-1.safetensors", [("model.a", [2], [1, 2])])
    try scratch.writeTensors("m-2.safetensors", [("lm_head.weight", [1, 2], [3, 4])])
    return scratch
  }

  private func refusal(_ scratch: ScratchFolder) -> CheckpointError? {
    #expect(throws: CheckpointError.self) { try ModelFolder(scratch.url) }
  }

  @Test("shards are read as one, by names without prefix")
  func shards() throws {
    let scratch = try sharded()
    let folder = try ModelFolder(scratch.url)
    #expect(folder.weights.names == ["a", "lm_head.weight"])
    #expect(folder.weights["a"]?.record.name == "model.a")
    #expect(folder.weights["b"] == nil && folder.weights["model.a"] == nil)
    #expect(
      folder.definingFiles.map(\.lastPathComponent) == [
        "config.json", "model.safetensors.index.json", "m-1.safetensors", "m-2.safetensors",
        "tokenizer.json", "merges.txt",
      ])
  }

  @Test("a tensor that is nowhere is named")
  func missingTensor() throws {
    let scratch = try sharded()
    let folder = try ModelFolder(scratch.url)
    let error = #expect(throws: CheckpointError.self) {
      _ = try folder.weights.entry(of: "layers.0.x")
    }
    #expect(
      error?.description == """
        \(scratch.url.path): the weights have no tensor 'layers.0.x' (of 2 tensors)
          help: config.json and the weights belong to different kinds of model; the first tensor is 'a'
        """)
  }

  @Test("a shard that is gone, or holds something else, is rejected")
  func brokenShards() throws {
    let gone = try sharded()
    try FileManager.default.removeItem(at: gone.url.appendingPathComponent("m-2.safetensors"))
    #expect(refusal(gone)?.kind == .missing)
    let other = try sharded()
    try other.writeTensors("m-1.safetensors", [("model.b", [1], [1])])
    #expect(
      refusal(other)?.message
        == "tensor 'model.a' should be in m-1.safetensors, but is not there")
    let twice = try sharded()
    try twice.writeTensors("m-2.safetensors", [("lm_head.weight", [1], [1]), ("a", [1], [1])])
    #expect(
      refusal(twice)?.message
        == "tensor 'a' exists a second time, as 'model.a' in m-1.safetensors")
  }

  @Test(
    "an index cannot lead out of its folder", arguments: ["../x.safetensors", "/etc/passwd", ""])
  func escape(path: String) throws {
    let scratch = try sharded()
    try scratch.write("model.safetensors.index.json", #"{"weight_map": {"a": "\#(path)"}}"#)
    #expect(refusal(scratch)?.message == "tensor 'a' is in \"\(path)\", which is not a file name")
  }

  @Test("a folder without weights says what to do")
  func noWeights() throws {
    let scratch = try ScratchFolder()
    try scratch.write("config.json", #"{"model_type": "llama"}"#)
    #expect(try ModelFolder.description(at: scratch.url).family == .llama)
    #expect(
      refusal(scratch)?.help
        == "fetch the weights as well; config.json alone only describes the model")
    #expect(
      refusal(scratch)?.message
        == "contains neither model.safetensors nor pytorch_model.bin nor an index of either")
  }
}
