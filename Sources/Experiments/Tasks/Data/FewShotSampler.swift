import Crypto
import Engine
import Formats
import Foundation

/// What a number of shots counts.
package enum ShotCounting: String, Codable, Hashable, Sendable, CaseIterable {
  /// Examples of each class, as in arXiv:2405.13181.
  case `class`
  /// Examples altogether, as evenly over the classes as they go: a class with fewer gives what it has.
  case total
  /// Examples altogether, drawn from the pool as it is, so that a small sample may lack a class; as
  /// fine-tuning in arXiv:2305.16938.
  case natural
}

/// Classes of which a sample holds fewer than an even share.
package struct ScarceClasses: Hashable, Sendable {
  /// Names, with how many examples there are.
  package let classes: [String]

  /// Looks for them; nil where every class has its share, or the share is not meant to be even.
  package init?(
    in pool: [Example], labels: [String], shots: Int, per counting: ShotCounting
  ) {
    guard counting == .total else { return nil }
    let counts = labels.indices.map { label in pool.count { $0.label == label } }
    let share = shots / max(1, labels.count)
    classes = zip(labels, counts).filter { $0.1 < share }.map { "\($0.0) (\($0.1))" }
    if classes.isEmpty { return nil }
  }
}

/// Draws the training examples of a cell; every method of one (task, shots, seed) gets the same.
///
/// Samples are nested: with equal seeds, the sample for fewer shots is a prefix of the one for more.
package enum FewShotSampler {
  /// Draws a sample in a shuffled order that runs through the classes in rounds.
  ///
  /// Each class is permuted by its own random stream; round `r` holds the `r`-th example of every
  /// class, in an order drawn again. ``ShotCounting/natural`` permutes the whole pool instead.
  ///
  /// - Parameters:
  ///   - pool: The training pool.
  ///   - labels: Names of the classes, for messages.
  ///   - shots: How many examples, counted by `counting`.
  ///   - counting: What `shots` counts.
  ///   - seed: The cell's seed.
  /// - Returns: Indices into the pool, in training order.
  /// - Throws: ``TaskError`` if a class has too few examples, or with ``ShotCounting/total`` the pool, or
  ///   `shots` is not positive.
  package static func draw(
    from pool: [Example], labels: [String], shots: Int, per counting: ShotCounting, seed: Int
  ) throws(TaskError) -> [Int] {
    guard shots > 0 else { throw TaskError(.invalidShots(shots)) }
    let seed = UInt64(bitPattern: Int64(seed))
    if counting == .natural {
      guard pool.count >= shots else {
        throw TaskError(
          .tooFewExamples(label: TaskError.anyClass, available: pool.count, needed: shots))
      }
      return Array(permuted(pool, seed: seed).prefix(shots))
    }
    let members = permuted(pool, labels: labels, seed: seed)
    if counting == .class {
      for (label, available) in zip(labels, members.map(\.count)) where available < shots {
        throw TaskError(.tooFewExamples(label: label, available: available, needed: shots))
      }
    } else if pool.count < shots {
      throw TaskError(
        .tooFewExamples(label: TaskError.anyClass, available: pool.count, needed: shots))
    }
    let rounds = counting == .class ? shots : members.map(\.count).max() ?? 0
    var order = RandomStream(seed: seed, purpose: "few-shot sample, order")
    var sample: [Int] = []
    for round in 0..<rounds where counting == .class || sample.count < shots {
      sample += order.permuted(Array(members.indices)).compactMap {
        round < members[$0].count ? members[$0][round] : nil
      }
    }
    return counting == .class ? sample : Array(sample.prefix(shots))
  }

  /// Places of the pool in the order in which samples take them.
  static func permuted(_ pool: [Example], seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "few-shot sample")
    return stream.permuted(Array(pool.indices))
  }

  /// The same for each class by itself.
  static func permuted(_ pool: [Example], labels: [String], seed: UInt64) -> [[Int]] {
    var members = labels.map { _ in [Int]() }
    for (index, example) in pool.enumerated() { members[example.label].append(index) }
    for label in members.indices {
      var stream = RandomStream(seed: seed, purpose: "few-shot sample, class \(label)")
      members[label] = stream.permuted(members[label])
    }
    return members
  }

  /// SHA-256 over the texts and classes of a sample in its order, in hexadecimal.
  ///
  /// Every text is preceded by its length, so no two samples hash the same bytes.
  package static func digest(of sample: [Example]) -> String {
    var hash = SHA256()
    for example in sample {
      hash.update(data: Array("\(example.label) \(example.fields.count)\n".utf8))
      for field in example.fields {
        hash.update(data: Array("\(field.utf8.count)\n\(field)".utf8))
      }
    }
    return hash.finalize().hexadecimal
  }
}

