import Formats

/// Settings of a command line, `key=value` each, as options of a method.
struct TrainingSettings: Hashable {
  /// By the option's own name.
  let values: [String: OptionValue]
  /// Whether `dropout=0` was asked for.
  private let hasNoDropout: Bool

  private static let aliases = ["batch": "batch-size", "clip": "clip-norm", "lr": "learning-rate"]
  private static let dropout = "dropout"

  /// Parses settings; the last of several for one option counts.
  ///
  /// - Throws: ``TrainingError`` for one that is not `key=value`.
  init(_ settings: [String]) throws(TrainingError) {
    var values: [String: OptionValue] = [:]
    for setting in settings {
      let parts = setting.split(atByte: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw TrainingError(.malformedSetting(setting))
      }
      let key = String(parts[0])
      values[Self.aliases[key] ?? key] = OptionValue(parsing: String(parts[1]))
    }
    self.values = values
    hasNoDropout = [.integer(0), .number(0)].contains(values[Self.dropout])
  }

  /// The method with these settings over its preset's.
  ///
  /// `dropout=0` is understood by methods that have no dropout, since it is what they do.
  ///
  /// - Parameters:
  ///   - preset: The method's name.
  ///   - further: Options that follow from something else, over which settings go.
  ///   - task: Gives the patterns.
  ///   - catalog: Knows the methods.
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
