import Crypto
import Engine
import Formats
package import Foundation

/// Where frozen states are kept between cells, by a digest of what they were computed from.
package protocol KeptStates: Sendable {
  /// What was kept under a key; nil for nothing, or for something damaged.
  func contents(for key: String) -> Data?
  func keep(_ contents: Data, for key: String)
}

/// What a frozen model is, and where its states are kept.
struct FrozenIdentity: Sendable {
  /// Names the weights, their precision and what computes.
  let identity: String
  let kept: any KeptStates
}

/// The states of texts under a model that does not change.
///
/// A text's states are computed once, after every layer if more than the last is read, and kept where
/// other cells find them. Each text of a sample is computed alone, so that its bits do not depend on the
/// texts beside it; the texts of a set to answer are computed and kept together.
struct FrozenTexts {
  let model: Transformer<Float>
  let selection: Transformer<Float>.Selection
  /// The layers that are read, counted from 1.
  let layers: [Int]
  /// What determines the states beside the tokens; nil keeps nothing.
  let identity: String?
  let kept: (any KeptStates)?

  /// States of some texts.
  struct States {
    /// Of each layer `[texts, width]`, row-major.
    var layers: [[Float]]
    /// What computing them took, now or when they were kept.
    var seconds: Double
  }

  private var width: Int { model.description.stateWidth }
  private var isDeep: Bool { layers != [model.layers.count] }

  /// The states of texts that are computed one by one.
  func alone(_ prompts: [[Int32]]) -> States {
    var parts = prompts.map { read([$0]) }
    // One is computed in any case: what a method needs is what it needs without kept states, and
    // states that another machine has rounded differently are noticed.
    if let longest = prompts.indices.max(by: { prompts[$0].count < prompts[$1].count }),
      let known = parts[longest]
    {
      let fresh = compute([prompts[longest]])
      if !Self.areSame(fresh.layers, known.layers) {
        parts = prompts.map { _ in nil }
        parts[longest] = keep(fresh, of: [prompts[longest]])
      }
    }
    var all = States(layers: layers.map { _ in [] }, seconds: 0)
    for (prompt, part) in zip(prompts, parts) {
      all.append(part ?? keep(compute([prompt]), of: [prompt]))
    }
    return all
  }

  /// The states of texts that are computed in batches.
  func together(_ prompts: [[Int32]]) -> States {
    guard let first = prompts.first else {
      return States(layers: layers.map { _ in [] }, seconds: 0)
    }
    if let known = read(prompts) {
      let begin = Array(Self.batches(prompts).first.map { prompts[$0] } ?? [first])
      let fresh = compute(begin)
      if zip(fresh.layers, known.layers).allSatisfy({
        Self.areSame([$0], [Array($1.prefix($0.count))])
      }) {
        return known
      }
    }
    return keep(compute(prompts), of: prompts)
  }

  /// Runs of texts with at most ``ObjectiveContext/tokensAtOnce`` tokens, or one text.
  private static func batches(_ prompts: [[Int32]]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var (first, tokens) = (0, 0)
    for (index, prompt) in prompts.enumerated() {
      if index > first, tokens + prompt.count > ObjectiveContext.tokensAtOnce {
        batches.append(first..<index)
        (first, tokens) = (index, 0)
      }
      tokens += prompt.count
    }
    return batches + [first..<prompts.count]
  }

  private func compute(_ prompts: [[Int32]]) -> States {
    let begin = ContinuousClock.now
    var result = States(layers: layers.map { _ in [] }, seconds: 0)
    for batch in Self.batches(prompts) {
      let packed = model.packed(Array(prompts[batch]))
      let tape = Tape<Float>(ledger: model.ledger)
      if isDeep {
        let states = model.layerStates(packed, selection, on: tape)
        for (i, layer) in layers.enumerated() { result.layers[i] += states[layer - 1].values }
      } else {
        result.layers[0] += model.hiddenStates(packed, selection, on: tape).values
      }
    }
    result.seconds = (ContinuousClock.now - begin).seconds
    return result
  }

  private static func areSame(_ a: [[Float]], _ b: [[Float]]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { $0.elementsEqual($1) { $0.bitPattern == $1.bitPattern } }
  }
}

extension FrozenTexts.States {
  fileprivate mutating func append(_ other: Self) {
    for i in layers.indices { layers[i] += other.layers[i] }
    seconds += other.seconds
  }
}

extension FrozenTexts {
  /// The key of texts' states.
  private func key(of prompts: [[Int32]]) -> String? {
    guard let identity, kept != nil else { return nil }
    var hash = SHA256()
    hash.update(data: Array("\(identity)\n\(selection)\n\(layers)\n".utf8))
    for prompt in prompts {
      hash.update(data: Array("\(prompt.count)\n".utf8))
      prompt.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }

  private func read(_ prompts: [[Int32]]) -> States? {
    guard let key = key(of: prompts), let data = kept?.contents(for: key) else { return nil }
    let size = prompts.count * width
    let header = MemoryLayout<Double>.stride
    guard data.count == header + layers.count * size * MemoryLayout<Float>.stride else {
      return nil
    }
    return data.withUnsafeBytes { bytes in
      States(
        layers: layers.indices.map { layer in
          (0..<size).map { i in
            bytes.loadUnaligned(
              fromByteOffset: header + (layer * size + i) * MemoryLayout<Float>.stride,
              as: Float.self)
          }
        },
        seconds: bytes.loadUnaligned(as: Double.self))
    }
  }

  private func keep(_ states: States, of prompts: [[Int32]]) -> States {
    guard let key = key(of: prompts) else { return states }
    var data = Data()
    withUnsafeBytes(of: states.seconds) { data.append(contentsOf: $0) }
    for layer in states.layers { layer.withUnsafeBytes { data.append(contentsOf: $0) } }
    kept?.keep(data, for: key)
    return states
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
