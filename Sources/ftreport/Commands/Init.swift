import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation
import Report

/// Starts a study from a table of labelled texts.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a task and a report for a table of labelled texts.",
    discussion: """
      Looks at the table, finds the columns of texts and labels, and writes NAME.yml and NAME.md: a \
      study that compares methods on all of its rows, by cross-validation if there is no test set. \
      Both are meant to be read and edited. Nothing runs yet: 'ftreport plan NAME.md' says what \
      would, and 'ftreport build NAME.md' runs it.
      """)

  /// What is written.
  enum Template: String, CaseIterable, ExpressibleByArgument {
    case study
    case task
  }

  @Argument(help: "study, or task for the task file alone.")
  var template = Template.study

  @Option(help: "The table: CSV, TSV, JSON Lines or a JSON array.", completion: .file())
  var data: String

  @Option(help: "Labelled rows to score on; without them, the rows are cross-validated.")
  var test: String?

  @Option(help: "The column of the texts.")
  var text: String?

  @Option(help: "The column of second texts, for pairs.")
  var pair: String?

  @Option(help: "The column of the labels.")
  var label: String?

  @Option(
    help: "A column that says which rows belong together, such as their author; they share a fold.")
  var group: String?

  @Option(
    help: ArgumentHelp(
      "A Hugging Face folder or a model of the hub's cache; by default FTREPORT_MODEL, or an encoder "
        + "of the cache."))
  var model: String?

  @Option(help: "A budget of memory to recommend for, such as 512MB.")
  var memory: String?

  @Option(help: "How long a build may take, such as 90s or 5min, by count of arithmetic.")
  var time = TimeLimit(seconds: 300)

  @Option(help: "The folder to write to; it must not have these files yet.", completion: .directory)
  var to = "."

  @Option(help: "What to call the task; the table's name by default.")
  var name: String?

  /// Encoders of sentences that fit a laptop, the smallest first.
  private static let encoders = [
    "sentence-transformers/all-MiniLM-L6-v2", "sentence-transformers/paraphrase-MiniLM-L3-v2",
    "BAAI/bge-small-en-v1.5", "intfloat/e5-small-v2", "thenlper/gte-small",
    "sentence-transformers/all-mpnet-base-v2", "intfloat/multilingual-e5-small",
    "FacebookAI/roberta-base", "google-bert/bert-base-uncased",
  ]

  func run() throws {
    try Trained.explained {
      do {
        try write()
      } catch let error as InspectionError {
        Terminal.complain("\(error)")
        throw ExitCode(2)
      }
    }
  }

  private func write() throws {
    let inspection = try TableInspection(
      data, text: text, pair: pair, label: label, group: group)
    if let test {
      let other = try TableInspection(
        test, text: inspection.columns.text, pair: pair, label: inspection.columns.label,
        group: group)
      let known = Set(inspection.labels.map(\.name))
      if let label = other.labels.first(where: { !known.contains($0.name) }) {
        throw TrainingError(.unknownLabel(label.name, known: known.sorted()), file: test)
      }
    }
    let name = name ?? Self.name(of: data)
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
      throw ValidationError("A name has letters, digits, '-' and '_'; choose one with --name.")
    }
    let chosen = try model.map { (name: try Self.checked($0), why: "") } ?? Self.found()
    let folder = URL(fileURLWithPath: to, isDirectory: true)
    let described = try chosen.map { model in
      (
        name: Self.path(model.name, from: folder),
        description: try ModelFolder(BuiltinModel.folder(of: model.name)).description
      )
    }
    let study = try StudyTemplate(
      inspection, name: name,
      files: StudyTemplate.Files(
        train: Self.path(data, from: folder), test: test.map { Self.path($0, from: folder) }),
      model: described, memory: memory, time: time.seconds,
      cores: ProcessInfo.processInfo.activeProcessorCount)
    var texts = [("yml", study.task)]
    if template == .study { texts.append(("md", study.report)) }
    let targets = texts.map { (folder.appendingPathComponent("\(name).\($0.0)"), $0.1) }
    for (target, _) in targets where FileManager.default.fileExists(atPath: target.path) {
      throw TrainingError(.folderExists, file: Terminal.shown(path: target.path))
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (target, text) in targets {
      try Data(text.utf8).write(to: target, options: .withoutOverwriting)
    }
    try report(inspection, chosen, study, targets.map { Terminal.shown(path: $0.0.path) })
  }

  private func report(
    _ inspection: TableInspection, _ model: (name: String, why: String)?, _ study: StudyTemplate,
    _ written: [String]
  ) throws {
    let columns = inspection.columns
    var lines = [
      "\(data): \(Wording.count(inspection.rows, "row")), texts in '\(columns.text)', "
        + "\(inspection.labels.count) classes in '\(columns.label)' ("
        + inspection.labels.prefix(6).map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        + (inspection.labels.count > 6 ? ", …)" : ")")
    ]
    if !inspection.otherColumns.isEmpty {
      lines.append("not used: \(inspection.otherColumns.joined(separator: ", "))")
    }
    if inspection.duplicates > 0 {
      lines.append("\(Wording.count(inspection.duplicates, "row")) repeat another row's text")
    }
    lines += inspection.oddities.map { "warning: \($0)" }
    lines.append(
      model.map { "model: \($0.name)\($0.why)" }
        ?? "model: none found, so the study has baselines alone; 'ftreport model fetch "
        + "\(Self.encoders[0])' gets a small encoder")
    if template == .study, model != nil {
      lines.append(
        "time: about \(ProgressDisplay.duration(study.seconds)) on this machine, by count of arithmetic"
          + (study.leftOut.isEmpty
            ? "" : "; left out for time: \(study.leftOut.joined(separator: ", "))"))
    }
    lines.append("wrote \(written.joined(separator: ", "))")
    if template == .study, let report = written.last {
      lines.append(
        "next: 'ftreport plan \(report)' says what would run, 'ftreport build \(report)' runs it")
    }
    try Output.print(lines.map(VisibleText.line).joined(separator: "\n"))
  }

  /// The model of the environment or the cache; nil where there is none.
  private static func found() throws -> (name: String, why: String)? {
    if let own = ProcessInfo.processInfo.environment["FTREPORT_MODEL"], !own.isEmpty {
      return (try checked(own), " (FTREPORT_MODEL)")
    }
    let cache = HubCache()
    return encoders.first { HubModel($0).flatMap(cache.snapshot) != nil }
      .map { ($0, " (in the hub's cache)") }
  }

  /// The same name, of a model that can be opened.
  private static func checked(_ model: String) throws -> String {
    _ = try ModelFolder(BuiltinModel.folder(of: model))
    return model
  }

  /// The name of a file without folder and ending, with '-' for what a name cannot have.
  private static func name(of file: String) -> String {
    let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    return String(
      decoding: stem.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  /// A path as a file in a folder names it; other names stay.
  private static func path(_ path: String, from folder: URL) -> String {
    let url = URL(fileURLWithPath: path)
    guard FileManager.default.fileExists(atPath: url.path), !path.starts(withBytes: "/") else {
      return path
    }
    let target = url.standardizedFileURL.pathComponents
    let base = folder.standardizedFileURL.pathComponents
    let shared = zip(target, base).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: base.count - shared) + target[shared...])
      .joined(separator: "/")
  }
}

/// A length of time on the command line.
struct TimeLimit: ExpressibleByArgument {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    guard let seconds = Quantity.seconds(argument) else { return nil }
    self.seconds = seconds
  }

  var defaultValueDescription: String { "\(Int(seconds / 60))min" }
}
