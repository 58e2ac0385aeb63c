import Experiments
import Formats
import Plot

/// Gathers what a chart block shows from the results.
struct FigureBuilder {
  let block: ChartBlock
  let estimates: EstimateTable
  /// The planned experiments that the block names, in its order.
  let experiments: [PlannedExperiment]
  /// What the numbers of shots count.
  let shotWords: String
  /// What others published, as far as the block shows it.
  let published: [PublishedNumbers]
  /// The examples of experiments, for a kind that needs them.
  let texts: [String: LoadedTask]

  init(
    _ block: ChartBlock, estimates: EstimateTable, experiments: [PlannedExperiment],
    texts: [String: LoadedTask] = [:]
  ) {
    self.block = block
    self.texts = texts
    self.estimates = estimates
    shotWords = experiments.shotWords(of: block.selection.labels)
    published = block.references.compactMap { estimates.frame.published($0.value) }
    self.experiments = block.selection.labels.compactMap { label in
      experiments.first { $0.block.label == label }
    }
  }

  func data() -> FigureData { block.chartKind.figure(self) }

  /// The values of the block's metrics along its horizontal axis.
  func values() -> FigureData {
    switch block.x {
    case .metric: scatter(frontier: false)
    case .method: overMethods()
    case .shots: overShots()
    }
  }

  /// Methods in the block's order, else in that of the experiments.
  var methods: [String] {
    if let chosen = block.selection.methods { return chosen.map(\.value) }
    var seen: Set<String> = []
    return experiments.flatMap(\.shape.methods).filter { seen.insert($0).inserted }
  }

  /// Numbers of shots, ascending.
  var shots: [Int] {
    let all = Set(experiments.flatMap(\.shape.shots))
    guard let chosen = block.selection.numbers(of: Array(all)) else { return all.sorted() }
    return all.intersection(chosen).sorted()
  }

  func figure(
    _ mark: ChartMark, shape: FigureData.Shape = .values, _ panels: [FigureData.Panel],
    xTitle: String, xMetric: MetricPath? = nil, shots: Int? = nil
  ) -> FigureData {
    FigureData(
      block: block, mark: mark, shape: shape, panels: panels, xTitle: xTitle, xMetric: xMetric,
      shots: shots,
      shotWords: shotWords, seeds: Set(experiments.flatMap(\.shape.seeds)).sorted(),
      published: published)
  }

  /// One panel for every experiment and metric.
  func panels(
    _ series: (PlannedExperiment, MetricPath) -> [FigureData.Series]
  ) -> [FigureData.Panel] {
    experiments.flatMap { experiment in
      block.y.map(\.value).map { metric in
        FigureData.Panel(
          title: title(experiment, metric), metric: metric, series: series(experiment, metric),
          levels: metric.isAccuracy && block.chartKind.showsLevels
            ? levels(experiment, metric) : [])
      }
    }
  }

  func estimate(
    _ metric: MetricPath, _ method: String, _ shots: Int, in experiment: PlannedExperiment
  ) -> Estimate {
    estimates.estimate(
      metric, of: method, shots: shots, in: experiment.block.label, by: block.statistic)
  }

  private func overShots() -> FigureData {
    let panels = panels { experiment, metric in
      methods.filter(experiment.shape.methods.contains).map { method in
        FigureData.Series(
          name: method,
          points: shots.filter(experiment.shape.shots.contains).map { shots in
            FigureData.Point(
              position: .shots(shots), y: estimate(metric, method, shots, in: experiment), x: nil)
          })
      } + publishedSeries(metric)
    }
    return figure(
      block.chartKind.mark(block.x), panels, xTitle: shotWords,
      shots: shots.count == 1 ? shots.first : nil)
  }

  /// Methods as rows and numbers of examples as columns.
  func heatmap() -> FigureData {
    let panels = panels { experiment, metric in
      shots.filter(experiment.shape.shots.contains).map { shots in
        FigureData.Series(
          name: "\(shots)",
          points: methods.filter(experiment.shape.methods.contains).map { method in
            FigureData.Point(
              position: .method(method), y: estimate(metric, method, shots, in: experiment), x: nil)
          })
      }
    }
    let means = panels.flatMap(\.series).flatMap(\.points).compactMap(\.y.center)
    let extent = (means.min() ?? 0)...(means.max() ?? 1)
    let shades = Shades(
      domain: block.yRange ?? extent, format: .init(panels.map(\.metric)))
    return figure(.heat(shades), shape: .grid, panels, xTitle: shotWords)
  }

  private func overMethods() -> FigureData {
    let isSingle = shots.count == 1
    let panels = panels { experiment, metric in
      let methods = methods.filter(experiment.shape.methods.contains)
      func point(_ method: String, _ shots: Int) -> FigureData.Point {
        FigureData.Point(
          position: .method(method), y: estimate(metric, method, shots, in: experiment), x: nil)
      }
      let shots = shots.filter(experiment.shape.shots.contains)
      return isSingle
        ? methods.map { method in
          FigureData.Series(name: method, points: shots.map { point(method, $0) })
        }
        : shots.map { shots in
          FigureData.Series(
            name: "\(shots) \(shotWords)", points: methods.map { point($0, shots) },
            // Numbers of examples are ordered, so they get shades of one hue, the neutral one.
            style: "vanilla-\(shots)")
        }
    }
    return figure(
      block.chartKind.mark(block.x), panels, xTitle: "method", shots: isSingle ? shots.first : nil)
  }
}

extension FigureBuilder {
  /// What panels differ in: the experiment, the evaluation set, the metric.
  private func title(_ experiment: PlannedExperiment, _ metric: MetricPath) -> String {
    var parts: [String] = []
    if experiments.count > 1 { parts.append(name(of: experiment)) }
    let metrics = block.y.map(\.value)
    let differ = Set(metrics.map(\.words)).count > 1
    if case .evaluation(let set, _) = metric {
      parts.append(MetricPath.words(ofSet: set) + (differ ? " \(metric.words)" : ""))
    } else if metrics.count > 1 {
      parts.append(metric.words)
    }
    return parts.joined(separator: ", ")
  }

  /// The task distinguishes experiments for a reader, unless several have the same.
  func name(of experiment: PlannedExperiment) -> String {
    let tasks = experiments.map(\.task.name)
    return Set(tasks).count == tasks.count ? experiment.task.name : experiment.block.label
  }

  /// Chance and majority class of a panel's evaluation set, from any of its results.
  private func levels(
    _ experiment: PlannedExperiment, _ metric: MetricPath
  ) -> [FigureData.Level] {
    guard case .evaluation(let set, _) = metric else { return [] }
    let known = estimates.scores.level(of: set, in: experiment.block.label)
    var levels = block.rules.compactMap { rule -> FigureData.Level? in
      switch rule {
      case .chance: known.map { FigureData.Level(name: "chance", value: $0.chance) }
      case .majority: known.map { FigureData.Level(name: "majority class", value: $0.majority) }
      case .tfidf: nil
      }
    }
    if levels.count == 2, abs(levels[0].value - levels[1].value) < 5e-4 {
      levels = [FigureData.Level(name: "chance", value: levels[0].value)]
    }
    guard block.rules.contains(.tfidf), let most = experiment.shape.shots.max(),
      let value = estimate(metric, ChartBlock.Rule.tfidf.rawValue, most, in: experiment).center
    else { return levels }
    return levels + [FigureData.Level(name: "TF-IDF (\(most))", value: value)]
  }
}
