import Crypto
import Formats
import Foundation
import GRDB

/// A row with a digest of its other columns, the last column, so that a changed bit is noticed.
///
/// In a damaged file any column may contain anything, whatever the schema; GRDB's own conversions
/// would trap on that.
protocol StoredRow {
  static var table: String { get }
  /// Every column but the digest, in the order in which they are digested.
  static var columns: [String] { get }
  /// The values of the columns.
  var values: [DatabaseValue] { get }
  /// Nil if a value is not of its column's kind.
  init?(_ values: [DatabaseValue])
}

extension StoredRow {
  /// The columns of a query that ``read(_:at:)`` takes.
  static var selection: String {
    (columns + [RowDigest.column]).map { "\(table).\($0)" }.joined(separator: ", ")
  }

  /// The columns and as many question marks, for a statement that inserts ``bindings``.
  static var insertion: String {
    let names = columns + [RowDigest.column]
    return
      "(\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))"
  }

  /// How many columns ``selection`` has.
  static var width: Int { columns.count + 1 }

  /// The row whose ``selection`` begins at column `start`; nil if it is damaged.
  static func read(_ row: Row, at start: Int = 0) -> Self? {
    let values = columns.indices.map { row[start + $0] as DatabaseValue }
    let digest: DatabaseValue = row[start + columns.count]
    return digest == RowDigest.of(values) ? Self(values) : nil
  }

  /// The text in a column of a damaged row, for messages.
  static func name(_ row: Row, at column: Int = 0) -> String {
    (row[column] as DatabaseValue).text ?? "?"
  }

  /// The values and their digest.
  var bindings: StatementArguments {
    let values = values
    return StatementArguments(values + [RowDigest.of(values)])
  }
}

enum RowDigest {
  static let column = "sha256"

  /// SHA-256 over kind, length and bytes of every value.
  static func of(_ values: [DatabaseValue]) -> DatabaseValue {
    var writer = ByteWriter()
    for value in values {
      switch value.storage {
      case .null: writer.write(UInt8(0))
      case .int64(let number):
        writer.write(UInt8(1))
        writer.write(Int(number))
      case .double(let number):
        writer.write(UInt8(2))
        writer.write(number)
      case .string(let text):
        writer.write(UInt8(3))
        writer.write(text)
      case .blob(let data):
        writer.write(UInt8(4))
        writer.write(data)
      }
    }
    return Data(SHA256.hash(data: writer.bytes)).databaseValue
  }
}

/// A cell's recipe, and which of its results counts.
struct RecipeRow: StoredRow {
  static let table = "recipes"
  static let columns = [
    "key", "task", "model", "objective", "adaptation", "shots", "seed", "json", "latest",
  ]

  var key: String
  var task: String
  var model: String
  var objective: String
  var adaptation: String
  var shots: Int
  var seed: Int
  var json: String
  /// The newest result that did not fail; nil while there is none.
  var latest: Int?

  init(_ cell: Cell, latest: Int?) throws {
    key = cell.key
    task = cell.recipe.task
    model = cell.recipe.modelFingerprint
    objective = cell.recipe.objective
    adaptation = cell.recipe.adaptation
    shots = cell.recipe.shots
    seed = cell.recipe.seed
    json = try cell.recipe.canonicalJSON()
    self.latest = latest
  }

  /// Which of the sample's initializations, as ``json`` says; nil where it says nothing.
  var initSeed: Int? {
    struct Initialization: Decodable { let initSeed: Int? }
    return try? JSONCoding.value(Initialization.self, from: Data(json.utf8)).initSeed
  }

  /// The rung of a search that the cell is a trial of, as ``json`` says; nil where it says nothing.
  var rung: Int? {
    struct Searching: Decodable { let search: SearchRole? }
    guard json.contains(bytes: "\"search\":") else { return nil }
    return try? JSONCoding.value(Searching.self, from: Data(json.utf8)).search?.trial?.rung
  }

  init?(_ values: [DatabaseValue]) {
    guard let key = values[0].text, let task = values[1].text, let model = values[2].text,
      let objective = values[3].text, let adaptation = values[4].text,
      let shots = values[5].integer, let seed = values[6].integer, let json = values[7].text,
      values[8].isNull || values[8].integer != nil
    else { return nil }
    self.key = key
    self.task = task
    self.model = model
    self.objective = objective
    self.adaptation = adaptation
    self.shots = shots
    self.seed = seed
    self.json = json
    latest = values[8].integer
  }

  var values: [DatabaseValue] {
    [
      key.databaseValue, task.databaseValue, model.databaseValue, objective.databaseValue,
      adaptation.databaseValue, shots.databaseValue, seed.databaseValue, json.databaseValue,
      latest.databaseValue,
    ]
  }
}

/// One result of a cell.
struct ResultRow: StoredRow {
  static let table = "results"
  static let columns = [
    "id", "key", "method", "build", "recorded", "status", "seconds", "body",
  ]

  var id: Int
  var key: String
  var method: String
  var build: Int?
  var recorded: Double
  var status: StoredStatus
  var seconds: Double
  var body: Data

  init(_ record: ResultRecord, id: Int) {
    self.id = id
    key = record.cell.key
    method = record.method
    build = record.build
    recorded = record.recorded
    status = StoredStatus(record.result.status)
    seconds = record.result.seconds
    body = Data(record.result.encoded())
  }

  init?(_ values: [DatabaseValue]) {
    guard let id = values[0].integer, let key = values[1].text, let method = values[2].text,
      values[3].isNull || values[3].integer != nil, let recorded = values[4].number,
      let status = values[5].text.flatMap(StoredStatus.init), let seconds = values[6].number,
      let body = values[7].data
    else { return nil }
    self.id = id
    self.key = key
    self.method = method
    build = values[3].integer
    self.recorded = recorded
    self.status = status
    self.seconds = seconds
    self.body = body
  }

  var values: [DatabaseValue] {
    [
      id.databaseValue, key.databaseValue, method.databaseValue, build.databaseValue,
      recorded.databaseValue, status.rawValue.databaseValue, seconds.databaseValue,
      body.databaseValue,
    ]
  }
}

/// What is known of a file's contents.
struct FingerprintRow: StoredRow {
  static let table = "fingerprints"
  static let columns = [
    "path", "size", "modified", "changed", "inode", "device", "digest",
  ]

  var file: FileIdentity
  var contents: String

  init(_ file: FileIdentity, contents: String) {
    self.file = file
    self.contents = contents
  }

  init?(_ values: [DatabaseValue]) {
    guard let path = values[0].text, let size = values[1].integer,
      let modified = values[2].integer, let changed = values[3].integer,
      let inode = values[4].integer, let device = values[5].integer,
      let contents = values[6].text
    else { return nil }
    file = FileIdentity(
      path: path, size: size, modified: modified, changed: changed, inode: inode, device: device)
    self.contents = contents
  }

  var values: [DatabaseValue] {
    [
      file.path.databaseValue, file.size.databaseValue, file.modified.databaseValue,
      file.changed.databaseValue, file.inode.databaseValue, file.device.databaseValue,
      contents.databaseValue,
    ]
  }
}

extension DatabaseValue {
  fileprivate var integer: Int? {
    if case .int64(let number) = storage { Int(number) } else { nil }
  }

  fileprivate var number: Double? {
    if case .double(let number) = storage { number } else { nil }
  }

  fileprivate var text: String? {
    if case .string(let text) = storage { text } else { nil }
  }

  fileprivate var data: Data? {
    if case .blob(let data) = storage { data } else { nil }
  }
}
