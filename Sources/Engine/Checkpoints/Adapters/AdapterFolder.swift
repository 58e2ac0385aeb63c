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

  /// Refers to a folder without reading or writing anything.
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

/// The linear layers of a model as PEFT sees them: modules by name, some of which combine three of ours.
struct AdapterModules {
  struct Module {
    let layer: Int
    /// From the model's root, without the wrapper's prefix: `layers.0.self_attn.q_proj`.
    let path: String
    /// Within its layer: `self_attn.q_proj`.
    let shortName: String
    /// Ours, in the order in which they take turns; one where nothing is shared.
    let members: [(part: WeightSlot.Part, place: CheckpointLayout.Place)]

    var inputs: Int { members[0].place.weight.columns }
    var outputs: Int { members.reduce(0) { $0 + $1.place.weight.rows } }

    /// The outputs of the module that belong to a member, in the member's order.
    func rows(of place: CheckpointLayout.Place) -> [Int] {
      (0..<place.weight.rows).map { row in
        place.share.map { $0.start(ofBlock: row / $0.block) + row % $0.block } ?? row
      }
    }
  }

  let all: [Module]
  let names: TensorNames
  /// Whether modules store their matrices inputs × outputs.
  let isTransposed: Bool
  /// PEFT's prefix of module names.
  static let root = "base_model.model."

  init(_ description: ModelDescription) {
    let layout = CheckpointLayout(description)
    names = layout.names
    isTransposed = layout.family.isTransposed
    var members: [String: [(part: WeightSlot.Part, place: CheckpointLayout.Place)]] = [:]
    var order: [(layer: Int, path: String, part: WeightSlot.Part)] = []
    for weight in description.weights {
      guard case .layer(let layer, let part) = weight.slot, weight.slot.matrixPart != nil else {
        continue
      }
      let place = layout.place(of: weight)
      let path = String(place.name.dropLast(".weight".count))
      if members[path] == nil { order.append((layer, path, part)) }
      members[path, default: []].append((part, place))
    }
    all = order.map { layer, path, part in
      Module(
        layer: layer, path: path, shortName: layout.names.parts[part] ?? "",
        members: members[path] ?? [])
    }
  }

  /// The name of a module in the usual class of its family.
  func fullName(_ module: Module) -> String { names.savedPrefix + module.path }

  /// A list for PEFT's `target_modules` that matches exactly these modules.
  ///
  /// PEFT takes every module whose name ends with an entry. BERT's `output.dense` would also take
  /// `attention.output.dense`; then, and where not every layer takes part, the full names are listed.
  func targets(_ modules: [Module]) -> [String] {
    var shorts: [String] = []
    for module in modules where !shorts.contains(module.shortName) {
      shorts.append(module.shortName)
    }
    let matched = all.filter { module in shorts.contains { module.path.hasSuffix(".\($0)") } }
    return matched.count == modules.count ? shorts : modules.map(fullName)
  }
}
