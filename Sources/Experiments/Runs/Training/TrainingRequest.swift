import Formats
package import Foundation

/// A user's request for training outside a report.
package struct TrainingRequest: Sendable {
  /// Folder of the checkpoint; nil for a method that reads the texts alone.
  var model: URL?
  /// The checkpoint as the user named it, for the record of what was trained.
  var modelName: String?
  /// Name of a preset: `lora`.
  package var method: String
  /// `key=value` each; see ``TrainingSettings``.
  package var settings: [String] = []
  package var training: String
  package var evaluations: [String] = []
  /// What the columns of these files are called.
  package var columns = ExampleColumns()
  /// The task whose training pool is sampled instead of a file; ``training`` is then its name as the
  /// user gave it, and ``evaluations`` are names of its sets, none for all of them.
  package var task: TaskSample?
  /// Folders and files to start from; see ``StartingPoint``.
  package var start: [String] = []
  package var order = TrainingOrder.shuffled
  package var seed: UInt64 = 0
  package var threads = 1
  /// A template such as `{text} Really?`; nil for the method's own way.
  package var pattern: String?
  /// The label words; see ``TrainingTask``.
  package var words: String?
  /// Where to save what was trained; nil to throw it away.
  package var destination: URL?
  /// Of the program, for the record.
  var version: String

  package init(
    model: URL?, modelName: String?, method: String, training: String, version: String
  ) {
    self.model = model
    self.modelName = modelName
    self.method = method
    self.training = training
    self.version = version
  }
}

/// The examples of a task that a report's cell trains on.
package struct TaskSample: Hashable, Sendable {
  var definition: TaskDefinition
  /// Of the task's files.
  var folder: URL
  /// Nil for the whole pool in the order of ``ShotCounting/natural``.
  var shots: Int?
  var counting: ShotCounting

  package init(
    _ definition: TaskDefinition, in folder: URL, shots: Int?, per counting: ShotCounting
  ) {
    self.definition = definition
    self.folder = folder
    self.shots = shots
    self.counting = shots == nil ? .natural : counting
  }
}

/// Settings of a command line, `key=value` each, as options of a method.
struct TrainingSettings: Hashable {
  /// By the option's own name.
  let values: [String: OptionValue]
  /// Whether `dropout=0` was asked for.
  let hasNoDropout: Bool

  private static let dropout = LoRAAdaptation.dropout.name

  /// Parses settings.
  ///
  /// - Throws: ``MethodError`` for one that is not `key=value`.
  init(_ settings: [String]) throws(MethodError) {
    values = try [String: OptionValue](parsing: settings)
    hasNoDropout = values[LoRAAdaptation.dropout] == 0
  }

  /// The method with these settings over its preset's.
  ///
  /// `dropout=0` is understood by methods that have no dropout, since it is what they do.
  ///
  /// - Parameters:
  ///   - preset: The method's name.
  ///   - further: Options that follow from something else, over which settings go.
  ///   - task: Gives the patterns.
  ///   - catalog: Contains the methods.
  /// - Returns: The method with every option decided.
  /// - Throws: ``MethodError`` for an unknown method, option or value, ``TrainingError`` for dropout
  ///   where there is none.
  func method(
    _ preset: String, further: [String: OptionValue], task: TaskDefinition, catalog: MethodCatalog
  ) throws -> Method {
    var given = further.merging(values) { $1 }
    do throws(MethodError) {
      return try catalog.method(preset, name: preset, overrides: given, task: task)
    } catch {
      guard case .unknownOption(Self.dropout, _) = error.reason else { throw error }
      guard hasNoDropout else { throw TrainingError(.noDropout(method: preset)) }
      given[Self.dropout] = nil
      return try catalog.method(preset, name: preset, overrides: given, task: task)
    }
  }
}
