@testable import Formats

enum YAMLSamples {
  static let start = SourcePosition(file: "r.md", line: 1)

  /// The diagnostic of a document that is not YAML, as it is printed.
  static func yamlProblem(_ yaml: String) -> String? {
    do {
      _ = try YAMLReader.read(yaml, at: start)
      return nil
    } catch {
      return error.description
    }
  }
}
