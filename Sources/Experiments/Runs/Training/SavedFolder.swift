import Engine
import Formats
package import Foundation

/// The files of a saved model.
///
/// A folder appears complete or not at all: everything is first written to a temporary folder, and then
/// renamed into place.
package struct SavedFolder: Sendable {
  package let url: URL
  /// Where the folder will be once it is complete.
  private let place: URL

  static let recordName = "ftreport.json"
  static let headName = "head.safetensors"
  static let additionsName = "additions.safetensors"
  static let baseName = "base"

  /// Refers to a folder.
  ///
  /// - Parameters:
  ///   - url: Where the files are.
  ///   - place: Where they will be, if they are written elsewhere first.
  init(_ url: URL, place: URL? = nil) {
    self.url = url
    self.place = place ?? url
  }

  var record: URL { url.appendingPathComponent(Self.recordName) }
  var head: URL { url.appendingPathComponent(Self.headName) }
  var additions: URL { url.appendingPathComponent(Self.additionsName) }
  var base: URL { url.appendingPathComponent(Self.baseName, isDirectory: true) }

  /// Where a base model is: below the folder, in the program or elsewhere.
  ///
  /// - Throws: `CheckpointError` for a built-in model that is not there.
  func base(_ base: SavedRecord.Base) throws(CheckpointError) -> URL {
    if base.path == Self.baseName { return self.base }
    // The program may have been installed elsewhere since.
    if let builtin = BuiltinModel(rawValue: base.name) { return try builtin.folder() }
    let folder = URL(fileURLWithPath: base.path, isDirectory: true)
    // So may the cache of the hub's models.
    if let model = HubModel(base.name), !FileManager.default.fileExists(atPath: folder.path) {
      return HubCache().snapshot(of: model) ?? folder
    }
    return folder
  }

  /// The path a file of the folder will have.
  func finalPath(of name: String) -> String {
    place.standardizedFileURL.appendingPathComponent(name).path
  }

  /// Checks, before anything is trained, whether a folder could be written.
  ///
  /// - Parameter url: Where nothing is yet, or an empty folder.
  /// - Throws: ``TrainingError``.
  static func check(_ url: URL) throws(TrainingError) {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: url.path, isDirectory: &isFolder) {
      let contents = isFolder.boolValue ? try? files.contentsOfDirectory(atPath: url.path) : nil
      guard contents?.isEmpty == true else { throw TrainingError(.folderExists, file: url.path) }
    }
    let above = url.standardizedFileURL.deletingLastPathComponent().path
    guard files.fileExists(atPath: above, isDirectory: &isFolder), isFolder.boolValue else {
      throw TrainingError(.unwritableFolder("there is no folder '\(above)'"), file: url.path)
    }
    guard files.isWritableFile(atPath: above) else {
      throw TrainingError(.unwritableFolder("no permission in '\(above)'"), file: url.path)
    }
  }

  /// The temporary folder before it is renamed.
  package static func partial(of url: URL) -> URL {
    let place = url.standardizedFileURL
    return place.deletingLastPathComponent().appendingPathComponent(
      ".\(place.lastPathComponent).\(getpid()).partial", isDirectory: true)
  }

  /// Writes a temporary folder and renames it; removes it after an error.
  ///
  /// - Parameters:
  ///   - url: The place.
  ///   - body: Writes the files into the folder it is given.
  /// - Throws: What `body` throws, or ``TrainingError``.
  static func write(to url: URL, _ body: (SavedFolder) throws -> Void) throws {
    try check(url)
    let files = FileManager.default
    let partial = partial(of: url)
    do {
      try? files.removeItem(at: partial)
      try files.createDirectory(at: partial, withIntermediateDirectories: false)
    } catch {
      throw TrainingError(.unwritableFolder(error.localizedDescription), file: url.path)
    }
    do {
      try body(SavedFolder(partial, place: url))
    } catch {
      try? files.removeItem(at: partial)
      throw error
    }
    // The system replaces an empty folder and rejects anything else.
    guard rename(partial.path, url.standardizedFileURL.path) == 0 else {
      let why = String(cString: strerror(errno))
      try? files.removeItem(at: partial)
      throw TrainingError(.unwritableFolder(why), file: url.path)
    }
  }

  /// Reads the record.
  ///
  /// - Throws: ``TrainingError`` where there is none or it cannot be read.
  func readRecord() throws(TrainingError) -> SavedRecord {
    struct Schema: Decodable { let schema: String }
    guard let data = try? Data(contentsOf: record) else {
      throw TrainingError(.noTrainedModel, file: url.path)
    }
    let schema: String
    do {
      schema = try JSONCoding.value(Schema.self, from: data).schema
    } catch {
      throw TrainingError(.malformedRecord("it is not JSON with a 'schema'"), file: record.path)
    }
    guard schema == SavedRecord.currentSchema else {
      throw TrainingError(.unknownSchema(schema), file: record.path)
    }
    do {
      return try JSONCoding.value(SavedRecord.self, from: data)
    } catch {
      throw TrainingError(.malformedRecord("\(error)"), file: record.path)
    }
  }

  func write(_ record: SavedRecord) throws {
    do {
      try JSONCoding.data(of: record, .indented).write(to: self.record, options: .atomic)
    } catch {
      throw TrainingError(.unwritableFolder(error.localizedDescription), file: self.record.path)
    }
  }
}