extension FewShotSampler {
  /// Draws labelled examples outside a sample, as evenly over the classes as they go.
  ///
  /// They are taken from the other end of the order in which samples grow, so that with one seed
  /// samples of all sizes have the same ones.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - pool: The training pool.
  ///   - labels: Names of the classes.
  ///   - sample: Places of the sample, which are left out.
  ///   - counting: What the sample's shots counted; a natural sample is compared with natural ones.
  ///   - seed: The cell's seed.
  /// - Returns: Indices into the pool.
  /// - Throws: ``TaskError`` if the pool has too few beyond the sample.
  package static func heldOut(
    _ count: Int, from pool: [Example], labels: [String], outside sample: [Int],
    per counting: ShotCounting, seed: Int
  ) throws(TaskError) -> [Int] {
    guard count > 0 else { return [] }
    let seed = UInt64(bitPattern: Int64(seed))
    let taken = Set(sample)
    if counting == .natural {
      let free = permuted(pool, seed: seed).reversed().filter { !taken.contains($0) }
      guard free.count >= count else {
        throw TaskError(
          .tooFewExamples(
            label: TaskError.anyClass, available: pool.count, needed: sample.count + count))
      }
      return Array(free.prefix(count))
    }
    let members = permuted(pool, labels: labels, seed: seed).map { members in
      members.reversed().filter { !taken.contains($0) }
    }
    let rounds = (count + labels.count - 1) / labels.count
    for (label, free) in members.enumerated() where free.count < rounds {
      let used = sample.count { pool[$0].label == label }
      throw TaskError(
        .tooFewExamples(
          label: labels[label], available: used + free.count, needed: used + rounds))
    }
    return Array((0..<rounds).flatMap { round in members.map { $0[round] } }.prefix(count))
  }
}

/// The training examples of a cell, in training order.
package struct FewShotSample: Hashable, Sendable {
  /// Places in the training pool.
  package let indices: [Int]
  package let examples: [Example]

  /// SHA-256 of the sample, which every method of one (task, shots, seed) must share.
  package var digest: String { FewShotSampler.digest(of: examples) }
}

extension LoadedTask {
  /// Draws a sample from the training pool; see ``FewShotSampler``.
  ///
  /// - Parameters:
  ///   - shots: How many examples, counted by `counting`.
  ///   - counting: What `shots` counts.
  ///   - seed: The cell's seed.
  /// - Returns: The sample, in training order.
  /// - Throws: ``TaskError`` with the training file if it has too few examples of a class.
  package func sample(
    shots: Int, per counting: ShotCounting = .class, seed: Int
  ) throws(TaskError) -> FewShotSample {
    do {
      let indices = try FewShotSampler.draw(
        from: training, labels: definition.labels, shots: shots, per: counting, seed: seed)
      return FewShotSample(indices: indices, examples: indices.map { training[$0] })
    } catch {
      let source = sources.first { $0.role == TaskDefinition.trainingRole }
      throw error.of(definition.name, file: source?.url?.path)
    }
  }
}
