/// A counter-based source of random numbers, named by its purpose.
///
/// Number `i` of a stream is a pure function of (seed, purpose, i), so streams never disturb one
/// another and a value can be recomputed without replaying the ones before it. The mixing function
/// is SplitMix64's finalizer (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
/// generators", figure 17), applied to key and counter.
package struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
  private let key: UInt64
  private var counter: UInt64 = 0

  /// Opens the stream of `purpose` under `seed`.
  package init(seed: UInt64, purpose: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in purpose.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    key = Self.mixed(hash ^ Self.mixed(seed &+ 0x9e37_79b9_7f4a_7c15))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The number at `index`, without moving the stream.
  package func bits(at index: UInt64) -> UInt64 {
    Self.mixed(key &+ (index &+ 1) &* 0x9e37_79b9_7f4a_7c15)
  }

  package mutating func next() -> UInt64 {
    defer { counter &+= 1 }
    return bits(at: counter)
  }

  /// A number drawn evenly from [0, 1), with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A standard normal number, by the Box–Muller transform.
  package mutating func normal() -> Double {
    let radius = (-2 * Double.log(1 - uniform())).squareRoot()
    return radius * Double.cosine(2 * .pi * uniform())
  }

  /// An integer drawn evenly from `0..<bound` by rejection; `bound` must be positive.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "index(below: \(bound))")
    let range = UInt64(bound)
    let limit = UInt64.max - UInt64.max % range
    while true {
      let bits = next()
      if bits < limit { return Int(bits % range) }
    }
  }

  /// The elements in a random order (Fisher–Yates), fixed for all Swift releases unlike `shuffled`.
  package mutating func permuted<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    var i = result.count - 1
    while i > 0 {
      result.swapAt(i, index(below: i + 1))
      i -= 1
    }
    return result
  }
}
