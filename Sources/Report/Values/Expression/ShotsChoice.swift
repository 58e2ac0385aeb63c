/// The number of examples that an expression selects.
package enum ShotsChoice: Hashable, Sendable {
  case exactly(Int)
  /// The smallest number the experiment runs; sources write `shots=min`.
  case fewest
  /// The largest number the experiment runs; sources write `shots=max`.
  case most

  init?(word: String) {
    switch word {
    case "min": self = .fewest
    case "max": self = .most
    default: return nil
    }
  }

  /// The number meant in an experiment; nil for one without any.
  package func number(in shots: [Int]) -> Int? {
    switch self {
    case .exactly(let number): number
    case .fewest: shots.min()
    case .most: shots.max()
    }
  }
}

extension ShotsChoice: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exactly(let number): "\(number) shots"
    case .fewest: "the fewest shots"
    case .most: "the most shots"
    }
  }
}
