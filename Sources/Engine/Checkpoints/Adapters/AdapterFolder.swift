package import Foundation

/// An adapter in PEFT's layout: `adapter_config.json` beside `adapter_model.safetensors`.
///
/// Our query, key and value are separate where GPT-2 and GPT-NeoX have one module; there, the parts'
/// low-rank products are written as one product of that module, with the parts' A stacked and B in
/// blocks, and one that is read comes apart into parts that share A. Either way the sum is the same.
package struct AdapterFolder: Sendable {
  package let url: URL
  let modules: AdapterModules
  let description: ModelDescription

  static let configurationName = "adapter_config.json"
  static let weightNames = ["adapter_model.safetensors", "adapter_model.bin"]

  /// Names a folder; nothing is read or written yet.
  ///
  /// - Parameters:
  ///   - url: Where `adapter_config.json` is or will be.
  ///   - description: The model the adapter belongs to.
  package init(_ url: URL, for description: ModelDescription) {
    self.url = url
    self.description = description
    modules = AdapterModules(description)
  }

  /// Whether a folder holds an adapter.
  package static func isAdapter(_ url: URL) -> Bool {
    isFile(url.appendingPathComponent(configurationName))
  }
}
