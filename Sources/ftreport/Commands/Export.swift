import ArgumentParser
import Foundation
import Report

/// Prints what is stored behind a report's numbers.
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the stored answers of a report's runs to single items.",
    discussion: """
      One JSON object a line: experiment, task, model, evaluation set and its parts, method, shots, \
      seed, item (FILE:LINE, by the file's role in the task), its true class, the answer, and whether \
      it is correct. An answer that is no class is null. Nothing is run.
      """)

  @Argument(help: "Markdown source.", completion: .file(extensions: ["md"]))
  var source: String

  @Flag(help: "Print the answer of every run to every item.")
  var answers = false

  @Flag(help: "Add the texts of the items.")
  var texts = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var parameters: ParameterOptions

  func validate() throws {
    guard answers else { throw ValidationError("Name what to export: --answers.") }
  }

  func run() async throws {
    let outcome = try await Diagnostics.guarding(json: parameters.json) {
      let opened = try OpenSource(source, parameters, isTransient: true)
      let plan = try opened.plan(json: parameters.json)
      let export = AnswerExport(plan, workspace: opened.workspace, withTexts: texts)
      guard let output else {
        return try export.write { (lines) throws(LostOutput) in try Output.write(lines) }
      }
      do throws(AnswerFile.Failure) {
        let file = try AnswerFile(output)
        let outcome = try export.write { (lines) throws(AnswerFile.Failure) in
          try file.write(lines)
        }
        try file.finish()
        return outcome
      } catch {
        Terminal.complain("\(error)")
        throw ExitCode(1)
      }
    }
    for gap in outcome.gaps.prefix(Self.shownGaps) {
      Terminal.complain("warning: no answers: \(gap)")
    }
    if outcome.gaps.count > Self.shownGaps {
      Terminal.complain("warning: no answers: \(outcome.gaps.count - Self.shownGaps) more")
    }
    // As of a build.
    if outcome.failed > 0 { throw ExitCode(3) }
    if outcome.missing > 0 { throw ExitCode(5) }
  }

  private static let shownGaps = 10
}

/// A file that is there when all its lines are.
private final class AnswerFile {
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    var description: String {
      "\(path): error: the file cannot be written: \(String(cString: strerror(code)))\n"
        + "  help: name a file that you may write to with --output"
    }
  }

  private let path: String
  /// Where lines go until the end; nil for what is no regular file, such as a pipe.
  private let partial: String?
  private let descriptor: Int32
  private var isFinished = false

  init(_ path: String) throws(Failure) {
    self.path = path
    var state = stat()
    let isThere = stat(path, &state) == 0
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    partial =
      isThere && state.st_mode & S_IFMT != S_IFREG
      ? nil
      : target.deletingLastPathComponent()
        .appendingPathComponent(".\(target.lastPathComponent).\(getpid()).partial").path
    descriptor = open(partial ?? path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
  }

  deinit {
    close(descriptor)
    if !isFinished, let partial { unlink(partial) }
  }

  func write(_ lines: String) throws(Failure) {
    do {
      try StandardStreams.write(lines, to: descriptor)
    } catch {
      throw Failure(path: path, code: error.code)
    }
  }

  func finish() throws(Failure) {
    if let partial {
      let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      guard rename(partial, target) == 0 else { throw Failure(path: path, code: errno) }
    }
    isFinished = true
  }
}
