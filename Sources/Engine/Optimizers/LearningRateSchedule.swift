/// A learning rate that rises linearly to its peak and then falls linearly to zero.
///
/// The schedule of Hugging Face's `get_linear_schedule_with_warmup`.
package struct LearningRateSchedule: Hashable, Sendable {
  /// What happens after the warm-up.
  package enum Decay: String, Hashable, Sendable, CaseIterable {
    case linear
    case constant
  }

  package let peak: Double
  package let warmupSteps: Int
  package let totalSteps: Int
  package let decay: Decay

  package init(peak: Double, warmupSteps: Int, totalSteps: Int, decay: Decay = .linear) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.decay = decay
  }

  /// The rate of step `step`, counted from zero.
  package func learningRate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
    if decay == .constant { return peak }
    let remaining = Double(totalSteps - step) / Double(max(1, totalSteps - warmupSteps))
    return peak * max(0, remaining)
  }
}
