import Foundation
import Testing

@testable import Formats
@testable import Report

@Suite struct BrokenTableTests {
  /// A table that cannot be read, and everything that is said of it.
  struct Broken: Sendable, CustomTestStringConvertible {
    let name: String
    let csv: String
    var columns: [String] = []
    let message: String

    var testDescription: String { name }
  }

  static let all = [
    Broken(
      name: "an empty file", csv: "",
      message: """
        results.csv:1:1: error[FT060]: the file is empty
          help: a table begins with a line that names its columns, such as \
        method,task,shots,seed,accuracy
        """),
    Broken(
      name: "a header alone", csv: "method,accuracy\n",
      message: """
        results.csv:1:1: error[FT060]: the table has a header and no rows
          help: was the file cut off?
        """),
    Broken(
      name: "no method", csv: "task,acuracy\ncola,0.6\n",
      message: """
        results.csv:1:1: error[FT061]: no column contains the method
          help: name one 'method', or use --column method=NAME; the columns are 'task', 'acuracy'
        """),
    Broken(
      name: "no score", csv: "method,acuracy\nlora,0.6\n",
      message: """
        results.csv:1:1: error[FT061]: no column contains a score
          help: name one 'accuracy', 'ood_f1' or 'value', or use --column value=NAME; the \
        columns are 'method', 'acuracy'
        """),
    Broken(
      name: "a score that is no number", csv: "method,seed,accuracy\nlora,0,0.6\nlora,1,good\n",
      message: """
        results.csv:3:8: error[FT062]: 'good' is not a number
          help: a score is a number such as 0.612 or 61.2%; leave the field empty where there is none
        """),
    Broken(
      name: "a decimal comma", csv: "method;seed;accuracy\nlora;0;0,61\n",
      message: """
        results.csv:2:8: error[FT062]: '0,61' is not a number
          help: write it with a point: 0.61
        """),
    Broken(
      name: "a score out of range", csv: "method,seed,accuracy\nlora,0,0.6\nlora,1,-0.2\n",
      message: """
        results.csv:3:8: error[FT062]: accuracy cannot be -0.2
          help: it must be from 0 to 1, or to 100 in percent
        """),
    Broken(
      name: "shares among percentages",
      csv: "method,seed,accuracy\nlora,0,0.6\nlora,1,61.5\nlora,2,0.7\n",
      message: """
        results.csv:3:8: error[FT062]: this accuracy is 61.5, but most of the column are shares up to 1
          help: write all values as shares or all in percent
        """),
    Broken(
      name: "a row with too many fields", csv: "method,accuracy\nlora,0.6,7\n",
      message: """
        results.csv:2:6: error[FT060]: this row has 3 fields, the header has 2
          help: put a field that contains the separator in double quotes
        """),
    Broken(
      name: "a row with too few fields", csv: "method,seed,accuracy\nlora,0.6\n",
      message: """
        results.csv:2:6: error[FT060]: this row has 2 fields, the header has 3
          help: give every row a field for each column, empty where there is nothing
        """),
    Broken(
      name: "a quote that never closes", csv: "method,accuracy\n\"lora,0.6\n",
      message: """
        results.csv:2:1: error[FT060]: this quote is never closed
          help: end the cell with a quote, and double each quote inside
        """),
    Broken(
      name: "text behind a quote", csv: "method,accuracy\n\"lora\"x,0.6\n",
      message: """
        results.csv:2:7: error[FT060]: text follows the quote that ends a cell
          help: separate cells with a comma, and double each quote inside a cell
        """),
    Broken(
      name: "two columns of one name", csv: "method,accuracy,accuracy\nlora,0.6,0.7\n",
      message: """
        results.csv:1:17: error[FT061]: two columns are named 'accuracy'
          help: rename one of them
        """),
    Broken(
      name: "two columns of one role", csv: "method,approach,accuracy\nlora,x,0.7\n",
      message: """
        results.csv:1:8: error[FT061]: both 'method' and 'approach' could be the method
          help: say which: --column method=NAME
        """),
    Broken(
      name: "scores that are all empty", csv: "method,accuracy\nlora,\n",
      message: """
        results.csv:2:1: error[FT060]: no row has a score
          help: scores are in columns such as accuracy or ood_f1, or in one named value
        """),
    Broken(
      name: "a role that is none", csv: "method,accuracy\nlora,0.6\n", columns: ["sedd=method"],
      message: """
        --column:1:1: error[FT061]: there is no role 'sedd'
          help: did you mean 'seed'?
        """),
    Broken(
      name: "a named column that is not there", csv: "method,trail,accuracy\nlora,1,0.6\n",
      columns: ["seed=trial"],
      message: """
        --column:1:1: error[FT061]: the table has no column 'trial'
          help: did you mean 'trail'?
        """),
  ]

  @Test("a broken table is explained by file, line and column", arguments: all)
  func message(broken: Broken) {
    let error = #expect(throws: Diagnostic.self) {
      try AuditSamples.audit(broken.csv, columns: broken.columns)
    }
    #expect(error?.description == broken.message)
  }

  @Test("a file that is not there is reported")
  func noFile() {
    let error = #expect(throws: Diagnostic.self) {
      try ResultTable(contentsOf: URL(fileURLWithPath: "/nonexistent/x.csv"), file: "x.csv")
    }
    #expect(
      error?.description == """
        x.csv:1:1: error[FT001]: there is no such file
          help: check the path
        """)
  }
}
