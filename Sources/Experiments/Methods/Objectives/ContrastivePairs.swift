import Engine

/// Pairs of a sample's texts, of one class or of two.
///
/// As the setfit package samples them with `num_iterations` (its `ContrastiveDataset`): every pair of one
/// class, each text with itself included, in a random order, and every pair of two classes in another;
/// both begin again when they are used up. An epoch takes as many of either as there are texts, so that
/// `R` epochs are the package's `R` iterations and those of Tunstall et al. 2022, arXiv:2209.11055,
/// section 3.1. A sample of one class has pairs of the first kind alone.
struct ContrastivePairs {
  /// Two places in the sample.
  struct Pair: Hashable, Sendable {
    let first: Int
    let second: Int
  }

  /// Pairs an epoch.
  let anEpoch: Int
  private let same: [Pair]
  private let different: [Pair]
  private var given: [(pair: Pair, isSame: Bool)] = []

  /// - Parameters:
  ///   - labels: Of the sample.
  ///   - epochs: How many will be taken.
  ///   - seed: Of both orders.
  init(labels: [Int], epochs: Int, seed: UInt64) {
    let texts = labels.count
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
      .sorted { $0.key < $1.key }.map(\.value)
    let most = texts * epochs
    same = Self.drawn(
      members.map { $0.count * ($0.count + 1) / 2 }, most: most, seed: seed,
      purpose: "pairs of one class"
    ) { group, index in
      // The pair's number counts the rows of a triangle with its diagonal.
      let texts = members[group]
      var row = Int(((8 * Double(index) + 1).squareRoot() - 1) / 2)
      while row * (row + 1) / 2 > index { row -= 1 }
      while (row + 1) * (row + 2) / 2 <= index { row += 1 }
      return Pair(first: texts[index - row * (row + 1) / 2], second: texts[row])
    }
    let groups = members.indices.flatMap { a in members.indices[(a + 1)...].map { (a, $0) } }
    different = Self.drawn(
      groups.map { members[$0].count * members[$1].count }, most: most, seed: seed,
      purpose: "pairs of two classes"
    ) { group, index in
      let (a, b) = (members[groups[group].0], members[groups[group].1])
      return Pair(first: a[index / b.count], second: b[index % b.count])
    }
    anEpoch = different.isEmpty ? texts : 2 * texts
  }

  /// Pairs that are given, of which an epoch takes each once.
  init(_ pairs: [(pair: Pair, isSame: Bool)]) {
    (given, anEpoch, same, different) = (pairs, pairs.count, [], [])
  }

  /// The pairs that an epoch, counted from 0, takes, by number: one of each kind in turn.
  func numbers(of epoch: Int) -> Range<Int> { (epoch * anEpoch)..<((epoch + 1) * anEpoch) }

  /// A pair, and whether its texts are of one class.
  subscript(number: Int) -> (pair: Pair, isSame: Bool) {
    if !given.isEmpty { return given[number % given.count] }
    guard !different.isEmpty else { return (same[number % same.count], true) }
    let isSame = number.isMultiple(of: 2)
    let kind = isSame ? same : different
    return (kind[number / 2 % kind.count], isSame)
  }

  /// The texts of some pairs, each once, in the order in which they occur.
  func texts(of numbers: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return numbers.flatMap { number -> [Int] in
      let pair = self[number].pair
      return [pair.first, pair.second]
    }.filter { seen.insert($0).inserted }
  }

  /// Some of numbered things in groups, in a random order without repetition.
  ///
  /// - Parameters:
  ///   - sizes: How many there are in each group.
  ///   - most: How many to draw.
  ///   - seed: Of the order.
  ///   - purpose: Of the order.
  ///   - make: Turns a group and a number in it into a pair.
  /// - Returns: At most `most`.
  private static func drawn(
    _ sizes: [Int], most: Int, seed: UInt64, purpose: String, _ make: (Int, Int) -> Pair
  ) -> [Pair] {
    var stream = RandomStream(seed: seed, purpose: purpose)
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    let count = starts[sizes.count]
    // Fisher and Yates's shuffle, in which only what was moved is stored.
    var moved: [Int: Int] = [:]
    return (0..<min(count, most)).map { place in
      let other = place + stream.index(below: count - place)
      let number = moved[other] ?? other
      moved[other] = moved[place] ?? place
      let group = (starts.firstIndex { $0 > number } ?? sizes.count) - 1
      return make(group, number - starts[group])
    }
  }
}
