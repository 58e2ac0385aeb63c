extension Commands.TrainTests {
  /// Something a user can get wrong in `train` or `predict`, and all that is said about it; `@` stands
  /// for the folder.
  struct Mistake {
    let arguments: [String]
    let files: [String: String]
    let expected: String

    init(_ arguments: [String], _ files: [String: String], _ expected: String) {
      self.arguments = arguments
      self.files = files
      self.expected = expected
    }
  }

  private static let vanilla = ["train", "--model", "model", "--method", "vanilla", "--train"]

  static let mistakes = [
    Mistake(
      vanilla + ["nowhere.tsv"],
      """
      nowhere.tsv: error: there is no such file
        help: check the path
      """),
    Mistake(
      vanilla + ["train.xls"], ["train.xls": "x"],
      """
      train.xls: error: '.xls' is not a format for examples
        help: name it .tsv, .csv or .jsonl according to its format, with .gz or .zip after that if it is \
      compressed
      """),
    Mistake(
      vanilla + ["empty.tsv"], ["empty.tsv": ""],
      """
      empty.tsv: error: the file has no examples
        help: write a header, and below it one example per line
      """),
    Mistake(
      vanilla + ["header.csv"], ["header.csv": "text,label\n"],
      """
      header.csv: error: the file has no examples
        help: write a header, and below it one example per line
      """),
    Mistake(
      vanilla + ["column.tsv"], ["column.tsv": "sentence\tlabel\na\tb\n"],
      """
      column.tsv:1: error: the header has no column 'text'
        help: its columns are 'sentence', 'label'; name the right ones with --text, --pair and --label
      """),
    Mistake(
      vanilla + ["one.tsv"], ["one.tsv": "text\tlabel\na\tb\nc\tb\n"],
      """
      one.tsv: error: every example has the label 'b'
        help: training needs examples of at least two classes
      """),
    Mistake(
      vanilla + ["blank.tsv"], ["blank.tsv": "text\tlabel\na\tb\nc\t\n"],
      """
      blank.tsv:3: error: the label is empty
        help: give every example the name of its class
      """),
    Mistake(
      vanilla + ["train.tsv", "--eval", "other.tsv"],
      ["other.tsv": "text\tlabel\na\tbad\nc\tfine\n"],
      """
      other.tsv:3: error: no training example has the label 'fine'
        help: the labels are 'bad', 'good'
      """),
    Mistake(
      vanilla + ["train.tsv", "--set", "epoch=3"],
      """
      error: method 'vanilla' has no option 'epoch'
        help: did you mean 'epochs'?
      """),
    Mistake(
      vanilla + ["train.tsv", "--set", "dropout=0.1"],
      """
      error: method 'vanilla' has no dropout
        help: leave 'dropout' out, or set it to 0
      """),
    Mistake(
      vanilla + ["train.tsv", "--set", "epochs"],
      """
      error: 'epochs' is not a setting
        help: write key=value, such as learning-rate=1e-3
      """),
    Mistake(
      vanilla + ["train.tsv", "--save", "model"],
      """
      @/model: error: this path already exists
        help: name another folder, or remove this one first
      """),
    Mistake(
      vanilla + ["train.tsv", "--save", "a/b"],
      """
      @/a/b: error: the folder cannot be written: there is no folder '@/a'
        help: check that the parent folder exists, is writable and has enough space
      """),
    Mistake(
      vanilla + ["train.tsv", "--init", "model"],
      """
      model: error: there is neither an adapter nor a head to start from
        help: name an adapter's folder in PEFT's layout, or a safetensors file with 'score.weight'
      """),
    Mistake(
      ["train", "--model", "model", "--method", "loar", "--train", "train.tsv"],
      """
      error: there is no method 'loar'
        help: did you mean 'lora'?
      """),
    Mistake(
      ["train", "--model", "nowhere", "--method", "lora", "--train", "train.tsv"],
      """
      error: @/nowhere/config.json: cannot be opened: No such file or directory
        help: check the path; a Hugging Face folder contains config.json, *.safetensors and a tokenizer
      """),
    Mistake(
      [
        "train", "--model", "builtin", "--method", "pbft", "--train", "train.tsv", "--words",
        "pizza,yes",
      ],
      """
      error: the model has no token for the label word 'pizza'
        help: use words that the model knows: another pattern in a report, --words in 'train'
      """),
    Mistake(
      ["predict", "model"],
      """
      @/model: error: the folder contains no trained model
        help: name a folder that 'ftreport train --save' wrote
      """),
  ]
}

extension Commands.TrainTests.Mistake {
  init(_ arguments: [String], _ expected: String) { self.init(arguments, [:], expected) }
}
