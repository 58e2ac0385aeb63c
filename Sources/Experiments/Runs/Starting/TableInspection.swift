import Formats
import Foundation

/// What a table of labelled texts holds, as far as a program can see: its columns, classes and texts.
package struct TableInspection: Hashable, Sendable {
  /// A class as the label column writes it.
  package struct Label: Hashable, Sendable {
    package let name: String
    package let count: Int
  }

  /// Which columns hold what.
  package let columns: ExampleColumns
  /// The column of rows that belong together; nil for none.
  package let group: String?
  /// Columns that hold nothing of the task.
  package let otherColumns: [String]
  package let rows: Int
  /// In the order of ``TrainingFiles/labels``.
  package let labels: [Label]
  /// Words of the middle and of the longest text, cut at white space.
  package let middleWords: Int
  package let longestWords: Int
  /// Rows whose texts another row has too.
  package let duplicates: Int
  /// See ``TableOddities``.
  package let oddities: [String]

  /// Looks at a table.
  ///
  /// - Parameters:
  ///   - path: A file of examples, as the user named it.
  ///   - text: The column of the texts; nil to find it.
  ///   - pair: The column of second texts; nil for none.
  ///   - label: The column of the labels; nil to find it.
  ///   - group: The column of rows that belong together; nil for none.
  /// - Throws: ``InspectionError`` for a table that is no classification of texts, ``TrainingError``
  ///   or ``TaskError`` for one that cannot be read.
  package init(
    _ path: String, text: String?, pair: String?, label: String?, group: String? = nil
  ) throws {
    let table = try DataTable.named(path)
    let columns: [Column]
    do throws(TaskError) {
      columns = try table.columns()
    } catch {
      throw TrainingError.of(error, in: path)
    }
    guard let rows = columns.first?.cells.count, rows > 0 else {
      throw TrainingError(.noRows, file: path)
    }
    func named(_ name: String) throws(TrainingError) -> Column {
      guard let column = columns.first(where: { $0.name == name }) else {
        throw TrainingError(.noColumn(name, header: columns.map(\.name)), file: path, line: 1)
      }
      return column
    }
    let given = (
      text: try text.map(named), pair: try pair.map(named), label: try label.map(named)
    )
    self.group = try group.map(named)?.name
    let taken = [given.text?.name, given.pair?.name, given.label?.name, group].compactMap(\.self)
    let free = columns.filter { !taken.contains($0.name) }
    guard let texts = given.text ?? Column.likeliestText(free) else {
      throw InspectionError(.noText(columns.map(\.name)), file: path)
    }
    guard
      let classes = given.label ?? Column.likeliestLabel(free.filter { $0.name != texts.name })
    else { throw InspectionError(.noLabel(columns.map(\.name)), file: path) }
    try classes.checkClasses(file: path)
    self.rows = rows
    self.columns = ExampleColumns(text: texts.name, pair: pair, label: classes.name)
    otherColumns = columns.map(\.name).filter {
      $0 != texts.name && $0 != pair && $0 != classes.name && $0 != group
    }
    let counts = Dictionary(classes.cells.map { ($0, 1) }, uniquingKeysWith: +)
    labels = TrainingFiles.ordered(Set(classes.cells)).map {
      Label(name: $0, count: counts[$0] ?? 0)
    }
    let fields = [texts] + [given.pair].compactMap(\.self)
    let examples = (0..<rows).map { row in fields.map { $0.cells[row] } }
    let lengths = examples.map {
      $0.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count }
    }
    .sorted()
    middleWords = lengths[rows / 2]
    longestWords = lengths[rows - 1]
    duplicates = rows - Set(examples).count
    oddities =
      TableOddities(labels: classes.cells, texts: examples, header: columns.map(\.name)).sentences
  }
}

extension TableInspection {
  /// A column with its cells.
  struct Column: Hashable {
    let name: String
    let cells: [String]

    private var distinct: Int { Set(cells).count }
    private var characters: Int { cells.reduce(0) { $0 + $1.unicodeScalars.count } }
    private var isNumeric: Bool { cells.allSatisfy { Double($0) != nil } }

    private static let textNames = [
      "text", "sentence", "message", "review", "comment", "body", "content", "utterance", "tweet",
    ]
    private static let labelNames = [
      "label", "labels", "class", "category", "target", "y", "intent", "topic", "sentiment", "tag",
    ]

