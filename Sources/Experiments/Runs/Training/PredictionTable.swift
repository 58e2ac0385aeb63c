import Formats
import Foundation

/// A file of texts to label, which comes back with every row and column and the answers beside them.
package struct PredictionTable {
  /// Of each row the texts that the model reads, in the order of the file.
  package let texts: [[String]]

  private let format: DataFormat
  private let header: [String]
  /// All cells of each row of a table; of JSON one object a row, as it was written.
  private let rows: [[String]]

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - path: A TSV or CSV file with a header, JSON Lines or an array, by its ending.
  ///   - columns: What its texts are called.
  ///   - fields: How many texts the model reads: 1, or 2 for a pair.
  /// - Throws: ``TrainingError`` or ``TaskError`` with file, line and column.
  package init(_ path: String, columns: ExampleColumns, fields: Int) throws {
    let table = try DataTable.named(path)
    format = table.format
    do throws(TaskError) {
      let names = try table.columnNames()
      let wanted = columns.texts(fields).map { ColumnReference.named([$0]) }
      if table.format == .jsonl {
        header = []
        rows = try table.objects().map { [$0] }
        texts = try table.rows(of: wanted).map(\.texts)
      } else {
        header = names
        let all = names.indices.map { ColumnReference.number($0 + 1) }
        let read = try table.rows(of: wanted + all).map(\.texts)
        texts = read.map { Array($0.prefix(fields)) }
        rows = read.map { Array($0.dropFirst(fields)) }
      }
    } catch {
      throw TrainingError.of(error, in: path)
    }
  }

  /// The file with a column `predicted` and one of each class's probability, `p(LABEL)`.
  ///
  /// CSV comes back with commas, whatever it was separated by; JSON comes back as JSON Lines.
  ///
  /// - Parameters:
  ///   - answers: One a row.
  ///   - labels: Of the probabilities, in their order.
  /// - Returns: The text of the file.
  /// - Throws: ``TrainingError`` for a column of these names that is there already.
  package func text(
    adding answers: [TrainedClassifier.Answer], labels: [String]
  ) throws(TrainingError) -> String {
    let added = ["predicted"] + labels.map { "p(\($0))" }
    if let taken = added.first(where: header.contains) {
      throw TrainingError(.takenColumn(taken))
    }
    switch format {
    case .csv:
      var lines = CSVLines()
      lines.append(header + added)
      for (row, answer) in zip(rows, answers) { lines.append(row + answer.cells) }
      return lines.text
    case .tsv:
      // A label with a TAB in it would make one column two.
      let lines = [header + added] + zip(rows, answers).map { $0 + $1.cells }
      return lines.map { $0.map(VisibleText.line).joined(separator: "\t") + "\n" }.joined()
    case .jsonl:
      return zip(rows, answers).map { row, answer in
        let probabilities = Dictionary(
          zip(labels, answer.probabilities.map { JSONText.number(Double($0)) }),
          uniquingKeysWith: { first, _ in first })
        let members = JSONText.map([
          "predicted": .text(answer.label), "probabilities": .map(probabilities),
        ]).line
        // What was in the object stays as it was written.
        let object = row[0].dropLast()
        let isEmpty = !object.utf8.dropFirst().contains { $0 > 0x20 }
        return object + (isEmpty ? "" : ",") + members.dropFirst() + "\n"
      }.joined()
    }
  }
}

extension TrainedClassifier.Answer {
  fileprivate var cells: [String] {
    [label] + probabilities.map { String(format: "%.6f", $0) }
  }
}
