package import Experiments
package import Formats
package import Foundation

/// A task as someone named it: one the program knows, or a YAML file.
package struct TaskSource: Sendable {
  package let definition: TaskDefinition
  /// The folder of the task's file, which is also the default data folder.
  package let folder: URL?

  /// Reads a task file.
  ///
  /// - Parameters:
  ///   - url: Where it is.
  ///   - file: Its path, for messages.
  /// - Throws: Everything that is wrong, each at its place in the file.
  package init(contentsOf url: URL, file: String) throws(Mistakes) {
    let text: String
    do throws(Diagnostic) {
      text = try TextFile(contentsOf: url, file: file, kind: .task).text
    } catch {
      throw Mistakes([error])
    }
    definition = try TaskFile.read(text, file: file)
    folder = url.deletingLastPathComponent()
  }
}

extension TaskSource {
  /// The task of a name on a command line: a path that ends in `.yml`, else one of the published.
  ///
  /// - Throws: `Mistakes` for a task file, `TaskError` for a name that is none.
  package init(named name: String) throws {
    if TaskFile.isPath(name) {
      try self.init(contentsOf: URL(fileURLWithPath: name), file: name)
    } else {
      self.init(definition: try TaskCatalog.published.task(named: name), folder: nil)
    }
  }

  /// The task that a source names: a file for a path that ends in `.yml`, else one of the catalog.
  ///
  /// - Parameters:
  ///   - name: As written, with its place.
  ///   - workspace: Relative to which paths are.
  ///   - tasks: The tasks that have names.
  /// - Returns: The definition, and the folder of its file.
  /// - Throws: `Mistakes`, in a task file at their places there.
  static func named(
    _ name: Located<String>, in workspace: Workspace, tasks: TaskCatalog
  ) throws(Mistakes) -> TaskSource {
    guard TaskFile.isPath(name.value) else {
      do throws(TaskError) {
        return TaskSource(definition: try tasks.task(named: name.value), folder: nil)
      } catch {
        throw Mistakes([Diagnostic(error, at: name.position)])
      }
    }
    let url = workspace.file(name.value)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Mistakes([
        Diagnostic(
          .unknownTask, at: name.position, "there is no file '\(name.value)'",
          help: neighbour(of: url, written: name.value).map { "did you mean '\($0)'?" }
            ?? "a task file is named relative to the source file")
      ])
    }
    return try TaskSource(contentsOf: url, file: workspace.shownPath(url))
  }

  /// The task file beside a missing one whose name is most like it, as the source would write it.
  private static func neighbour(of url: URL, written path: String) -> String? {
    let folder = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    // Without the ending, which is alike in all of them.
    func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }
    let files = names.filter(TaskFile.isPath).sorted()
    let guess = Suggestion.closest(to: stem(url.lastPathComponent), in: files.map(stem))
    return files.first { stem($0) == guess }.map {
      path.dropLast(url.lastPathComponent.count) + $0
    }
  }

  private init(definition: TaskDefinition, folder: URL?) {
    self.definition = definition
    self.folder = folder
  }
}
