import Engine

/// A division of examples into parts with nearly the same share of every class.
struct Folds: Hashable, Sendable {
  /// The fold of each example.
  let number: [Int]
  /// One where there are too few examples to divide: where fewer than two classes have two.
  let count: Int

  /// Deals the examples of each class out in a random order, one class after the other.
  ///
  /// - Parameters:
  ///   - labels: The class of each example.
  ///   - classes: How many there are.
  ///   - count: Of folds, or fewer where there are fewer examples.
  ///   - seed: Of the streams `folds, class K`.
  init(labels: [Int], classes: Int, count: Int, seed: UInt64) {
    var members = [[Int]](repeating: [], count: classes)
    for (index, label) in labels.enumerated() { members[label].append(index) }
    let most = members.map(\.count).filter { $0 > 1 }
    self.count = most.count < 2 ? 1 : min(count, labels.count)
    var number = [Int](repeating: 0, count: labels.count)
    var next = 0
    for (label, group) in members.enumerated() {
      var stream = RandomStream(seed: seed, purpose: "folds, class \(label)")
      for index in stream.permuted(group) {
        number[index] = next % self.count
        next += 1
      }
    }
    self.number = number
  }
}

extension Folds {
  /// Divides the training pool of a task.
  ///
  /// Rows that say the same, case, punctuation and spacing aside, stay together, and so do rows of one
  /// group: one in training would give the other away. Groups, which may be of any size, go one after the
  /// other, the largest first, to the fold that has the fewest rows of their commonest class, of equals
  /// to the one with the fewest rows.
  ///
  /// - Parameters:
  ///   - task: With its training pool.
  ///   - count: Of folds.
  ///   - repeat: Each repeat has folds of its own.
  init(of task: LoadedTask, count: Int, repeat: Int) {
    let pool = task.training
    let blocks = task.inseparableRows
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(`repeat`)), purpose: "cross-validation")
    let seed = stream.next()
    let classes = task.definition.labels.count
    var number = [Int](repeating: 0, count: pool.count)
    guard task.groups != nil else {
      let dealt = Folds(
        labels: blocks.map { pool[$0[0]].label }, classes: classes, count: count, seed: seed)
      for (block, fold) in zip(blocks, dealt.number) {
        for index in block { number[index] = fold }
      }
      self.number = number
      self.count = dealt.count
      return
    }
    let labels = Set(pool.map(\.label)).count
    self.count = blocks.count < 2 || labels < 2 ? 1 : min(count, blocks.count)
    var order = RandomStream(seed: seed, purpose: "folds of groups")
    let shuffled = order.permuted(Array(blocks.indices))
    let sorted = shuffled.enumerated().sorted {
      (blocks[$1.element].count, $0.offset) < (blocks[$0.element].count, $1.offset)
    }.map { blocks[$0.element] }
    var sizes = [Int](repeating: 0, count: self.count)
    var ofClass = sizes.map { _ in [Int](repeating: 0, count: classes) }
    for block in sorted {
      var own = [Int](repeating: 0, count: classes)
      for index in block { own[pool[index].label] += 1 }
      let commonest = own.indices.max { (own[$0], $1) < (own[$1], $0) } ?? 0
      let fold =
        sizes.indices.min {
          (ofClass[$0][commonest], sizes[$0], $0) < (ofClass[$1][commonest], sizes[$1], $1)
        } ?? 0
      for index in block {
        number[index] = fold
        ofClass[fold][pool[index].label] += 1
      }
      sizes[fold] += block.count
    }
    self.number = number
  }
}

extension LoadedTask {
  /// Places in the training pool that no division may separate, in the order of the first of each: rows
  /// that say the same, and rows of one group.
  fileprivate var inseparableRows: [[Int]] {
    var parent = Array(training.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index { index = parent[index] }
      return index
    }
    var texts: [[UInt8]: Int] = [:]
    var groups: [Int: Int] = [:]
    for (index, example) in training.enumerated() {
      var earlier = [texts[example.normalizedText]]
      if let group = self.groups?[index] {
        earlier.append(groups[group])
        groups[group] = groups[group] ?? index
      }
      texts[example.normalizedText] = texts[example.normalizedText] ?? index
      for other in earlier.compactMap(\.self) {
        let (a, b) = (root(other), root(index))
        parent[max(a, b)] = min(a, b)
      }
    }
    return Dictionary(grouping: training.indices, by: root).values.sorted { $0[0] < $1[0] }
  }
}

extension LoadedTask {
  /// What a cross-validation scores, and what it leaves out of training.
  package static let validationSet = "validation"

  /// The task as one run of a repeated cross-validation has it: a fold of the training pool is an
  /// evaluation set, and the rest is the pool.
  ///
  /// - Parameters:
  ///   - folds: How many parts the pool is cut into.
  ///   - run: Counts the folds of the first repeat, then those of the second, and so on from 0.
  /// - Returns: The same task without the fold's rows in its pool, scored on ``validationSet`` first.
  package func validating(folds: Int, run: Int) -> LoadedTask {
    let held = heldOut(folds: folds, run: run)
    let out = Set(held)
    let kept = training.indices.filter { !out.contains($0) }
    var task = LoadedTask(
      definition: definition, training: kept.map { training[$0] },
      evaluations: [
        EvaluationSet(
          name: Self.validationSet, domain: .inDomain, examples: held.map { training[$0] })
      ] + evaluations, sources: sources)
    task.groups = groups.map { groups in kept.map { groups[$0] } }
    return task
  }

  /// The places in the pool of the fold that a run is scored on, ascending.
  ///
  /// - Parameters:
  ///   - folds: How many parts the pool is cut into.
  ///   - run: As in ``validating(folds:run:)``.
  /// - Returns: Indices into the pool.
  package func heldOut(folds: Int, run: Int) -> [Int] {
    let parts = Folds(of: self, count: folds, repeat: run / folds)
    return training.indices.filter { parts.number[$0] == run % folds }
  }

  /// How many folds the pool can be cut into, at most `folds`; 1 where it cannot be cut.
  package func foldCount(upTo folds: Int) -> Int {
    Folds(of: self, count: folds, repeat: 0).count
  }

  /// How many examples every run can train on: the pool, or what the largest fold of all repeats leaves.
  ///
  /// - Parameters:
  ///   - folds: Of a cross-validation; nil without one.
  ///   - repeats: How often the pool is cut.
  /// - Returns: The number that is left in every run.
  package func smallestPool(folds: Int?, repeats: Int) -> Int {
    guard let folds else { return training.count }
    let largest = (0..<repeats).map { number in
      let parts = Folds(of: self, count: folds, repeat: number)
      return (0..<parts.count).map { fold in parts.number.count { $0 == fold } }.max() ?? 0
    }
    return training.count - (largest.max() ?? 0)
  }

  /// The task with its whole pool as the evaluation set of a cross-validation.
  func validatingAll() -> LoadedTask {
    LoadedTask(
      definition: definition, training: training,
      evaluations: [
        EvaluationSet(name: Self.validationSet, domain: .inDomain, examples: training)
      ] + evaluations, sources: sources)
  }
}
