/// Moves labels in a column apart while each stays as near to its target as the others allow.
enum LabelSpreading {
  /// Places of least total squared displacement with a minimum gap, by pooling neighbours.
  ///
  /// - Parameters:
  ///   - targets: Where each label would like its centre.
  ///   - gap: The least distance between two centres.
  ///   - range: Where centres may lie.
  /// - Returns: A centre per target in the targets' order, or nil where the range is too short.
  static func spread(_ targets: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double]? {
    guard Double(max(0, targets.count - 1)) * gap <= range.upperBound - range.lowerBound + 1e-9
    else { return nil }
    struct Pool {
      /// The sum of the targets, each less its distance from the pool's first label.
      var sum: Double
      var members: [Int]
      let limits: (gap: Double, range: ClosedRange<Double>)

      var start: Double {
        let length = Double(members.count - 1) * limits.gap
        let wanted = sum / Double(members.count)
        return max(limits.range.lowerBound, min(wanted, limits.range.upperBound - length))
      }
      var end: Double { start + Double(members.count - 1) * limits.gap }
    }
    var pools: [Pool] = []
    let order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
    for index in order {
      pools.append(Pool(sum: targets[index], members: [index], limits: (gap, range)))
      while pools.count > 1, pools[pools.count - 2].end + gap > pools[pools.count - 1].start {
        let next = pools.removeLast()
        let shift = Double(pools[pools.count - 1].members.count) * gap
        pools[pools.count - 1].sum += next.sum - shift * Double(next.members.count)
        pools[pools.count - 1].members += next.members
      }
    }
    var result = targets
    for pool in pools {
      for (rank, member) in pool.members.enumerated() {
        result[member] = pool.start + Double(rank) * gap
      }
    }
    return result
  }
}
