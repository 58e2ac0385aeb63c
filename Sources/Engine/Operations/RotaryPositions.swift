import Foundation

/// Rotary position embedding: which columns of a head turn, and how fast.
///
/// The first `width` columns of a head form half-split pairs, the whole head in Llama and a quarter of
/// it in Pythia. Pair `i` turns by `position · base^(-2i/width)` (Su et al. 2021, arXiv:2104.09864),
/// changed by the scaling of models that were trained for longer texts.
package struct RotaryPositions: Hashable, Sendable {
  package var base: Double
  package var width: Int
  package var scaling: Scaling

  /// How the angles differ from plain ones; the types of Transformers' `rope_parameters`.
  package enum Scaling: Hashable, Sendable {
    case none
    /// All angles are divided by a factor.
    case linear(factor: Double)
    /// Slow angles are divided by `factor`, fast ones stay, with a ramp between them (Llama 3.1).
    case llama3(factor: Double, low: Double, high: Double, context: Double)
    /// Peng et al. 2023, "YaRN", arXiv:2309.00071, section 3.2; `attention` multiplies what turns.
    case yarn(Yarn)
    /// Each angle has its own divisor (Ding et al. 2024, "LongRoPE", arXiv:2402.13753); those for texts
    /// within the original context.
    case longrope(divisors: [Double], attention: Double)
  }

  /// The numbers of YaRN.
  package struct Yarn: Hashable, Sendable {
    package var factor: Double
    package var attention: Double
    /// Turns within the context from which an angle stays, and to which it is divided.
    package var fast: Double
    package var slow: Double
    /// The context before it was extended.
    package var context: Double
    /// Whether the bounds of the ramp are whole numbers.
    package var isTruncated: Bool
  }

  package init(base: Double, width: Int, scaling: Scaling = .none) {
    self.base = base
    self.width = width
    self.scaling = scaling
  }

  /// The angle of each pair per position.
  var frequencies: [Double] {
    let plain = (0..<width / 2).map { i in
      Double.exp(-Double.log(base) * Double(2 * i) / Double(width))
    }
    switch scaling {
    case .none: return plain
    case .linear(let factor): return plain.map { $0 / factor }
    case .llama3(let factor, let low, let high, let context):
      return plain.map { frequency in
        let turns = context * frequency / (2 * Double.pi)
        if turns > high { return frequency }
        if turns < low { return frequency / factor }
        let share = (turns - low) / (high - low)
        return (1 - share) * frequency / factor + share * frequency
      }
    case .yarn(let yarn):
      let ramp = ramp(yarn)
      return plain.enumerated().map { i, frequency in
        frequency / yarn.factor * ramp(i) + frequency * (1 - ramp(i))
      }
    case .longrope(let divisors, _): return zip(plain, divisors).map { $0 / $1 }
    }
  }

  /// The factor of what turns.
  var scale: Double {
    switch scaling {
    case .none, .linear, .llama3: 1
    case .yarn(let yarn): yarn.attention
    case .longrope(_, let attention): attention
    }
  }

  /// How far each pair is divided by the factor, from 0 to 1.
  private func ramp(_ yarn: Yarn) -> (Int) -> Double {
    func pair(turning turns: Double) -> Double {
      Double(width) * Double.log(yarn.context / (turns * 2 * Double.pi)) / (2 * Double.log(base))
    }
    var (first, last) = (pair(turning: yarn.fast), pair(turning: yarn.slow))
    if yarn.isTruncated { (first, last) = (first.rounded(.down), last.rounded(.up)) }
    first = max(first, 0)
    last = min(last, Double(width - 1))
    if first == last { last += 0.001 }
    return { i in min(1, max(0, (Double(i) - first) / (last - first))) }
  }
}
