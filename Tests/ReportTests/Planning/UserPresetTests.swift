import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Formats
@testable import Report

/// Methods that a report's front matter names.
@Suite("Presets of a report's own") struct UserPresetTests {
  private let folder: PlanningFolder

  init() throws { folder = try PlanningFolder() }

  private static func study(_ presets: String, methods: String) -> String {
    PlanningSamples.study
      .replacingOccurrences(of: "defaults:", with: "presets:\n  \(presets)\ndefaults:")
      .replacingOccurrences(
        of: "[zero-shot, {preset: vanilla, learning-rate: \"{{params.rate}}\", epochs: 2}]",
        with: methods)
  }

  @Test("stand for their settings in any list of methods, whose own settings go over them")
  func settings() throws {
    let presets = "small: {preset: lora, rank: 2, epochs: 3}"
    let named = try folder.keys(
      Self.study(presets, methods: "[small, {preset: small, name: wider, rank: 4}]"))
    let written = try folder.keys(
      Self.study(
        presets,
        methods:
          "[{preset: lora, rank: 2, epochs: 3, name: small}, {preset: lora, rank: 4, epochs: 3, name: wider}]"
      ))
    #expect(named == written && named.count == 8)
    let plan = try folder.plan(Self.study(presets, methods: "[small]"))
    #expect(plan.experiments[0].shape.methods == ["small"])
    #expect(
      TrainCommand("small", shots: 4, in: plan.experiments[0])?.line().contains(
        "--method lora --set epochs=3 rank=2") == true)
  }

  @Test(
    "mistakes are told at their places",
    arguments: [
      (
        "lora: {preset: lora, rank: 2}",
        "'lora' is a preset of the program, which keeps its meaning"
      ),
      ("small: lora", "'small' must be a map with a 'preset' and options"),
      ("small: {preset: lorra}", "there is no method 'lorra'"),
    ])
  func mistakes(presets: String, message: String) throws {
    let error = #expect(throws: PlanningFailure.self) {
      try folder.plan(Self.study(presets, methods: "[small]"))
    }
    let messages = error?.diagnostics.map(\.message) ?? []
    #expect(messages.contains { $0.contains(message) }, "\(messages)")
  }
}
