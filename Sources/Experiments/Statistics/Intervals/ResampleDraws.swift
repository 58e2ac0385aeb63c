import Engine
import Synchronization

/// Which places of a sample its resamples draw.
///
/// They depend on the sample's size and the stream's name alone, so that a page, which resamples
/// hundreds of samples of one size, draws them once.
package enum ResampleDraws {
  private struct Key: Hashable {
    let purpose: String
    let size: Int
    let resamples: Int
  }

  /// Draws of more places than these are not kept.
  private static let mostKept = 1 << 20

  private static let known = Mutex<[Key: [Int32]]>([:])

  /// Lends the places that resamples draw, with replacement.
  ///
  /// - Parameters:
  ///   - purpose: Names the stream of random numbers.
  ///   - size: Of the sample, at least 1.
  ///   - resamples: How many are drawn, each of the sample's size.
  ///   - body: Gets the places, resample by resample.
  /// - Returns: What `body` returns.
  package static func withPlaces<Result>(
    purpose: String, size: Int, resamples: Int, _ body: (UnsafeBufferPointer<Int32>) -> Result
  ) -> Result {
    let key = Key(purpose: purpose, size: size, resamples: resamples)
    let places = known.withLock { $0[key] } ?? drawn(key)
    return places.withUnsafeBufferPointer(body)
  }

  private static func drawn(_ key: Key) -> [Int32] {
    var stream = RandomStream(seed: 0, purpose: key.purpose)
    let places = (0..<key.size * key.resamples).map { _ in
      Int32(truncatingIfNeeded: stream.index(below: key.size))
    }
    if places.count <= mostKept { known.withLock { $0[key] = places } }
    return places
  }
}
