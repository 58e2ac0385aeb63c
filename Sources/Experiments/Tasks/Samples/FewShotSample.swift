import Foundation

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
  ///   - shots: How many examples, counted as `counting` says.
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
