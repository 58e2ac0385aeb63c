/// One value a seed, and why some seeds have none.
package struct Sample: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let seed: Int
    package let value: Double
  }

  /// A cell without the value asked for.
  package struct Absence: Hashable, Sendable {
    package let method: String
    package let shots: Int
    package let seed: Int
    package let reason: String
  }

  package var points: [Point] = []
  package var absences: [Absence] = []

  package var values: [Double] { points.map(\.value) }

  /// Values of the seeds that both samples have, in the order of the first.
  func paired(with other: Sample) -> [(seed: Int, left: Double, right: Double)] {
    let values = Dictionary(other.points.map { ($0.seed, $0.value) }) { first, _ in first }
    return points.compactMap { point in
      values[point.seed].map { (point.seed, point.value, $0) }
    }
  }
}
