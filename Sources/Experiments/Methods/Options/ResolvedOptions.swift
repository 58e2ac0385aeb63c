import Formats

/// A method's options with every default filled in and every value checked.
package struct ResolvedOptions: Hashable, Sendable {
  /// By name, as a recipe has them.
  package private(set) var values: [String: OptionValue]

  /// Takes values that ``OptionResolution`` has checked.
  package init(_ values: [String: OptionValue]) {
    self.values = values
  }

  /// The value of an option; asking for one that the method lacks is a programmer's error.
  package subscript<Value>(option: MethodOption<Value>) -> Value {
    get {
      guard let value = value(of: option) else {
        preconditionFailure("the method has no option '\(option.name)'")
      }
      return value
    }
    set { values[option] = newValue }
  }

  /// The value of an option that not every method has.
  ///
  /// - Parameter option: Its key.
  /// - Returns: The value; nil for a method without the option.
  package func value<Value>(of option: MethodOption<Value>) -> Value? {
    values[option.name].map { read($0, option) }
  }

  /// Every value an option may have, over the settings of the grid.
  func possible<Value>(_ option: MethodOption<Value>) -> [Value] {
    possible(option.name).map { read($0, option) }
  }

  /// The same for an option known by its name only.
  func possible(_ name: String) -> [OptionValue] {
    if case .list(let values) = values[MethodGrid.prefix + name] { return values }
    return values[name].map { [$0] } ?? []
  }

  private func read<Value>(_ value: OptionValue, _ option: MethodOption<Value>) -> Value {
    guard let typed = Value(optionValue: value) else {
      preconditionFailure("option '\(option.name)' was checked as another type than it is read")
    }
    return typed
  }
}

/// The settings to try for a method; one of them is chosen on held-out examples.
///
/// In a recipe an axis is an option `grid.NAME` that holds a list of values of the option `NAME`.
package struct MethodGrid: Hashable, Sendable {
  /// The option of a source that holds the axes.
  package static let key = "grid"
  package static let prefix = "grid."

  /// A setting with the values it is tried with, in the order of the source.
  package struct Axis: Hashable, Sendable {
    package let option: String
    package let values: [OptionValue]
  }

  /// In the order of their names.
  package let axes: [Axis]

  /// Reads the axes among the options of a method.
  package init(_ options: ResolvedOptions) {
    axes = options.values.keys.filter { $0.starts(withBytes: Self.prefix) }.sorted().compactMap {
      key in
      guard case .list(let values) = options.values[key] else { return nil }
      return Axis(option: String(key.dropFirst(Self.prefix.count)), values: values)
    }
  }

  package var isEmpty: Bool { axes.isEmpty }

  /// Every combination of the axes' values, those of the last axis changing fastest.
  package var settings: [[String: OptionValue]] {
    axes.reduce([[:]]) { settings, axis in
      settings.flatMap { setting in
        axis.values.map { setting.merging([axis.option: $0]) { $1 } }
      }
    }
  }
}

extension ResolvedOptions {
  /// The options of every setting of the grid, which is no part of them; of one without a grid.
  package var candidates: [ResolvedOptions] {
    let fixed = values.filter { !$0.key.starts(withBytes: MethodGrid.prefix) }
    return MethodGrid(self).settings.map { ResolvedOptions(fixed.merging($0) { $1 }) }
  }
}
