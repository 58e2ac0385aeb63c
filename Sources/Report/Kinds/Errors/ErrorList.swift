package import Experiments

/// The items of an evaluation set that a method answers wrongly, those that most of its runs have wrong
/// first.
///
/// With a second method they are those on which the two disagree: where one has more of its runs right
/// than the other.
package struct ErrorList: Hashable, Sendable {
  /// What the runs of a method answer to an item.
  package struct Answers: Hashable, Sendable {
    /// Runs that answered it.
    package fileprivate(set) var runs = 0
    /// Of those, how many were wrong.
    package fileprivate(set) var wrong = 0
    fileprivate var counts: [UInt8: Int] = [:]

    /// In [0, 1].
    package var wrongShare: Double { runs > 0 ? Double(wrong) / Double(runs) : 0 }

    /// How often each class was the answer, the most frequent first; nil is no class.
    package var frequencies: [(label: UInt8, count: Int)] {
      counts.map { (label: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    }
  }

  package struct Item: Hashable, Sendable {
    package let texts: [String]
    package let truth: UInt8
    package fileprivate(set) var answers = Answers()
    /// Of the second method; empty without one.
    package fileprivate(set) var others = Answers()
  }

  package let method: String
  package let other: String?
  package let shots: Int
  package let set: String
  package let classNames: [String]
  /// What is wrong, or disagreed on.
  package let items: [Item]
  /// Items that any run answered.
  package let answered: Int

  /// Finds them.
  ///
  /// - Parameters:
  ///   - method: A method of the experiment.
  ///   - other: One to compare it with; nil for none.
  ///   - shots: A number of examples that it runs.
  ///   - set: An evaluation set of its task, or a part of one.
  ///   - results: Of the experiment.
  ///   - task: The examples, as the experiment reads them.
  package init(
    of method: String, against other: String? = nil, shots: Int, on set: String,
    _ results: ExperimentResults, _ task: LoadedTask
  ) {
    self.method = method
    self.other = other
    self.shots = shots
    self.set = set
    classNames = task.definition.labels
    var items: [Int: Item] = [:]
    for seed in results.shape.seeds {
      let examples = task.examples(of: set, folds: results.shape.folds, run: seed)
      for (name, path) in [(method, \Item.answers), (other, \Item.others)] {
        guard let name else { continue }
        for result in results.results(method: name, shots: shots, seed: seed) {
          guard
            case .answered(let answers)? = result?.answers(
              on: set, count: examples.count, reading: .classes)
          else { continue }
          for ((place, example), answer) in zip(examples, answers) {
            let truth = UInt8(example.label)
            items[place, default: Item(texts: example.fields, truth: truth)][keyPath: path]
              .add(answer, truth)
          }
        }
      }
    }
    answered = items.count
    func weight(_ item: Item) -> Double {
      other == nil
        ? item.answers.wrongShare : abs(item.answers.wrongShare - item.others.wrongShare)
    }
    self.items = items.sorted {
      (weight($1.value), $0.key) < (weight($0.value), $1.key)
    }.map(\.value).filter { weight($0) > 0 }
  }

  /// What the runs answer to an item, in words: "spam in 4 of 5 runs, ham in 1".
  package func words(_ answers: Answers) -> String {
    guard answers.runs > 0 else { return "no answers" }
    let parts = answers.frequencies.enumerated().map { index, answer in
      let name = name(answer.label)
      if answers.runs == 1 { return name }
      return index == 0
        ? "\(name) in \(answer.count) of \(answers.runs) runs" : "\(name) in \(answer.count)"
    }
    return parts.joined(separator: ", ")
  }

  /// The name of a class; an answer past the classes is none.
  package func name(_ label: UInt8) -> String {
    classNames.indices.contains(Int(label)) ? classNames[Int(label)] : "no class"
  }
}

extension ErrorList.Answers {
  fileprivate mutating func add(_ answer: UInt8, _ truth: UInt8) {
    runs += 1
    if answer != truth { wrong += 1 }
    counts[answer, default: 0] += 1
  }
}
