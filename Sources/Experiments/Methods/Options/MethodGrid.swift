import Formats

/// The settings a method is tried with before one of them is chosen on held-out examples.
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

  /// Every value an option may have, over the settings of the grid.
  func possible(_ name: String) -> [OptionValue] {
    if case .list(let values) = values[MethodGrid.prefix + name] { return values }
    return values[name].map { [$0] } ?? []
  }
}
