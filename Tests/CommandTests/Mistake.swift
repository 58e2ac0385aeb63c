import Foundation
import TestSupport

/// Something a user can get wrong, and what the program says about it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let name: String
  /// Everything on standard error; `@` stands for the study's folder.
  let expected: String
  /// Makes the mistake in a study that was right.
  let make: @Sendable (StudyFolder) throws -> Void

  init(
    _ name: String, _ make: @escaping @Sendable (StudyFolder) throws -> Void, _ expected: String
  ) {
    self.name = name
    self.make = make
    self.expected = expected
  }

  var testDescription: String { name }

  /// A mistake made by editing the source.
  static func edit(_ name: String, _ old: String, _ new: String, _ expected: String) -> Mistake {
    Mistake(name, { try $0.edit(old, new) }, expected)
  }
}

extension Mistake {
  static let all = inSource + inData + inModel

  private static let inSource = [
    edit(
      "an unknown key", "task: cola", "tsk: cola",
      """
      X
      """),
    edit("an unknown task", "task: cola", "task: colla", "X"),
    edit("an unknown method", "- zero-shot", "- zero-shto", "X"),
    edit("an unknown option", "1.0e-2, epochs", "1.0e-2, epoch", "X"),
    edit("a value out of range", "learning-rate: 1.0e-2", "learning-rate: 100", "X"),
    edit("a rank above the model's", "preset: lora,", "preset: lora, rank: 64,", "X"),
    edit("an unknown reference", "See @fig-accuracy", "See @fig-x", "X"),
    edit("an unknown experiment in a chart", "from: small", "from: smal", "X"),
    edit("an unknown experiment in a value", "{val} small[", "{val} smal[", "X"),
    edit("an unknown method in a value", "{val} small[lora,", "{val} small[lra,", "X"),
    edit("malformed YAML", "shots: [2, 4]", "shots: [2, 4", "X"),
    edit(
      "an unknown parameter", "{{params.epochs}}\"}\n  - {preset: lora",
      "{{params.epoch}}\"}\n  - {preset: lora", "X"),
    edit("two blocks with one label", "#clm-never", "#fig-accuracy", "X"),
    edit("front matter that never ends", "  seeds: [0, 1]\n---", "  seeds: [0, 1]", "X"),
    Mistake(
      "a source that is not UTF-8",
      { try $0.files.write(Data([0x23, 0x20, 0x61, 0x0A, 0xE9, 0x0A]), to: "study.md") }, "X"),
    Mistake(
      "a source that is not there",
      { try FileManager.default.removeItem(at: $0.files.file("study.md")) }, "X"),
  ]

  private static let inData = [
    edit("a data folder that is not there", "data: data", "data: dta", "X"),
    Mistake(
      "a data file that is not there",
      { try FileManager.default.removeItem(at: $0.files.file("data/cola/in_domain_dev.tsv")) }, "X"),
    Mistake(
      "a label outside the task",
      {
        try $0.files.replace(
          "gen\t1\t\ta man sees", with: "gen\t7\t\ta man sees", in: "data/cola/in_domain_train.tsv")
      }, "X"),
    Mistake(
      "a row with too few columns",
      {
        try $0.files.write(
          "gen\t1\t\tthe dog runs\ngen\t0\n", to: "data/cola/out_of_domain_dev.tsv")
      }, "X"),
    Mistake(
      "an empty data file", { try $0.files.write("", to: "data/cola/in_domain_dev.tsv") }, "X"),
    Mistake(
      "a class without examples",
      {
        try $0.files.write(
          String(repeating: "gen\t1\t\tthe dog runs\n", count: 9),
          to: "data/cola/in_domain_train.tsv")
      }, "X"),
    edit("more shots than examples", "shots: [2, 4]", "shots: [2, 400]", "X"),
  ]

  private static let inModel = [
    edit("a model folder that is not there", "model: model", "model: modle", "X"),
    Mistake(
      "weights that are cut off",
      { study in
        let file = study.files.file("model/model.safetensors")
        try Data(contentsOf: file).dropLast(100).write(to: file)
      }, "X"),
    Mistake(
      "weights with a corrupt header",
      { study in
        let file = study.files.file("model/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[8] = UInt8(ascii: "!")
        try bytes.write(to: file)
      }, "X"),
    Mistake(
      "an unsupported kind of model",
      {
        try $0.files.replace(
          "\"model_type\":\"llama\"", with: "\"model_type\":\"mamba\"", in: "model/config.json")
      }, "X"),
    Mistake(
      "a model without a tokenizer",
      { try FileManager.default.removeItem(at: $0.files.file("model/tokenizer.json")) }, "X"),
    Mistake(
      "a broken tokenizer", { try $0.files.write("{\"model\": 3}", to: "model/tokenizer.json") },
      "X"),
  ]
}
