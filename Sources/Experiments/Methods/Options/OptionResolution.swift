import Formats

/// The two parts that make a method, by the options that name them.
enum MethodPart: String, CaseIterable, Sendable {
  case objective
  case adaptation
}

/// Fills in and checks the options of one method.
struct OptionResolution {
  private let specifications: [OptionSpecification]

  /// Other names that a source may give, for messages.
  private let others: [String]
  /// Whether the adaptation freezes matrices, which can then be quantised.
  private let freezesMatrices: Bool

  init(_ options: [any DeclaredOption], others: [String], freezesMatrices: Bool) {
    specifications = options.map(\.specification)
    self.others = others
    self.freezesMatrices = freezesMatrices
  }

  /// Every option that is read, in its canonical form, and the axes of the grid.
  ///
  /// - Parameters:
  ///   - defaults: Of a preset; those of parts it was not made for are left out.
  ///   - asked: What the source itself sets.
  /// - Returns: Values by name.
  /// - Throws: ``MethodError`` for the first mistake in the order of names.
  func values(
    defaults: [String: OptionValue], asked: [String: OptionValue]
  ) throws(MethodError) -> [String: OptionValue] {
    let given = defaults.merging(asked) { $1 }
    var axes: [String: OptionValue] = [:]
    // Sorted, so that the first of several mistakes is always the same one.
    for key in asked.keys.sorted() {
      let isAxis = key.starts(withBytes: MethodGrid.prefix)
      let name = isAxis ? String(key.dropFirst(MethodGrid.prefix.count)) : key
      guard let specification = specifications.first(where: { $0.name == name }) else {
        throw unknown(name, in: key)
      }
      guard isAxis, let value = asked[key] else { continue }
      axes[key] = try axis(value, of: specification, called: key)
    }
    var values = axes
    for specification in specifications {
      let value = given[specification.name] ?? specification.defaultValue
      guard let canonical = specification.canonical(value) else {
        throw MethodError(
          .invalidValue(value, expectation: specification.expectation), option: specification.name)
      }
      values[specification.name] = canonical
    }
    return try withoutUnread(values, asked: asked)
  }

  private func unknown(_ name: String, in key: String) -> MethodError {
    if name == BasePrecision.option.name, !freezesMatrices {
      return MethodError(.basePrecisionTrains, option: key)
    }
    let known =
      specifications.map(\.name) + MethodPart.allCases.map(\.rawValue) + others
      + [MethodGrid.key]
    return MethodError(.unknownOption(name, known: known), option: key)
  }

  private func axis(
    _ value: OptionValue, of specification: OptionSpecification, called key: String
  ) throws(MethodError) -> OptionValue {
    guard ![ModelSelection.option.name, HeldOutExamples.option.name].contains(specification.name)
    else {
      throw MethodError(.notInGrid(specification.name), option: key)
    }
    let items = if case .list(let items) = value { items } else { [value] }
    var values: [OptionValue] = []
    for item in items {
      guard let canonical = specification.canonical(item) else {
        throw MethodError(
          .invalidValue(item, expectation: specification.expectation), option: key)
      }
      if !values.contains(canonical) { values.append(canonical) }
    }
    guard !values.isEmpty else {
      throw MethodError(
        .invalidValue(value, expectation: "a list of values to try"), option: key)
    }
    return .list(values)
  }

  /// Removes options that have no effect because of other options, so that they are in no key.
  private func withoutUnread(
    _ all: [String: OptionValue], asked: [String: OptionValue]
  ) throws(MethodError) -> [String: OptionValue] {
    var values = all
    let resolved = ResolvedOptions(all)
    for specification in specifications {
      let why: String
      if let condition = specification.condition {
        let deciding = resolved.possible(condition.option)
        guard !deciding.contains(where: condition.isMet) else { continue }
        why = "'\(condition.option)' is \(deciding.map(\.description).joined(separator: " or "))"
      } else if specification.name == HeldOutExamples.option.name {
        guard !HeldOutExamples.isRead(resolved) else { continue }
        why =
          "there is neither a \(MethodGrid.key) nor '\(ModelSelection.option.name): "
          + "\(ModelSelection.bestHeldOut.rawValue)'"
      } else {
        continue
      }
      // A default that the source writes down is the same as one that it does not.
      let isOwn = specification.condition?.option == specification.name
      for key in [specification.name, MethodGrid.prefix + specification.name] {
        if asked[key] != nil, !isOwn {
          throw MethodError(.unreadOption(specification.name, why: why), option: key)
        }
        values[key] = nil
      }
    }
    return values
  }
}
