package import Engine
package import Foundation

/// What cells will need at their peak, so that a pool does not start too many at once.
///
/// Cells that take steps of the same shape are planned once.
package struct MemoryEstimate {
  /// Tokens of a prompt: the length that arXiv:2405.13181 pads to.
  private static let tokensAPrompt = 128

  /// What a prediction depends on.
  private struct Question: Hashable {
    let method: Method
    let model: ModelDescription
    let shape: MemoryPlan.Shape
    let teacher: URL?
  }

  private var known: [Question: Int] = [:]

  package init() {}

  /// Predicts a cell's peak in bytes from the longest prompts it may meet; see ``MemoryPlan``.
  ///
  /// - Parameters:
  ///   - method: With all options decided.
  ///   - model: Its model's architecture.
  ///   - shots: Examples of a class.
  ///   - teacher: The folder of the checkpoint that it names as teacher.
  /// - Returns: Bytes.
  /// - Throws: ``MethodError`` when the method does not fit the model.
  package mutating func bytes(
    _ method: Method, model: ModelDescription, shots: Int, teacher: URL? = nil
  ) throws -> Int {
    let length = max(1, min(Self.tokensAPrompt, model.maximumPositions / 2))
    // Two classes; what goes beyond the context or a batch makes no difference.
    let examples = 2 * min(max(1, shots), model.maximumPositions)
    let batch =
      method.trains
      ? min(TrainingOptions(method.options).batchSize, examples)
      : max(1, Evaluator.tokensAtOnce / length)
    let shape = MemoryPlan.Shape(
      batch: batch, length: length,
      demonstrations: method.trains ? 0 : min(examples, model.maximumPositions / length))
    let question = Question(method: method, model: model, shape: shape, teacher: teacher)
    if let bytes = known[question] { return bytes }
    let bytes = try MemoryPlan.predicted(
      method, weights: PlannedWeights(model), model, shape: shape, teacher: teacher
    ).peak
    known[question] = bytes
    return bytes
  }
}