/// The record `ftreport.json` of a saved model: everything a prediction needs besides the weights.
struct SavedRecord: Codable, Hashable, Sendable {
  /// How the weights are stored.
  enum Kind: String, Codable, Hashable, Sendable {
    /// The folder is a whole model in Hugging Face's layout.
    case model
    /// The folder is an adapter in PEFT's layout, beside a base model.
    case adapter
    /// The folder has additions that PEFT does not know, in a layout of its own, beside a base model.
    case additions
    /// The base model as it is, with a head or none.
    case untouched
    /// No model: the examples themselves, to which a method that reads texts alone is fitted again.
    case texts
  }

  /// How a text becomes a prompt and an answer a label.
  struct Task: Codable, Hashable, Sendable {
    var fields: [String]
    var labels: [String]
    /// What the model read, with the texts' names in braces.
    var template: String
    /// The two templates of an encoder that reads a pair as two segments; nil for one text.
    var segments: [String]?
    var labelWords: [String]
    var separator: String
  }

  /// The base model of the adapter, or the model that training started from.
  struct Base: Codable, Hashable, Sendable {
    /// As the user named it.
    var name: String
    /// Where it was, or its place below the saved folder.
    var path: String
    /// See ``ModelSummary/fingerprint``.
    var fingerprint: String
  }

  /// An example whose answer the model is shown.
  struct Demonstration: Codable, Hashable, Sendable {
    var texts: [String]
    var label: String
  }

  /// How it was trained, for reference.
  struct Training: Codable, Hashable, Sendable {
    var file: String
    /// SHA-256 of the examples in their order.
    var digest: String
    var count: Int
    var steps: Int
    var seconds: Double
    var accuracy: Double?
  }

  static let currentSchema = "ftreport.model/1"

  var schema = SavedRecord.currentSchema
  var version: String
  var kind: Kind
  var preset: String
  var objective: String
  var adaptation: String
  var options: [String: OptionValue]
  var seed: UInt64
  var threads: Int
  var task: Task
  /// Nil for ``Kind/texts``.
  var base: Base?
  /// Whether `head.safetensors` exists.
  var hasHead: Bool
  /// Whether the head is that of the encoder's class for sequence classification; nil for one matrix.
  var isClassifier: Bool?
  /// What the model is shown, or all that a method without a model was fitted to.
  var demonstrations: [Demonstration] = []
  /// What the columns of the training file are called; nil in records of earlier versions.
  var columns: ExampleColumns?
  var training: Training
  var evaluations: [TrainingReport.Evaluation]
}
