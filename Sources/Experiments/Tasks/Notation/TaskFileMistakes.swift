import Formats

/// Everything wrong with one task file, in the order it was found.
final class TaskFileMistakes {
  private(set) var all: [TaskError] = []

  func report(_ what: String, help: String, at place: TaskFilePlace) {
    all.append(
      TaskError(.malformedTask(what, help: help), line: place.line, column: place.column))
  }

  /// Reports an error that another part of the program found, where the file says its cause.
  func report(_ error: TaskError, at place: TaskFilePlace) {
    all.append(TaskError(error.reason, line: place.line, column: place.column))
  }

  /// Reports a name that is none of those there are.
  func reportUnknown(
    _ name: String, what: String, known: [String], called plural: String, at place: TaskFilePlace
  ) {
    report(
      "there is no \(what) '\(name)'",
      help: Suggestion.help(for: name, among: known, called: plural), at: place)
  }
}
