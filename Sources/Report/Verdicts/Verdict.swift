import Experiments

/// What the results say of a statement, in the words of every block, file and exit code.
enum Verdict: String, CaseIterable, Hashable, Sendable, Codable {
  case supported
  case refuted
  /// The difference is smaller than the smallest that matters, whatever its sign.
  case equivalent
  case inconclusive
  case atFloor = "not tested: both at the floor"
  case missing = "not tested: runs missing"

  init(_ outcome: Statement.Outcome) {
    switch outcome {
    case .supported: self = .supported
    case .refuted: self = .refuted
    case .equivalent: self = .equivalent
    case .inconclusive: self = .inconclusive
    }
  }

  /// Whether an interval decided, so that p is at most the level.
  var isDecided: Bool {
    switch self {
    case .supported, .refuted, .equivalent: true
    case .inconclusive, .atFloor, .missing: false
    }
  }
}
