import Experiments
import Formats

/// The answers of a report's runs to single items, as JSON Lines: one object an item.
///
/// Lines are in the order of the source: by experiment, method, shots, seed and evaluation set, then
/// by item as in the file. A result that belongs to several places, as that of a method that reads no
/// examples, has lines at each, with the same key, as in the report's CSV.
package struct AnswerExport {
  /// What was written, and what there was not.
  package struct Outcome: Hashable, Sendable {
    package internal(set) var lines = 0
    /// Places whose cell has not run.
    package internal(set) var missing = 0
    package internal(set) var failed = 0
    package internal(set) var diverged = 0
    /// What has no lines and why, in the order of the source.
    package internal(set) var gaps: [String] = []
  }

  private let plan: ReportPlan
  private let frame: ResultFrame
  private let facts: [String: TaskFacts]
  /// By experiment, if texts are asked for.
  private let texts: [String: LoadedTask]

  /// Prepares an export of stored results.
  ///
  /// - Parameters:
  ///   - plan: Whose known results are exported.
  ///   - workspace: Of the source.
  ///   - withTexts: Whether lines have the items' texts.
  package init(_ plan: ReportPlan, workspace: Workspace, withTexts: Bool) {
    let reader = TaskFactsReader(folder: workspace.taskFacts)
    self.init(
      plan, facts: reader.facts(of: plan),
      texts: withTexts
        ? plan.experiments.reduce(into: [:]) {
          $0[$1.block.label] = reader.examples(of: $1, in: plan)
        } : nil)
  }

  init(_ plan: ReportPlan, facts: [String: TaskFacts], texts: [String: LoadedTask]? = nil) {
    self.plan = plan
    frame = ResultFrame(plan: plan, results: plan.known)
    self.texts = texts ?? [:]
    // Without texts where they are asked for, an experiment has no items.
    self.facts = texts.map { texts in facts.filter { texts[$0.key] != nil } } ?? facts
  }

  /// Writes every line.
  ///
  /// - Parameter body: Takes complete lines, those of one run on one evaluation set at a time.
  /// - Returns: What was written.
  /// - Throws: What `body` throws.
  package func write<Failure: Error>(
    _ body: (String) throws(Failure) -> Void
  ) throws(Failure) -> Outcome {
    var outcome = Outcome()
    for experiment in plan.experiments {
      let label = experiment.block.label
      guard let results = frame[label], let facts = facts[label] else {
        outcome.gaps.append("'\(label)': its examples cannot be read")
        outcome.missing += experiment.places.count
        continue
      }
      let sets = ItemSets(experiment, facts: facts, examples: texts[label])
      for place in experiment.places {
        let name =
          "'\(label)': \(place.method) at \(place.shots) shots, seed \(place.seed)"
          + (place.initSeed.map { ", initialization \($0)" } ?? "")
        guard
          let result = results.result(
            method: place.method, shots: place.shots, seed: place.seed, initSeed: place.initSeed)
        else {
          outcome.missing += 1
          outcome.gaps.append("\(name): not run")
          continue
        }
        if result.hasFailed { outcome.failed += 1 }
        if result.hasDiverged { outcome.diverged += 1 }
        for set in sets.sets {
          let classes = result.answers(on: set.name, count: set.items.count, reading: .classes)
          guard case .answered(let answers) = classes else {
            outcome.gaps.append("\(name), \(set.name): \(classes.absence ?? "no answers")")
            continue
          }
          var words: [UInt8]?
          if case .answered(let stored) = result.answers(
            on: set.name, count: set.items.count, reading: .vocabulary)
          {
            words = stored
          }
          outcome.lines += answers.count
          try body(
            sets.lines(of: set, answers: answers, words: words, start: start(place, experiment)))
        }
      }
    }
    return outcome
  }

  private func start(
    _ place: PlannedExperiment.Place, _ experiment: PlannedExperiment
  ) -> [String: JSONText] {
    var start: [String: JSONText] = [
      "experiment": .text(experiment.block.label), "task": .text(experiment.task.name),
      "model": .text(experiment.model.name), "method": .text(place.method),
      "shots": .integer(place.shots), "seed": .integer(place.seed), "key": .text(place.key),
    ]
    start["initSeed"] = place.initSeed.map(JSONText.integer)
    return start
  }
}

/// The items of the evaluation sets of one experiment, ready to be written.
private struct ItemSets {
  struct ItemSet {
    let name: String
    let items: [ItemID]
    let truth: [UInt8]
    /// Of each item, the parts of the set that contain it.
    let parts: [[String]]
    let texts: [[String]]?
  }

  let sets: [ItemSet]
  private let classNames: [String]
  private let fields: [String]

  init(_ experiment: PlannedExperiment, facts: TaskFacts, examples: LoadedTask?) {
    classNames = facts.classNames
    fields = experiment.task.fields
    sets = experiment.task.evaluations.compactMap { set in
      guard experiment.shape.sets.contains(set.name), let truth = facts.labels[set.name],
        let items = facts.items(of: set.name)
      else { return nil }
      let members = set.subsets.map { part in
        (name: part.name, items: Set(facts.items(of: part.name) ?? []))
      }
      return ItemSet(
        name: set.name, items: items, truth: truth,
        parts: items.map { item in members.filter { $0.items.contains(item) }.map(\.name) },
        texts: examples?.evaluation(named: set.name)?.examples.map(\.fields))
    }
  }

  func lines(
    of set: ItemSet, answers: [UInt8], words: [UInt8]?, start: [String: JSONText]
  ) -> String {
    var text = ""
    for (index, answer) in answers.enumerated() {
      var line = start
      line["set"] = .text(set.name)
      line["parts"] = JSONText(set.parts[index])
      line["item"] = .text("\(set.items[index])")
      line["truth"] = name(set.truth[index])
      line["answer"] = name(answer)
      line["correct"] = .flag(answer == set.truth[index])
      if let words { line["vocabularyAnswer"] = name(words[index]) }
      if let texts = set.texts {
        line["texts"] = .map(Dictionary(zip(fields, texts[index].map(JSONText.text))) { $1 })
      }
      text += JSONText.map(line).line + "\n"
    }
    return text
  }

  private func name(_ label: UInt8) -> JSONText {
    classNames.indices.contains(Int(label)) ? .text(classNames[Int(label)]) : .null
  }
}
