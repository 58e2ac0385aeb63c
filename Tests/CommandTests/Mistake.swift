import Foundation
import TestSupport
import Testing

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
      study.md:15:1: error[FT010]: unknown key 'tsk' in the experiment block
        help: did you mean 'task'?
      """),
    edit(
      "an unknown task", "task: cola", "task: colla",
      """
      study.md:15:7: error[FT030]: there is no task 'colla'
        help: did you mean 'cola'?
      """),
    edit(
      "an unknown method", "- zero-shot", "- zero-shto",
      """
      study.md:17:5: error[FT031]: there is no method 'zero-shto'
        help: did you mean 'zero-shot'?
      """),
    edit(
      "an unknown option", "1.0e-2, epochs", "1.0e-2, epoch",
      """
      study.md:19:43: error[FT032]: method 'lora' has no option 'epoch'
        help: did you mean 'epochs'?
      """),
    edit(
      "a value out of range", "learning-rate: 1.0e-2", "learning-rate: 100",
      """
      study.md:19:20: error[FT032]: option 'learning-rate' of method 'lora' cannot be \
      '100'
        help: it takes a number from 0.0 to 10.0
      """),
    edit(
      "a rank above the model's", "preset: lora,", "preset: lora, rank: 64,",
      """
      study.md:19:20: error[FT032]: method 'lora': rank 64 exceeds the smallest matrix \
      dimension 8
        help: choose a rank from 1 to 8
      """),
    edit(
      "an unknown reference", "See @fig-accuracy", "See @fig-x",
      """
      study.md:12:77: error[FT020]: nothing is labelled 'fig-x'
        help: its labels: @fig-accuracy
      """),
    edit(
      "an unknown experiment in a chart", "from: small", "from: smal",
      """
      study.md:24:7: error[FT021]: there is no experiment 'smal'
        help: did you mean 'small'?
      """),
    edit(
      "an unknown experiment in a value", "{val} small[", "{val} smal[",
      """
      study.md:12:31: error[FT021]: there is no experiment 'smal'
        help: did you mean 'small'?
      """),
    edit(
      "an unknown method in a value", "{val} small[lora,", "{val} small[lra,",
      """
      study.md:12:37: error[FT022]: experiment 'small' has no method 'lra'
        help: did you mean 'lora'?
      """),
    edit(
      "malformed YAML", "shots: [2, 4]", "shots: [2, 4",
      """
      study.md:20:8: error[FT003]: the list that begins here is not closed or lacks a \
      comma
        help: separate its items with ',' and end it with ']'
      """),
    edit(
      "an unknown parameter", "{{params.epochs}}\"}\n  - {preset: lora",
      "{{params.epoch}}\"}\n  - {preset: lora",
      """
      study.md:18:57: error[FT013]: no parameter is named 'epoch'
        help: did you mean 'epochs'?
      """),
    edit(
      "two blocks with one label", "#clm-never", "#fig-accuracy",
      """
      study.md:31:11: error[FT006]: the label 'fig-accuracy' is used twice
        help: it was first used at study.md:23:11; references need one target
      """),
    edit(
      "front matter that never ends", "  seeds: [0, 1]\n---", "  seeds: [0, 1]",
      """
      study.md:1:1: error[FT002]: the front matter that opens here never ends
        help: close it with a line of three hyphens; a rule at the top is written ***
      """),
    Mistake(
      "a source that is not UTF-8",
      { try $0.files.write(Data([0x23, 0x20, 0x61, 0x0A, 0xE9, 0x0A]), to: "study.md") },
      """
      study.md:2:1: error[FT001]: byte 0xE9 is not UTF-8 text
        help: save the file as UTF-8
      """),
    Mistake(
      "a source that is not there",
      { try FileManager.default.removeItem(at: $0.files.file("study.md")) },
      """
      study.md:1:1: error[FT001]: there is no such file
        help: check the path
      """),
  ]

  private static let inData = [
    edit(
      "a data folder that is not there", "data: data", "data: dta",
      """
      study.md:7:9: error[FT033]: no file for 'train' in @/dta
        help: put one of cola/in_domain_train.tsv, CoLA/in_domain_train.tsv, \
      cola_public/raw/in_domain_train.tsv, CoLA/original/raw/in_domain_train.tsv, \
      cola/train.tsv, CoLA/train.tsv there, or name another folder with 'data:'
      """),
    Mistake(
      "a data file that is not there",
      { try FileManager.default.removeItem(at: $0.files.file("data/cola/in_domain_dev.tsv")) },
      """
      study.md:7:9: error[FT033]: no file for 'in-domain' in @/data
        help: put one of cola/in_domain_dev.tsv, CoLA/in_domain_dev.tsv, \
      cola_public/raw/in_domain_dev.tsv, CoLA/original/raw/in_domain_dev.tsv there, or \
      name another folder with 'data:'
      """),
    Mistake(
      "a label outside the task",
      {
        try $0.files.replace(
          "gen\t1\t\ta man sees", with: "gen\t7\t\ta man sees", in: "data/cola/in_domain_train.tsv")
      },
      """
      study.md:7:9: error[FT035]: @/data/cola/in_domain_train.tsv:41:5: '7' is not a label \
      of the task
        help: the label column may contain 0, 1
      """),
    Mistake(
      "a row with too few columns",
      {
        try $0.files.write(
          "gen\t1\t\tthe dog runs\ngen\t0\n", to: "data/cola/out_of_domain_dev.tsv")
      },
      """
      study.md:7:9: error[FT034]: @/data/cola/out_of_domain_dev.tsv:2: the row has 2 \
      columns, 4 are needed
        help: columns are separated by TAB and never quoted; was the file saved by a \
      spreadsheet?
      """),
    Mistake(
      "an empty data file", { try $0.files.write("", to: "data/cola/in_domain_dev.tsv") },
      """
      study.md:7:9: error[FT034]: @/data/cola/in_domain_dev.tsv: the file has no rows
        help: the download may be incomplete; fetch the file again
      """),
    Mistake(
      "a class without examples",
      {
        try $0.files.write(
          String(repeating: "gen\t1\t\tthe dog runs\n", count: 9),
          to: "data/cola/in_domain_train.tsv")
      },
      """
      study.md:7:9: error[FT036]: @/data/cola/in_domain_train.tsv: class 'unacceptable' \
      has 0 training examples, 1 is needed
        help: every class needs at least one training example
      """),
    edit(
      "more shots than a file could hold", "shots: [2, 4]", "shots: [9223372036854775807]",
      """
      study.md:20:9: error[FT036]: class 'unacceptable' has 36 training examples, \
      9223372036854775807 are needed
        help: ask for fewer shots, or use a larger training file
      """),
    edit(
      "the same counted altogether", "shots: [2, 4]",
      "shots: [9223372036854775807]\nshots-per: total",
      """
      study.md:20:9: error[FT036]: the pool has 72 training examples, \
      9223372036854775807 are needed
        help: ask for fewer shots, or use a larger training file
      """),
    edit(
      "no shots", "shots: [2, 4]", "shots: [0, 2]",
      """
      study.md:20:9: error[FT012]: 0 shots were asked for
        help: a sample needs at least one example
      """),
    edit(
      "an experiment without methods", "task: cola\nmethods:", "task: cola\nmethod:",
      """
      study.md:16:1: error[FT010]: unknown key 'method' in the experiment block
        help: did you mean 'methods'?
      """),
    edit(
      "more shots than examples", "shots: [2, 4]", "shots: [2, 400]",
      """
      study.md:20:12: error[FT036]: class 'unacceptable' has 36 training examples, 400 \
      are needed
        help: ask for fewer shots, or use a larger training file
      """),
  ]

  private static let inModel = [
    edit(
      "a model folder that is not there", "model: model", "model: modle",
      """
      study.md:6:10: error[FT040]: there is no folder 'modle'
        help: a model is a Hugging Face folder, named relative to the source file, or 'builtin'
      """),
    Mistake(
      "weights that are cut off",
      { study in
        let file = study.files.file("model/model.safetensors")
        try Data(contentsOf: file).dropLast(100).write(to: file)
      },
      """
      study.md:6:10: error[FT041]: @/model/model.safetensors: the header describes 36,352 \
      bytes of tensors, the file has 36,252 after the header
        help: the file is damaged or incomplete; fetch it again
      """),
    Mistake(
      "weights with a corrupt header",
      { study in
        let file = study.files.file("model/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[8] = UInt8(ascii: "!")
        try bytes.write(to: file)
      },
      """
      study.md:6:10: error[FT041]: @/model/model.safetensors: the header does not begin \
      with '{'
        help: the file is damaged or incomplete; fetch it again
      """),
    Mistake(
      "an unsupported kind of model",
      {
        try $0.files.replace(
          "\"model_type\":\"llama\"", with: "\"model_type\":\"mamba\"", in: "model/config.json")
      },
      """
      study.md:6:10: error[FT042]: @/model/config.json: the model type 'mamba' is not \
      supported
        help: supported: opt, gpt2, gpt_neox, llama, mistral, qwen2, qwen3, smollm3, granite, \
      olmo2, phi3, gemma2, gemma3_text, bert, distilbert, roberta, xlm-roberta, \
      modernbert, modernbert-decoder, eurobert, electra, albert, mpnet, deberta-v2
      """),
    Mistake(
      "a configuration of another shape",
      {
        try $0.files.replace(
          "\"intermediate_size\":24", with: "\"intermediate_size\":25", in: "model/config.json")
      },
      """
      study.md:6:10: error[FT041]: @/model/model.safetensors: the tensor \
      'layers.0.mlp.gate_proj.weight' has the shape [24, 16], but config.json requires [25, 16]
        help: config.json and the weights do not belong together; fetch both again
      """),
    Mistake(
      "a configuration with fewer layers",
      {
        try $0.files.replace(
          "\"num_hidden_layers\":2", with: "\"num_hidden_layers\":1", in: "model/config.json")
      },
      """
      study.md:6:10: error[FT041]: @/model: the weights hold 'layers.1.input_layernorm.weight', \
      but config.json uses 1 layers
        help: config.json and the weights do not belong together; fetch both again
      """),
    Mistake(
      "a model without a tokenizer",
      { try FileManager.default.removeItem(at: $0.files.file("model/tokenizer.json")) },
      """
      study.md:6:10: error[FT040]: @/model: contains none of tokenizer.json, vocab.json with \
      merges.txt, tokenizer.model and vocab.txt
        help: fetch the tokenizer's files as well
      """),
    Mistake(
      "a broken tokenizer", { try $0.files.write("{\"model\": 3}", to: "model/tokenizer.json") },
      """
      study.md:6:10: error[FT041]: @/model/tokenizer.json: has no 'model'
        help: the file is damaged or incomplete; fetch it again
      """),
  ]
}