    /// The column that is called like texts, else the one with the most characters that are no numbers.
    static func likeliestText(_ columns: [Column]) -> Column? {
      columns.first { textNames.contains($0.name.lowercased()) }
        ?? columns.filter { !$0.isNumeric }.max { $0.characters < $1.characters }
    }

    /// The column that is called like labels, else the one with the fewest values, at least two.
    static func likeliestLabel(_ columns: [Column]) -> Column? {
      columns.first { labelNames.contains($0.name.lowercased()) }
        ?? columns.filter { $0.distinct > 1 && $0.distinct <= max(2, $0.cells.count / 2) }
        .min { $0.distinct < $1.distinct }
    }

    /// Refuses what is no classification, with the reason.
    func checkClasses(file: String) throws {
      if let row = cells.firstIndex(of: "") {
        throw InspectionError(.emptyLabel(column: name, row: row + 1), file: file)
      }
      guard distinct > 1 else { throw TrainingError(.oneClass(cells[0]), file: file) }
      // Whole numbers may number classes; measurements have many values or fractions.
      let numbers = cells.compactMap(Double.init)
      if numbers.count == cells.count, distinct > 10,
        distinct > cells.count / 3 || numbers.contains(where: { $0 != $0.rounded() })
      {
        throw InspectionError(.measurement(column: name, values: distinct), file: file)
      }
      if let separator = multipleSeparator {
        throw InspectionError(.severalLabels(column: name, separator: separator), file: file)
      }
      guard distinct <= 150, distinct <= max(2, cells.count / 2) else {
        throw InspectionError(
          .freeText(column: name, values: distinct, rows: cells.count), file: file)
      }
    }

    /// What stands between several labels of one row: cells fall into parts that return elsewhere.
    private var multipleSeparator: String? {
      if cells.allSatisfy({ $0.starts(withBytes: "[") && $0.utf8.last == UInt8(ascii: "]") }) {
        return ","
      }
      return ["|", ";", ","].first { separator in
        let parts = Set(cells).map { $0.components(separatedBy: separator) }
        let compound = parts.filter { $0.count > 1 }
        guard !compound.isEmpty else { return false }
        // "a;b" is two labels where "a" and "b" are labels too, alone or in other company.
        let others = Dictionary(parts.flatMap(Set.init).map { ($0, 1) }, uniquingKeysWith: +)
        return compound.allSatisfy { $0.allSatisfy { (others[$0] ?? 0) > 1 } }
      }
    }
  }
}

extension DataTable {
  /// Every column with its cells.
  fileprivate func columns() throws(TaskError) -> [TableInspection.Column] {
    let names = try columnNames()
    let references: [ColumnReference] =
      format == .jsonl
      ? names.map { .named([$0]) } : names.indices.map { .number($0 + 1) }
    let rows = try rows(of: references)
    return names.indices.map { index in
      TableInspection.Column(name: names[index], cells: rows.map { $0.texts[index] })
    }
  }
}

/// Why a table is no classification of texts.
package struct InspectionError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case noText([String])
    case noLabel([String])
    case emptyLabel(column: String, row: Int)
    case measurement(column: String, values: Int)
    case severalLabels(column: String, separator: String)
    case freeText(column: String, values: Int, rows: Int)
  }

  package let reason: Reason
  package let file: String

  init(_ reason: Reason, file: String) {
    self.reason = reason
    self.file = file
  }

  package var description: String { "\(file): error: \(message)\n  help: \(help)" }

  private var message: String {
    switch reason {
    case .noText(let names): "none of the columns \(names.joined(separator: ", ")) looks like texts"
    case .noLabel(let names):
      "none of the columns \(names.joined(separator: ", ")) looks like labels"
    case .emptyLabel(let column, let row): "row \(row) has no label in '\(column)'"
    case .measurement(let column, let values):
      "'\(column)' holds \(values) different numbers: that is a measurement, not a class"
    case .severalLabels(let column, let separator):
      "'\(column)' holds several labels a row, separated by '\(separator)'"
    case .freeText(let column, let values, let rows):
      "'\(column)' has \(values) different values in \(rows) rows: that is text, not a class"
    }
  }

  private var help: String {
    switch reason {
    case .noText: "name the column of the texts with --text"
    case .noLabel: "name the column of the labels with --label"
    case .emptyLabel: "label the row, or move it to another file and give it as --unlabelled"
    case .measurement:
      "regression is not supported; cut the numbers into classes, or name another column with --label"
    case .severalLabels:
      "a row needs one class; make a file for each label with yes and no, or name another column"
    case .freeText: "name the column of the classes with --label"
    }
  }
}
