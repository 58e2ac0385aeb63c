/// A learning rate that rises linearly to its peak and then falls to zero or stays.
///
/// The schedules of Hugging Face's `get_linear_schedule_with_warmup`, `get_constant_schedule_with_warmup`
/// and `get_cosine_schedule_with_warmup`.
package struct LearningRateSchedule: Hashable, Sendable {
  /// What happens after the warm-up.
  package enum Decay: String, Codable, Hashable, Sendable, CaseIterable {
    case linear
    case constant
    /// Half a wave, from the peak to zero: Loshchilov and Hutter 2016, arXiv:1608.03983.
    case cosine
  }

  package let peak: Double
  let warmupSteps: Int
  let totalSteps: Int
  let decay: Decay

  package init(peak: Double, warmupSteps: Int, totalSteps: Int, decay: Decay = .linear) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.decay = decay
  }

  /// The rate of step `step`, counted from zero.
  package func learningRate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
    let remaining = max(
      0, Double(totalSteps - step) / Double(max(1, totalSteps - warmupSteps)))
    switch decay {
    case .constant: return peak
    case .linear: return peak * remaining
    case .cosine: return peak * (1 - Double.cosine(.pi * remaining)) / 2
    }
  }
}
