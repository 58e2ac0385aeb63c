@testable import Experiments

/// The published tasks by name, for tests that vary one.
extension TaskDefinition {
  static let cola = published("cola")
  static let mnli = published("mnli")
  static let rte = published("rte")
  static let qqp = published("qqp")
  static let sst2 = published("sst2")

  private static func published(_ name: String) -> TaskDefinition {
    guard let task = TaskCatalog.published.tasks.first(where: { $0.name == name }) else {
      preconditionFailure("no task '\(name)' is published")
    }
    return task
  }
}
