import Experiments
import Formats

/// Which column of a table plays which role.
struct ResultLayout {
  /// One a column.
  let columns: [ResultColumn]
  /// Whether each row is one score, named by its metric, and not a run with a column for each.
  let isLong: Bool
  /// Names of columns that are not read.
  let unread: [String]

  func index(of column: ResultColumn) -> Int? { columns.firstIndex(of: column) }

  /// Guesses roles from names; the command line has priority.
  ///
  /// - Throws: ``Diagnostic`` FT061 where a role is missing or claimed twice.
  init(_ text: DelimitedText, file: String, columns assignments: [String]) throws(Diagnostic) {
    let names = text.header.map(\.text)
    if let index = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw Diagnostic(
        .missingResultColumn, at: text.header[index].position,
        "two columns are named '\(names[index])'", help: "rename one of them")
    }
    let given = try Self.assigned(assignments, names: names)
    var columns = names.indices.map { index in
      given[index] ?? ResultColumn(header: names[index])
    }
    // A column named on the command line takes the role from one that was only guessed.
    for (index, column) in columns.enumerated() where given[index] == nil {
      if given.values.contains(column) { columns[index] = .unread }
    }
    for (index, column) in columns.enumerated() where column != .unread {
      guard let other = columns[..<index].firstIndex(of: column) else { continue }
      throw Diagnostic(
        .missingResultColumn, at: text.header[index].position,
        "both '\(names[other])' and '\(names[index])' could be the \(column.words)",
        help: "say which: --column \(column.role)=NAME")
    }
    guard columns.contains(.method) else {
      throw Self.missing(
        "no column contains the method", "name one 'method', or use --column method=NAME", text)
    }
    let hasMeasures = columns.contains {
      if case .measure = $0 { true } else { false }
    }
    let isLong = columns.contains(.value) && (columns.contains(.metric) || !hasMeasures)
    guard isLong || hasMeasures else {
      throw Self.missing(
        "no column contains a score",
        "name one 'accuracy', 'ood_f1' or 'value', or use --column value=NAME", text)
    }
    for index in columns.indices {
      switch columns[index] {
      case .measure where isLong, .value where !isLong, .metric where !isLong:
        columns[index] = .unread
      default: break
      }
    }
    self.columns = columns
    self.isLong = isLong
    unread = names.indices.filter { columns[$0] == .unread }.map { names[$0] }
  }

  /// Roles that the command line gives, by column.
  private static func assigned(
    _ assignments: [String], names: [String]
  ) throws(Diagnostic) -> [Int: ResultColumn] {
    var given: [Int: ResultColumn] = [:]
    let roles = ResultColumn.roles.map(\.name) + [ResultColumn.settingRole]
    for assignment in assignments {
      let parts = assignment.split(atByte: "=", maxSplits: 1).map(String.init)
      let place = SourcePosition(file: "--column", line: 1)
      guard parts.count == 2 else {
        throw Diagnostic(
          .missingResultColumn, at: place, "'\(assignment)' names no column",
          help: "write ROLE=NAME, such as seed=trial")
      }
      guard roles.contains(parts[0]) else {
        throw Diagnostic(
          .missingResultColumn, at: place, "there is no role '\(parts[0])'",
          help: Suggestion.help(for: parts[0], among: roles, called: "roles"))
      }
      guard let index = names.firstIndex(of: parts[1]) else {
        throw Diagnostic(
          .missingResultColumn, at: place, "the table has no column '\(parts[1])'",
          help: Suggestion.help(for: parts[1], among: names, called: "its columns"))
      }
      given[index] =
        ResultColumn.roles.first { $0.name == parts[0] }?.column
        ?? .setting(ResultColumn.normalized(parts[1]))
    }
    return given
  }

  private static func missing(
    _ what: String, _ help: String, _ text: DelimitedText
  ) -> Diagnostic {
    let names = text.header.map { "'\($0.text)'" }.joined(separator: ", ")
    return Diagnostic(
      .missingResultColumn, at: text.header[0].position, what,
      help: "\(help); the columns are \(names)")
  }
}

extension ResultColumn {
  /// As a message calls it.
  fileprivate var words: String {
    switch self {
    case .setting(let name): "setting '\(name)'"
    case .measure(let measure): "\(measure.metric) on \(measure.set)"
    default: role
    }
  }

  /// As `--column` calls it.
  fileprivate var role: String {
    if case .setting = self { return Self.settingRole }
    return Self.roles.first { $0.column == self }?.name ?? "value"
  }
}
