extension TaskCatalog {
  /// The published tasks, read from files in their usual layouts, and those of the builtin world.
  ///
  /// Definitions of the published ones are the YAML files in `Published`, built into the program.
  package static let published = TaskCatalog(
    [
      shipped("cola", PackageResources.cola_yml), shipped("mnli", PackageResources.mnli_yml),
      shipped("rte", PackageResources.rte_yml), shipped("qqp", PackageResources.qqp_yml),
      shipped("sst2", PackageResources.sst2_yml), .acceptability, .inference,
    ])

  private static func shipped(_ name: String, _ bytes: [UInt8]) -> TaskDefinition {
    do {
      return try TaskFile.read(String(decoding: bytes, as: UTF8.self), file: "\(name).yml")
    } catch {
      preconditionFailure("a task file that ships is wrong: \(error)")
    }
  }
}
