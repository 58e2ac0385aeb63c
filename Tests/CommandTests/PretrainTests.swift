import Foundation
import TestSupport
import Testing

extension Commands {
  @Suite struct PretrainTests {
    private static let recipe = """
      shape: {width: 16, layers: 1, heads: 2, feed-forward: 32, context: 64}
      tokens: 19200
      batch-tokens: 128
      learning-rate: 1e-2
      evaluate-every: 50
      checkpoint-every: 10
      held-out-tokens: 200

      """

    private func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(Self.recipe, to: "recipe.yml")
      return folder
    }

    private func run(_ folder: TemporaryFolder, _ arguments: [String]) throws -> CommandResult {
      try CommandProcess(
        ["model", "pretrain", "--recipe", "recipe.yml"] + arguments, in: folder.url
      ).finish()
    }

    @Test("a run that was killed continues to the bits of one that never was")
    func kill() throws {
      let folder = try folder()
      let whole = try run(folder, ["whole"])
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(whole.errors.contains("[150/150, 0.0 s left] loss "))
      let process = try CommandProcess(
        ["model", "pretrain", "--recipe", "recipe.yml", "cut"], in: folder.url)
      let state = folder.file("cut/pretraining.state").path
      #expect(eventually(within: 60) { FileManager.default.fileExists(atPath: state) })
      process.send(SIGKILL)
      #expect(try process.finish().isSignalled)
      let refused = try run(folder, ["cut"])
      #expect(refused.status == 2)
      #expect(
        refused.errors.contains("cut: contains a stopped run\n  help: continue it with --resume"))
      let rest = try run(folder, ["cut", "--resume", "--quiet"])
      #expect(rest.status == 0 && rest.errors == "", "\(rest.errors)")
      let bytes = try ["whole", "cut"].map {
        try Data(contentsOf: folder.file("\($0)/model.safetensors"))
      }
      #expect(bytes[0] == bytes[1])
      let inspected = try CommandProcess(["model", "inspect", "cut"], in: folder.url).finish()
      #expect(inspected.output.contains("family       neox"))
    }

    @Test("the built-in model is found from any folder")
    func builtin() throws {
      let folder = try TemporaryFolder()
      let result = try CommandProcess(["model", "inspect", "builtin"], in: folder.url).finish()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("family       neox"))
      let estimate = try CommandProcess(
        ["estimate", "--model", "builtin", "--method", "lora", "--set", "lr=1e-3", "rank=2"],
        in: folder.url
      ).finish()
      #expect(estimate.status == 0, "\(estimate.errors)")
    }

    @Test("a mistake in a recipe is reported with its place and exit code 2")
    func mistake() throws {
      let folder = try folder()
      try folder.replace("width: 16", with: "width: 17", in: "recipe.yml")
      let result = try run(folder, ["out"])
      #expect(result.status == 2)
      #expect(result.errors.contains("recipe: the width 17 is not a multiple of the 2 heads"))
      try folder.replace("tokens: 19200", with: "token: 19200", in: "recipe.yml")
      let second = try run(folder, ["out"])
      #expect(second.status == 2)
      #expect(second.errors.hasPrefix("recipe.yml:2:1: error[FT010]: unknown key 'token'"))
    }
  }
}
