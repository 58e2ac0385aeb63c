/// The methods that no other is better than, and letters for those that nothing tells apart.
///
/// A method leaves the set when the interval of another minus it lies above 0. The true best leaves
/// it only if that one interval misses, so the level of the family holds for the set whichever
/// method had the highest mean: selection is accounted for.
package struct BestSet: Hashable, Sendable {
  /// Places of the methods in the set, in the order given.
  package let members: [Int]
  /// One word a method, such as "ab"; two methods that differ share no letter.
  ///
  /// Piepho 2004, "An algorithm for a letter-based representation of all-pairwise comparisons".
  package let letters: [String]

  /// Finds the set.
  ///
  /// - Parameters:
  ///   - count: How many methods, from the best mean to the worst for letters in that order.
  ///   - isBetter: Whether the first is better than the second by the rule.
  package init(count: Int, isBetter: (Int, Int) -> Bool) {
    let worse = (0..<count).map { i in (0..<count).map { $0 != i && isBetter($0, i) } }
    members = (0..<count).filter { i in !worse[i].contains(true) }
    var groups: [Set<Int>] = count > 0 ? [Set(0..<count)] : []
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) where worse[i][j] || worse[j][i] {
        groups = Self.separated(i, j, in: groups)
      }
    }
    let sorted = groups.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
    letters = (0..<count).map { method in
      sorted.indices.filter { sorted[$0].contains(method) }.map(Self.letter).joined()
    }
  }

  /// Groups without one that holds both, and without any that lies inside another.
  private static func separated(_ i: Int, _ j: Int, in groups: [Set<Int>]) -> [Set<Int>] {
    var split: [Set<Int>] = []
    for group in groups {
      if group.contains(i), group.contains(j) {
        split += [group.subtracting([i]), group.subtracting([j])]
      } else {
        split.append(group)
      }
    }
    return split.indices.filter { index in
      !split.indices.contains { other in
        split[index].isStrictSubset(of: split[other])
          || other < index && split[index] == split[other]
      }
    }.map { split[$0] }
  }

  /// a … z, then aa′ would be two letters, so a2, b2, ….
  private static func letter(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? letter : "\(letter)\(index / 26 + 1)"
  }
}

/// What the choice of the best mean is worth on runs and items that it was not made on.
///
/// The mean of the chosen method is optimistic, for it was chosen by it. Each seed and half of the
/// items in turn is left out, the method with the best mean on the other seeds and items is chosen,
/// and its score on what was left out is taken (cross-fitting; Stone 1974, "Cross-validatory choice
/// and assessment of statistical predictions").
package enum HeldOutChoice {
  /// Mean of the scores that were held out.
  ///
  /// - Parameters:
  ///   - methods: Scores on the same seeds and items.
  ///   - prefersLower: Whether the smallest mean is chosen.
  /// - Returns: In the metric's unit; nil for no method, and for one seed without items.
  package static func score(of methods: [CrossedScores], prefersLower: Bool = false) -> Double? {
    guard let seeds = methods.first?.seeds, methods.allSatisfy({ $0.seeds == seeds }) else {
      return nil
    }
    let hasItems = methods.allSatisfy { !$0.items.isEmpty }
    guard seeds > 1 || hasItems else { return nil }
    let sign = prefersLower ? -1.0 : 1.0
    let halves = hasItems ? [0, 1] : [nil]
    let scores = methods.map { method in
      halves.map { half in (0..<seeds).map { method.value(seed: $0, half: half) } }
    }
    var sum = 0.0
    for half in halves.indices {
      let other = halves.count - 1 - half
      for seed in 0..<seeds {
        let kept = seeds > 1 ? (0..<seeds).filter { $0 != seed } : [seed]
        let means = scores.map { score in
          sign * kept.reduce(0) { $0 + score[other][$1] } / Double(kept.count)
        }
        // Ties share the choice, so that no order of methods matters.
        let best = means.max() ?? 0
        let chosen = means.indices.filter { means[$0] >= best - 1e-12 }
        sum +=
          chosen.reduce(0) { $0 + scores[$1][half][seed] } / Double(chosen.count)
      }
    }
    return sum / Double(seeds * halves.count)
  }
}

extension CrossedScores {
  /// A seed's value on every second item; on all without a half.
  fileprivate func value(seed: Int, half: Int?) -> Double {
    guard let half else { return values[seed] }
    return items.keys.sorted().reduce(values[seed]) { value, set in
      guard let items = items[set] else { return value }
      let places = stride(from: half, to: items.count, by: 2)
      let sum = places.reduce(0) { $0 + items.deviations[seed * items.count + $1] }
      return value + sum / Double((items.count - half + 1) / 2)
    }
  }
}
