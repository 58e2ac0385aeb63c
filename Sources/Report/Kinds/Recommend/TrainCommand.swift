import Experiments
import Formats

/// The command that makes the model of a recommended method, to be run in the folder of the source.
package struct TrainCommand: Hashable, Sendable {
  /// A word of the line.
  private enum Word: Hashable {
    case text(String)
    /// A task file, a model or a folder, as the source names it.
    case path(String)
  }

  private let words: [Word]
  /// What it trains on: "all rows", "the sample of seed 0".
  let sample: String
  /// Whether what it trains is, bit for bit, what a cell of the experiment trained.
  let isCell: Bool

  /// Writes the command of a method; nil for one that chooses its settings in every cell anew.
  ///
  /// - Parameters:
  ///   - method: A method's name in the experiment.
  ///   - shots: How many examples.
  ///   - experiment: Where it was measured.
  ///   - results: Of its runs, from which a searched setting is taken: that of the run it repeats, or the
  ///     one that most runs chose.
  init?(
    _ method: String, shots: Int, in experiment: PlannedExperiment,
    _ results: ExperimentResults? = nil
  ) {
    let block = experiment.block
    guard let request = block.methods.first(where: { $0.name.value == method }),
      let bound = experiment.methods.first(where: { $0.name == method }),
      MethodGrid(bound.options).isEmpty
    else { return nil }
    var paths: [Word] = [.text("--task"), .path(block.task.value)]
    if let data = block.data { paths += [.text("--data"), .path(data.value)] }
    if bound.readsModel { paths += [.text("--model"), .path(block.model.value)] }
    var words = ["--method", request.preset.value]
    var settings = request.options
    let place = experiment.methods.firstIndex { $0.name == method }
    if let place, experiment.tuning.indices.contains(place),
      case .search(let search, _) = experiment.tuning[place]
    {
      let seeds = block.validation == nil ? block.seeds.prefix(1) : block.seeds[...]
      let choices = seeds.compactMap { seed in
        results?.results(method: method, shots: shots, seed: seed.value).first??.tuning?.chosen
      }
      let counts = Dictionary(choices.map { ($0, 1) }, uniquingKeysWith: +)
      if let chosen = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
        search.candidates.indices.contains(chosen)
      {
        settings.merge(search.settings(of: chosen, from: bound.options)) { $1 }
      }
    }
    if let pattern = block.pattern, settings[PatternChoice.option.name] == nil,
      bound.options.value(of: PatternChoice.option) == pattern.value
    {
      settings[PatternChoice.option] = pattern.value
    }
    if !settings.isEmpty {
      words += ["--set"] + settings.sorted { $0.key < $1.key }.map { "\($0)=\($1.word)" }
    }
    let isWhole = block.validation != nil || block.asksForAllShots
    if isWhole {
      words += ["--shots", "all"]
    } else {
      words += ["--shots", "\(shots)"]
      if block.shotsPer.value != .class {
        words += ["--shots-per", block.shotsPer.value.rawValue]
      }
    }
    let seed = block.validation == nil ? block.seeds.first?.value ?? 0 : 0
    words += ["--seed", "\(seed)"]
    if bound.readsModel { words += ["--threads", "\(block.threads?.value ?? 1)"] }
    words += ["--save", "\(experiment.task.name)-\(method)"]
    self.words = [.text("ftreport"), .text("train")] + paths + words.map(Word.text)
    sample = isWhole ? "all rows" : "the sample of seed \(seed)"
    isCell = block.validation == nil && block.initSeeds.isEmpty
  }

  /// One line for a shell.
  ///
  /// - Parameter path: What to write for a path of the source.
  /// - Returns: The words, quoted where a shell needs it.
  package func line(_ path: (String) -> String = { $0 }) -> String {
    ReproductionCommand.shellLine(
      words.map { word in
        switch word {
        case .text(let text): text
        case .path(let name): path(name)
        }
      })
  }
}

extension OptionValue {
  /// As a command line writes it.
  fileprivate var word: String {
    if case .list(let values) = self { return values.map(\.word).joined(separator: ",") }
    return description
  }
}
