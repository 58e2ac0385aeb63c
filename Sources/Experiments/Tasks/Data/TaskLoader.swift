import Crypto
import Formats
package import Foundation

/// Finds, fingerprints and reads the files of a task below a data folder.
package struct TaskLoader: Sendable {
  package let folder: URL
  private let cache: (any FingerprintCache)?

  /// Prepares to read from a folder.
  ///
  /// - Parameters:
  ///   - folder: Where the candidates of every task's files are looked for.
  ///   - cache: Remembers digests between runs, or nil to hash every time.
  package init(folder: URL, cache: (any FingerprintCache)? = nil) {
    self.folder = folder
    self.cache = cache
  }

  /// The file that plays each role, without reading it.
  ///
  /// - Parameters:
  ///   - task: A task whose definition is valid.
  ///   - sets: Evaluation sets that will be scored; nil means all.
  /// - Returns: One source per role that is needed, in the order of the definition.
  /// - Throws: ``TaskError`` if a file is missing or a set is unknown.
  package func sources(
    of task: TaskDefinition, sets: [String]? = nil
  ) throws(TaskError) -> [DataSource] {
    let evaluations = try chosen(sets, of: task)
    let roles = Set([TaskDefinition.trainingRole] + evaluations.map(\.file))
    var sources: [DataSource] = []
    for file in task.files where roles.contains(file.role) {
      sources.append(try source(of: file, task: task.name))
    }
    return sources
  }

  /// What is in every file that is needed.
  ///
  /// - Parameters:
  ///   - task: A task whose definition is valid.
  ///   - sets: Evaluation sets that will be scored; nil means all.
  /// - Returns: Digests by role, and the files they were taken of.
  /// - Throws: ``TaskError`` if a file is missing or cannot be read.
  package func fingerprints(
    of task: TaskDefinition, sets: [String]? = nil
  ) throws(TaskError) -> DataFingerprints {
    var fingerprints = DataFingerprints()
    for source in try sources(of: task, sets: sets) {
      if let url = source.url {
        let file = try FileFingerprint(of: url, cache: cache)
        fingerprints.digests[source.role] = file.digest
        fingerprints.files.append(file)
      } else {
        fingerprints.digests[source.role] = generatedDigest(source.role, of: task)
      }
    }
    return fingerprints
  }

  /// The digest of a generated table, which the same program always makes alike.
  private func generatedDigest(_ role: String, of task: TaskDefinition) -> String {
    let generator = task.files.first { $0.role == role }?.generator ?? ""
    let identity = Bundle.main.executableURL.flatMap { FileIdentity(of: $0) }.map {
      FileIdentity(
        path: "\($0.path) generates \(generator) \(role)", size: $0.size, modified: $0.modified,
        changed: $0.changed, inode: $0.inode, device: $0.device)
    }
    if let identity, let known = cache?.digest(of: identity) { return known }
    let digest = SHA256.hash(data: Self.generated(role, of: task)).hexadecimal
    if let identity { cache?.remember(digest, of: identity) }
    return digest
  }

  /// Reads the training pool and the evaluation sets; each file once, however many sets it holds.
  ///
  /// - Parameters:
  ///   - task: A task whose definition is valid.
  ///   - sets: Evaluation sets to read; nil means all.
  /// - Returns: The examples, in file order.
  /// - Throws: ``TaskError`` with file, line and column at the first thing wrong.
  package func load(
    _ task: TaskDefinition, sets: [String]? = nil
  ) throws(TaskError) -> LoadedTask {
    let evaluations = try chosen(sets, of: task)
    let sources = try sources(of: task, sets: sets)
    var rows: [String: TableRows] = [:]
    for source in sources {
      guard let file = task.files.first(where: { $0.role == source.role }) else { continue }
      rows[file.role] = try read(file, from: source, of: task)
    }
    let training = rows[TaskDefinition.trainingRole]?.examples ?? []
    for (label, name) in task.labels.enumerated()
    where !training.contains(where: { $0.label == label }) {
      throw TaskError(
        .tooFewExamples(label: name, available: 0, needed: 1), task: task.name,
        file: sources.first { $0.role == TaskDefinition.trainingRole }?.url?.path)
    }
    var loaded: [EvaluationSet] = []
    for evaluation in evaluations {
      guard let table = rows[evaluation.file] else { continue }
      let set = EvaluationSet(evaluation, rows: table)
      if set.examples.isEmpty {
        throw TaskError(
          .emptySet(evaluation.name), task: task.name,
          file: sources.first { $0.role == evaluation.file }?.url?.path)
      }
      loaded.append(set)
    }
    var task = LoadedTask(
      definition: task, training: training, evaluations: loaded, sources: sources,
      columns: rows.compactMapValues(\.columns))
    task.groups = rows[TaskDefinition.trainingRole]?.groups
    return task
  }

  /// The rows of one file that carry a class.
  ///
  /// - Throws: ``TaskError`` if the file is missing or something is wrong with it.
  func rows(
    of file: DataFile, in task: TaskDefinition
  ) throws(TaskError) -> (source: DataSource, rows: TableRows) {
    let source = try source(of: file, task: task.name)
    return (source, try read(file, from: source, of: task))
  }

  private func chosen(
    _ sets: [String]?, of task: TaskDefinition
  ) throws(TaskError) -> [EvaluationDefinition] {
    guard let sets else { return task.evaluations }
    for name in sets where !task.evaluations.contains(where: { $0.name == name }) {
      throw TaskError(.unknownSet(name, known: task.evaluations.map(\.name)), task: task.name)
    }
    return task.evaluations.filter { sets.contains($0.name) }
  }

  private func source(of file: DataFile, task: String) throws(TaskError) -> DataSource {
    if file.generator != nil { return DataSource(role: file.role, url: nil, note: nil) }
    for candidate in file.candidates {
      let url = candidate.url(in: folder)
      if FileIdentity(of: url) != nil {
        return DataSource(role: file.role, url: url, note: candidate.note)
      }
    }
    throw TaskError(
      .missingFile(role: file.role, tried: file.candidates.map(\.path), folder: folder.path),
      task: task)
  }

  /// The bytes of a table that is made instead of read; empty when nothing makes it.
  private static func generated(_ role: String, of task: TaskDefinition) -> Data {
    let file = task.files.first { $0.role == role }
    let data = file?.generator.flatMap(GeneratedData.named)
    return Data((data?.text(role: role) ?? "").utf8)
  }

  private func read(
    _ file: DataFile, from source: DataSource, of task: TaskDefinition
  ) throws(TaskError) -> TableRows {
    let bytes: Data
    do throws(TaskError) {
      bytes = try source.url.map(DataContents.read) ?? Self.generated(file.role, of: task)
    } catch {
      throw error.of(task.name)
    }
    let path = source.url?.path ?? "generated \(file.role)"
    let reader = TableReader(file, fields: task.fields, path: path)
    let result: Result<TableRows, TaskError> = bytes.withUnsafeBytes { bytes in
      do throws(TaskError) { return .success(try reader.rows(in: bytes)) } catch {
        return .failure(error.of(task.name, file: path))
      }
    }
    return try result.get()
  }
}

/// What is in the data files of a task.
package struct DataFingerprints: Hashable, Sendable {
  /// SHA-256 of each file or generated table by role, 64 hexadecimal digits.
  package var digests: [String: String] = [:]
  /// The files; a generated table has none.
  package var files: [FileFingerprint] = []

  package init() {}
}

/// The file with a role in a task.
package struct DataSource: Hashable, Sendable {
  package let role: String
  /// Nil for a table that is generated.
  package let url: URL?
  /// What a report must say about this file, such as how it differs from the release.
  package let note: String?
}
