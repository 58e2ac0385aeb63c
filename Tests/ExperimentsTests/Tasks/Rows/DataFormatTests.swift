import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Data formats")
struct DataFormatTests {
  private static let columns = [ColumnReference.named(["text"]), .named(["label"])]

  private func rows(_ bytes: some Collection<UInt8>, _ format: DataFormat) throws -> [[String]] {
    let folder = try TemporaryFolder()
    try folder.write(Data(bytes), to: "file.\(format.rawValue)")
    return try DataTable(folder.file("file.\(format.rawValue)")).rows(of: Self.columns)
      .map(\.texts)
  }

  private func failure(_ bytes: some Collection<UInt8>, _ format: DataFormat) throws -> String {
    let folder = try TemporaryFolder()
    let url = folder.file("file.\(format.rawValue)")
    try folder.write(Data(bytes), to: url.lastPathComponent)
    let error = #expect(throws: TaskError.self) {
      try DataTable(url).rows(of: Self.columns)
    }
    return (error?.description ?? "").replacingOccurrences(of: folder.url.path + "/", with: "")
  }

  struct Good: Sendable {
    let format: DataFormat
    let text: String
    let rows: [[String]]
  }

  @Test(
    "rows are read as written",
    arguments: [
      Good(format: .csv, text: "text,label\na,0\nb,1\n", rows: [["a", "0"], ["b", "1"]]),
      Good(
        format: .csv, text: "label,x,text\r\n0,,a\r\n1,,b\r\n\r\n",
        rows: [["a", "0"], ["b", "1"]]),
      Good(format: .csv, text: "\u{FEFF}text,label\na,0", rows: [["a", "0"]]),
      Good(
        format: .csv, text: "text,label\n\"a, \"\"b\"\"\r\nc\",\"0\"\n\"\",1\n",
        rows: [["a, \"b\"\r\nc", "0"], ["", "1"]]),
      Good(format: .csv, text: "text,label\n,\n", rows: [["", ""]]),
      Good(format: .csv, text: "text,label\n\"\"\"\",0\n", rows: [["\"", "0"]]),
      Good(
        format: .tsv, text: "\u{FEFF}text\tlabel\r\n\"a\"\t0\r\n\t1\r\n",
        rows: [["\"a\"", "0"], ["", "1"]]),
      Good(
        format: .jsonl,
        text: "\u{FEFF}{\"label\": 1, \"text\": \"a\\n\\\"b\\\"\", \"x\": [1]}\r\n\n"
          + "{\"text\": \"Zo\\u00eb\", \"label\": true}\n{\"text\": \"\", \"label\": 1.5}",
        rows: [["a\n\"b\"", "1"], ["Zoë", "true"], ["", "1.5"]]),
    ])
  func good(_ sample: Good) throws {
    #expect(try rows(Array(sample.text.utf8), sample.format) == sample.rows)
  }

  struct Bad: Sendable {
    let format: DataFormat
    let text: String
    let message: String
  }

  @Test(
    "a broken file is reported with its place",
    arguments: [
      Bad(
        format: .csv, text: "text,label\nfive \"inch,0\n",
        message: """
          file.csv:2:6: error: a quote is inside a cell that does not begin with one
            help: put the whole cell in double quotes, and double each quote inside
          """),
      Bad(
        format: .csv, text: "text,label\n\"a\nb\",0\nx,\"y,1\nz\n",
        message: """
          file.csv:4:3: error: this quote is never closed
            help: end the cell with a quote, and double each quote inside
          """),
      Bad(
        format: .csv, text: "text,label\n\"a\" b,0\n",
        message: """
          file.csv:2:4: error: text follows the quote that ends a cell
            help: separate cells with a comma, and double each quote inside a cell
          """),
      Bad(
        format: .csv, text: "text,label\na,0\nb, c,1\n",
        message: """
          file.csv:3: error: the row has 3 columns, 2 are needed
            help: put cells that contain a comma, a quote or a line end in double quotes
          """),
      Bad(
        format: .csv, text: "sentence,label\na,0\n",
        message: """
          file.csv:1: error: the header has no column 'text'
            help: it has sentence, label
          """),
      Bad(
        format: .csv, text: "",
        message: """
          file.csv: error: the file has no rows
            help: the download may be incomplete; fetch the file again
          """),
      Bad(
        format: .tsv, text: "text\tlabel\na\n",
        message: """
          file.tsv:2: error: the row has 1 column, 2 are needed
            help: columns are separated by TAB and never quoted; was the file saved by a spreadsheet?
          """),
      Bad(
        format: .jsonl, text: "{\"text\": \"a\", \"label\": 0}\n{\"text\": \"a\", label: 0}\n",
        message: """
          file.jsonl:2:15: error: malformed JSON: expected a key in quotes
            help: each line is one JSON object
          """),
      Bad(
        format: .jsonl, text: "\n7\n",
        message: """
          file.jsonl:2: error: the line holds 7, no object
            help: each row is one JSON object
          """),
      Bad(
        format: .jsonl, text: "\n[1, 2]\n",
        message: """
          file.jsonl:1: error: the element holds 1, no object
            help: each row is one JSON object
          """),
      Bad(
        format: .jsonl, text: "{\"text\": \"a\"}\n",
        message: """
          file.jsonl:1: error: the row has no value for 'label'
            help: it has text
          """),
      Bad(
        format: .jsonl, text: "{\"text\": \"a\", \"label\": null}\n",
        message: """
          file.jsonl:1: error: 'label' holds null, no text
            help: a cell is a text, a number, true or false
          """),
      Bad(
        format: .jsonl, text: "{\"text\": [\"a\"], \"label\": 1}\n",
        message: """
          file.jsonl:1: error: 'text' holds an array of 1, no text
            help: a cell is a text, a number, true or false
          """),
    ])
  func bad(_ sample: Bad) throws {
    #expect(try failure(Array(sample.text.utf8), sample.format) == sample.message)
  }

  @Test("text that is not UTF-8 is reported with its place", arguments: DataFormat.allCases)
  func invalidUTF8(format: DataFormat) throws {
    let lines: (String, String) =
      switch format {
      case .tsv: ("text\tlabel\ncaf", "\t0\n")
      case .csv: ("text,label\n\"caf", "\",0\n")
      case .jsonl: ("\n{\"text\": \"caf", "\", \"label\": 0}\n")
      }
    let bytes = Array(lines.0.utf8) + [0xE9] + Array(lines.1.utf8)
    let expected =
      format == .jsonl
      ? """
      file.jsonl:2:10: error: malformed JSON: the string is not valid UTF-8
        help: each line is one JSON object
      """
      : """
      file.\(format.rawValue):2:1: error: the text is not valid UTF-8
        help: convert the file, for example with 'iconv -f latin1 -t utf-8'
      """
    #expect(try failure(bytes, format) == expected)
  }

  @Test("rows of another length are left out where a task says so")
  func ragged() throws {
    let folder = try TaskFolder(["train.tsv": "text\tlabel\na\t0\nbroken\nb\t1\tx\nc\t1\n"])
    var file = DataFile(
      role: "train", candidates: ["train.tsv"], hasHeader: true, fields: ["text": .named(["text"])],
      label: .named(["label"]), labels: ["0": .label(0), "1": .label(1)])
    file.skipsRaggedRows = true
    let bytes = try Data(contentsOf: folder.url.appendingPathComponent("train.tsv"))
    let rows = try bytes.withUnsafeBytes {
      try TableReader(file, fields: ["text"], path: "train.tsv").rows(in: $0)
    }
    #expect(rows.examples.map(\.fields) == [["a"], ["c"]])
  }

  @Test("a column's number past the header is a missing column")
  func numberPastHeader() throws {
    let folder = try TaskFolder(["a.tsv": "text\tlabel\na\t0\n"])
    let error = #expect(throws: TaskError.self) {
      try DataTable(folder.url.appendingPathComponent("a.tsv")).rows(of: [.number(3)])
    }
    #expect(error?.reason == .missingColumn(names: ["3"], header: ["text", "label"]))
  }

  @Test("names of columns come from the header or the first object")
  func names() throws {
    let folder = try TaskFolder([
      "a.csv": "text,\"the, label\"\n", "a.jsonl": "{\"text\": \"a\", \"label\": 0}\n",
    ])
    func names(_ file: String) throws -> [String] {
      try DataTable(folder.url.appendingPathComponent(file)).columnNames()
    }
    #expect(try names("a.csv") == ["text", "the, label"])
    #expect(try names("a.jsonl") == ["text", "label"])
  }
}
