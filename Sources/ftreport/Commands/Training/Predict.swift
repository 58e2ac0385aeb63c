import ArgumentParser
import Engine
import Experiments
import Formats
import Foundation

/// Labels texts with a saved model.
struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Label a file or lines of text with a model that 'train --save' wrote.",
    discussion: """
      With a FILE (CSV or TSV with a header, JSON Lines or an array, by its ending), prints it with \
      a column 'predicted' and the probability of every class beside its own columns.

      Without one, reads from standard input a text a line, two with a TAB between them for a model \
      of pairs, or JSON objects such as {"text":"…","pair":"…"}, and prints a line for each: the \
      label and the probability of every class, separated by TABs, or a JSON object with --json.
      """)

  @Argument(help: "The folder of the trained model.", completion: .directory)
  var folder: String

  @Argument(help: "A table of texts; standard input without one.", completion: .file())
  var file: String?

  @Option(
    name: .shortAndLong, help: "Where to write the labelled table; standard output by default.",
    completion: .file())
  var output: String?

  @Option(help: "The column of the texts; the one the model was trained on by default.")
  var text: String?

  @Option(help: "The column of the second texts, for a model of pairs.")
  var pair: String?

  @Option(
    help: "The base model of an adapter, if it has moved.", completion: .directory)
  var base: String?

  @Flag(help: "Print one JSON object per line.")
  var json = false

  @Option(help: "Threads; one per core by default.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    if file == nil, output != nil || text != nil || pair != nil {
      throw ValidationError("--output, --text and --pair are for a FILE; name one.")
    }
    if file != nil, json {
      throw ValidationError("--json is for standard input; a .jsonl file is answered in JSON.")
    }
    guard let file, let output else { return }
    // A format that is not known is reported with the file.
    guard let format = DataFormat(path: file) else { return }
    guard format == DataFormat(path: output), !DataFormat.isConverted(output) else {
      throw ValidationError("The output has the format of the input: name it .\(format.rawValue).")
    }
  }

  func run() async throws {
    try Trained.explained {
      BLAS.setThreads(threads ?? ProcessInfo.processInfo.activeProcessorCount)
      let classifier = try TrainedClassifier(
        URL(fileURLWithPath: folder, isDirectory: true),
        base: try base.map { try BuiltinModel.folder(of: $0) },
        warn: { Terminal.complain("warning: \($0.message)") })
      if let file { return try label(file, with: classifier) }
      var lines = InputLines()
      // What has arrived is answered before more is waited for, so that a dialogue works too.
      while let batch = lines.next() {
        // Lines before a mistake are answered; then the mistake is reported.
        var texts: [[String]] = []
        var mistake: TrainingError?
        for line in batch {
          do throws(TrainingError) {
            if line.number == 1, line.isHeader(of: classifier.columns) {
              throw TrainingError(.tableOnStandardInput, file: "<stdin>", line: 1, column: 1)
            }
            texts.append(try PredictionLine(line, fields: classifier.fieldCount).texts)
            warn(of: texts[texts.count - 1], line: line.number, classifier)
          } catch {
            mistake = error
            break
          }
        }
        try write(classifier.answers(to: texts), classifier.probabilityLabels)
        if let mistake { throw mistake }
      }
    }
  }

  /// Labels a file, all of it or nothing.
  private func label(_ file: String, with classifier: TrainedClassifier) throws {
    var columns = classifier.columns
    columns.text = text ?? columns.text
    columns.pair = pair ?? columns.pair
    let table = try PredictionTable(file, columns: columns, fields: classifier.fieldCount)
    let labelled = try table.text(
      adding: classifier.answers(to: table.texts), labels: classifier.probabilityLabels)
    warn(of: table.texts, in: file, classifier)
    guard let output else { return try Output.write(labelled) }
    do {
      try Data(labelled.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw TrainingError(.unwritableFile(error.localizedDescription), file: output)
    }
    Terminal.complain("wrote \(output): \(Wording.count(table.texts.count, "row"))")
  }

  /// Says once how many rows have no text or words that the model does not know.
  private func warn(of rows: [[String]], in file: String, _ classifier: TrainedClassifier) {
    let empty = rows.count { row in
      row.contains { text in text.allSatisfy(\.isWhitespace) }
    }
    if empty > 0 {
      Terminal.complain("\(file): warning: \(Wording.count(empty, "row")) without text")
    }
    if let words = classifier.cutTexts(in: rows) { Terminal.complain("\(file): warning: \(words)") }
    let unknown = rows.map(classifier.unknownWords).filter { !$0.isEmpty }
    guard let words = unknown.first else { return }
    let shown = words.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    Terminal.complain(
      "\(file): warning: \(Wording.count(unknown.count, "row")) with words that the model does not "
        + "know, such as \(shown)")
  }

  /// Warns about words of a line that the model does not know; the line is answered all the same.
  private func warn(of texts: [String], line: Int, _ classifier: TrainedClassifier) {
    guard texts.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
      return Terminal.complain("<stdin>:\(line): warning: there is no text")
    }
    if classifier.cutTexts(in: [texts]) != nil {
      Terminal.complain(
        "<stdin>:\(line): warning: the text is longer than the model reads, and is cut")
    }
    let words = classifier.unknownWords(in: texts)
    guard !words.isEmpty else { return }
    let shown = words.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = words.count > 3 ? " and \(words.count - 3) more" : ""
    Terminal.complain("<stdin>:\(line): warning: the model does not know \(shown)\(more)")
  }

  private func write(_ answers: [TrainedClassifier.Answer], _ labels: [String]) throws {
    var text = ""
    for answer in answers {
      if json {
        text += try Model.json(JSONLine(answer, labels)) + "\n"
      } else {
        let shares = zip(labels, answer.probabilities).map { name, share in
          "\(name)=\(String(format: "%.4f", share))"
        }
        // A label with a tab in it would make one column two.
        text += ([answer.label] + shares).map(VisibleText.line).joined(separator: "\t") + "\n"
      }
    }
    try Output.write(text)
  }

  private struct JSONLine: Encodable {
    let label: String
    let probabilities: [String: Float]

    init(_ answer: TrainedClassifier.Answer, _ labels: [String]) {
      label = answer.label
      probabilities = Dictionary(zip(labels, answer.probabilities)) { first, _ in first }
    }
  }
}

