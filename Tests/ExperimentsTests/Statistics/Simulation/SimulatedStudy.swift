import Engine

@testable import Experiments

/// Answers of several methods on the same seeds and items whose true means are known.
///
/// Whether method m on seed s answers item i correctly is a coin with the probability
/// `Φ(μₘ + shared_s + own_ms + item_i + taste_mi)`: seeds share a sample, methods react to it in their
/// own way, items are easy or hard, and some items suit some methods.
struct SimulatedStudy: Sendable {
  /// Which distribution the seeds' effects have.
  enum Tails: Sendable {
    case normal
    /// Student's t with 3 degrees, whose variance is finite and whose kurtosis is not.
    case heavy
  }

  let name: String
  /// Φ⁻¹ of about the accuracy of an average seed and item.
  var level = 0.7
  var tails = Tails.normal
  var sharedBySeeds = 0.1
  var ownOfSeeds = 0.15
  var items = 0.6
  var taste = 0.5
  /// How often a run collapses and gives one answer to every item.
  var failures = 0.0
  var itemCount = 200

  /// The settings of the table.
  static let all = [
    SimulatedStudy(name: "normal"),
    SimulatedStudy(
      name: "normal, seeds vary much", sharedBySeeds: 0.2, ownOfSeeds: 0.3, taste: 0.3),
    SimulatedStudy(
      name: "normal, items vary much", sharedBySeeds: 0.02, ownOfSeeds: 0.03, items: 1, taste: 1),
    SimulatedStudy(name: "normal, 50 items", itemCount: 50),
    SimulatedStudy(name: "ceiling", level: 2.6, sharedBySeeds: 0.2, ownOfSeeds: 0.3),
    SimulatedStudy(name: "heavy tails", tails: .heavy, ownOfSeeds: 0.2),
    SimulatedStudy(name: "failed seeds", failures: 0.2),
  ]

  /// How much more one method's seeds vary than another's; methods are alike otherwise.
  private static let spreads = [0.5, 1, 1.5]

  private func own(_ method: Int) -> Double {
    ownOfSeeds * Self.spreads[method % Self.spreads.count]
  }

  /// Before the seeds' own effects, so that methods with other spreads have nearly equal means.
  private func location(_ method: Int) -> Double {
    func scale(_ own: Double) -> Double {
      (1 + sharedBySeeds * sharedBySeeds + own * own + items * items + taste * taste).squareRoot()
    }
    return level * scale(own(method)) / scale(own(0))
  }

  /// One study: scores of each method, all on the same seeds and items.
  func drawn(
    methods: Int, seeds: Int, _ stream: inout RandomStream
  ) -> [CrossedScores] {
    let shared = (0..<seeds).map { _ in sharedBySeeds * effect(&stream) }
    let difficulty = (0..<itemCount).map { _ in items * stream.normal() }
    return (0..<methods).map { method in
      let place = location(method)
      let tastes = difficulty.map { $0 + taste * stream.normal() }
      let right = (0..<seeds).map { seed -> [Bool] in
        let own = place + shared[seed] + self.own(method) * effect(&stream)
        // One answer to every item is right where items have that answer, which is every second.
        if failures > 0, stream.uniform() < failures {
          return (0..<itemCount).map { $0.isMultiple(of: 2) }
        }
        return tastes.map { stream.uniform() < Normal.cumulative(own + $0) }
      }
      return CrossedScores(right: right, of: "items")
    }
  }

  /// True means, the average of probabilities over many drawn seeds and all items.
  func truths(methods: Int, draws: Int = 1_000_000) -> [Double] {
    let distinct = (0..<min(methods, Self.spreads.count)).map { method -> Double in
      var stream = RandomStream(seed: 1, purpose: "simulation.truth.\(name)")
      let spread = (1 + items * items + taste * taste).squareRoot()
      var sum = 0.0
      for _ in 0..<draws {
        // Items' effects are normal, so their average has a closed form.
        let seed =
          location(method) + sharedBySeeds * effect(&stream) + own(method) * effect(&stream)
        sum += Normal.cumulative(seed / spread)
      }
      return (1 - failures) * sum / Double(draws) + failures * 0.5
    }
    return (0..<methods).map { distinct[$0 % distinct.count] }
  }

  /// With variance 1, but for heavy tails.
  private func effect(_ stream: inout RandomStream) -> Double {
    switch tails {
    case .normal: return stream.normal()
    case .heavy:
      var squares = 0.0
      for _ in 0..<3 {
        let z = stream.normal()
        squares += z * z
      }
      return stream.normal() / (squares / 3).squareRoot()
    }
  }
}