/// The lines of standard input in batches of those that have arrived.
struct InputLines {
  /// One line without its line end.
  struct Line {
    /// From 1.
    let number: Int
    let bytes: [UInt8]

    /// Whether cells of the line are names of columns, so that it is no text to label.
    func isHeader(of columns: ExampleColumns) -> Bool {
      guard let text = String(validating: bytes, as: UTF8.self) else { return false }
      let separators: [Unicode.Scalar] = [",", "\t", ";", "|"]
      return separators.contains { separator in
        let cells = text.split(atByte: separator).map { String($0).replacing("\"", with: "") }
        return cells.count > 1 && (cells.contains(columns.text) || cells.contains("text"))
      }
    }
  }

  private static let capacity = 1 << 16

  private var pending: [UInt8] = []
  private var count = 0
  private var hasEnded = false

  /// The complete lines that the next read brings; nil at the end.
  ///
  /// Waits for at least one. Text without a line end at the very end is a line.
  mutating func next() -> [Line]? {
    while !hasEnded {
      let piece = Self.read()
      hasEnded = piece.isEmpty
      let lines = take(piece)
      if !lines.isEmpty { return lines }
    }
    return nil
  }

  private mutating func take(_ piece: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = piece.startIndex
    while let end = piece[start...].firstIndex(of: 0x0A) {
      add(pending + piece[start..<end], to: &lines)
      pending = []
      start = end + 1
    }
    pending += piece[start...]
    if hasEnded, !pending.isEmpty {
      add(pending, to: &lines)
      pending = []
    }
    return lines
  }

  private mutating func add(_ bytes: [UInt8], to lines: inout [Line]) {
    count += 1
    // A byte order mark at the beginning is no text.
    let text =
      count == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    lines.append(Line(number: count, bytes: Array(text.last == 0x0D ? text.dropLast() : text)))
  }

  private static func read() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var received = Foundation.read(STDIN_FILENO, buffer.baseAddress, capacity)
      while received < 0, errno == EINTR {
        received = Foundation.read(STDIN_FILENO, buffer.baseAddress, capacity)
      }
      count = max(received, 0)
    }
  }
}

/// One line of texts to label: plain, two with a TAB between them, or a JSON object.
struct PredictionLine {
  let texts: [String]

  private struct Request: Decodable {
    let text: String
    let pair: String?
  }

  /// Whether a line is a JSON object and not a text that begins with a brace: a name in quotes follows.
  private static func isObject(_ line: String) -> Bool {
    guard line.utf8.first == UInt8(ascii: "{") else { return false }
    let next = line.utf8.dropFirst().first { $0 > 0x20 }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: As it came.
  ///   - fields: How many texts the model needs: 1, or 2 for a pair.
  /// - Throws: ``TrainingError`` with the line's number.
  init(_ line: InputLines.Line, fields: Int) throws(TrainingError) {
    func mistake(_ reason: TrainingError.Reason) -> TrainingError {
      TrainingError(reason, file: "<stdin>", line: line.number, column: 1)
    }
    guard let text = String(validating: line.bytes, as: UTF8.self) else {
      throw mistake(.malformedLine("it is not UTF-8"))
    }
    var texts: [String]
    if Self.isObject(text) {
      do {
        let request = try JSONCoding.value(Request.self, from: Data(line.bytes))
        texts = [request.text] + (request.pair.map { [$0] } ?? [])
      } catch {
        throw mistake(.malformedLine("it begins as a JSON object and has no 'text'"))
      }
    } else {
      texts = text.split(atByte: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard texts.count >= fields else { throw mistake(.missingPair) }
    guard texts.count == fields else {
      throw mistake(
        .malformedLine("it holds \(texts.count) texts, and the model reads \(fields)"))
    }
    self.texts = texts
  }
}
