import Experiments
import Formats
import Plot

extension FigureBuilder {
  /// The largest number of shots, where a chart has room for one.
  private var largest: Int { shots.last ?? 0 }

  /// One point per method, at the values of two metrics.
  func scatter(frontier: Bool) -> FigureData {
    guard case .metric(let x) = block.x else { return figure(.dot, [], xTitle: "") }
    let panels = panels { experiment, metric in
      methods.filter(experiment.shape.methods.contains).map { method in
        FigureData.Series(
          name: method,
          points: [
            FigureData.Point(
              position: .metric(of: method),
              y: estimate(metric, method, largest, in: experiment),
              x: estimate(x.value, method, largest, in: experiment))
          ])
      }
    }
    let lower = block.y.allSatisfy(\.value.prefersLower)
    let higher = block.y.allSatisfy { !$0.value.prefersLower }
    var corner: ChartMark.Frontier?
    if frontier, x.value.prefersLower, lower || higher { corner = lower ? .lowXLowY : .lowXHighY }
    return figure(
      .scatter(corner), shape: .plane(corner), panels, xTitle: x.value.words, xMetric: x.value,
      shots: largest)
  }

  /// What is in memory at the peak, by category, one panel an experiment.
  func memory() -> FigureData {
    let panels = experiments.map { experiment in
      let methods = methods.filter(experiment.shape.methods.contains)
      let series = Self.categories.map { name, quantity in
        FigureData.Series(
          name: name,
          points: methods.map { method in
            FigureData.Point(
              position: .method(method),
              y: estimate(.quantity(quantity), method, largest, in: experiment), x: nil)
          })
      }
      return FigureData.Panel(
        title: experiments.count > 1 ? name(of: experiment) : "", metric: .quantity(.memoryPeak),
        series: series, levels: [])
    }
    // A category that no method uses would only lengthen the key.
    let used = Self.categories.map(\.name).filter { name in
      panels.contains { panel in
        panel.series.contains { series in
          series.name == name && series.points.contains { ($0.y.center ?? 0) > 0 }
        }
      }
    }
    return figure(
      .stack, shape: .parts,
      panels.map { panel in
        FigureData.Panel(
          title: panel.title, metric: panel.metric,
          series: panel.series.filter { used.isEmpty || used.contains($0.name) }, levels: [])
      }, xTitle: "method", shots: largest)
  }

  /// In the order in which bars stack.
  private static let categories: [(name: String, quantity: MetricPath.Quantity)] = [
    ("weights", .memoryWeights), ("gradients", .memoryGradients),
    ("optimizer", .memoryOptimizer), ("activations", .memoryActivations),
    ("workspace", .memoryWorkspace), ("key/value", .memoryKeyValue),
  ]
}

extension FigureBuilder {
  /// The training loss after every epoch at the largest number of examples, one line per method.
  ///
  /// Methods that train nothing have no line. Runs of different lengths are averaged as far as each
  /// goes.
  func curves() -> FigureData {
    let most = shots.last ?? 0
    let panels = experiments.map { experiment in
      let names = experiment.methods.map(\.name)
      let series = methods.filter(names.contains).compactMap { method -> FigureData.Series? in
        let courses = courses(of: method, shots: most, in: experiment)
        guard let longest = courses.map(\.count).max(), longest > 0 else { return nil }
        let absences =
          estimates.frame[experiment.block.label]?
          .sample(of: .quantity(.trainLoss), method: method, shots: most).absences ?? []
        return FigureData.Series(
          name: method,
          points: (0..<longest).map { epoch in
            FigureData.Point(
              position: .epoch(epoch + 1),
              y: estimates.estimate(
                of: courses.compactMap { epoch < $0.count ? $0[epoch] : nil }, absences: absences
              ).by(block.statistic),
              x: nil)
          })
      }
      return FigureData.Panel(
        title: experiments.count > 1 ? name(of: experiment) : "", metric: .quantity(.trainLoss),
        series: series, levels: [])
    }
    return figure(.line(.automatic), panels, xTitle: "epoch", shots: most)
  }

  /// The losses of every run that trained to its end.
  private func courses(
    of method: String, shots: Int, in experiment: PlannedExperiment
  ) -> [[Double]] {
    experiment.shape.seeds.flatMap { seed in
      estimates.frame[experiment.block.label]?
        .results(method: method, shots: shots, seed: seed) ?? []
    }.compactMap { $0?.status == .succeeded ? $0?.training?.losses : nil }
  }
}

extension FigureBuilder {
  /// Of the items of each class, the share that got each answer at the largest number of examples.
  func confusion() -> FigureData {
    let most = shots.last ?? 0
    var panels: [FigureData.Panel] = []
    for experiment in experiments {
      for metric in block.y.map(\.value) {
        for method in methods.filter(experiment.shape.methods.contains) {
          let names = [experiments.count > 1 ? name(of: experiment) : nil, method]
          panels.append(
            FigureData.Panel(
              title: names.compactMap(\.self).joined(separator: ", "), metric: metric,
              series: answers(of: method, on: metric, shots: most, in: experiment), levels: []))
        }
      }
    }
    let shades = Shades(domain: 0...1, format: .percent)
    return figure(
      .heat(shades), shape: .confusion, panels, xTitle: "answer", shots: most)
  }

  /// One series an answer, with a point a class.
  private func answers(
    of method: String, on metric: MetricPath, shots: Int, in experiment: PlannedExperiment
  ) -> [FigureData.Series] {
    let label = experiment.block.label
    guard case .evaluation(let set, _) = metric, let results = estimates.frame[label],
      let task = texts[label]
    else { return [] }
    let classes = task.definition.labels
    let absences = results.sample(of: metric, method: method, shots: shots).absences
    // By class and answer, one share a run that has items of the class.
    var shares = classes.map { _ in classes.map { _ in [Double]() } }
    for seed in results.shape.seeds {
      let examples = task.examples(of: set, folds: results.shape.folds, run: seed).map(\.example)
      for result in results.results(method: method, shots: shots, seed: seed) {
        guard
          case .answered(let answers)? = result?.answers(
            on: set, count: examples.count, reading: .classes)
        else { continue }
        let pairs = zip(examples, answers)
        for truth in classes.indices {
          let own = pairs.filter { $0.0.label == truth }.map(\.1)
          guard !own.isEmpty else { continue }
          for answer in classes.indices {
            shares[truth][answer].append(
              Double(own.count { Int($0) == answer }) / Double(own.count))
          }
        }
      }
    }
    return classes.indices.map { answer in
      FigureData.Series(
        name: classes[answer],
        points: classes.indices.map { truth in
          FigureData.Point(
            position: .truth(classes[truth]),
            y: estimates.estimate(of: shares[truth][answer], absences: absences), x: nil)
        })
    }
  }
}

extension FigureBuilder {
  /// Published numbers of the methods shown, as separate series.
  ///
  /// Only as far as the measured numbers of examples reach: the axis is that of the measurements.
  func publishedSeries(_ metric: MetricPath) -> [FigureData.Series] {
    guard let fewest = shots.first, let most = shots.last else { return [] }
    return published.flatMap { numbers in
      methods.compactMap { method -> FigureData.Series? in
        let points = numbers.numbers.filter { number in
          number.metric == metric && number.method == method
            && (fewest...most).contains(number.shots)
        }
        .sorted { $0.shots < $1.shots }.map { number in
          FigureData.Point(
            position: .shots(number.shots), y: Estimate(published: number.value), x: nil)
        }
        guard !points.isEmpty else { return nil }
        let several = published.count > 1 ? " (\(numbers.label))" : ""
        return FigureData.Series(
          name: "published: \(method)\(several)", points: points, style: method,
          isPublished: true)
      }
    }
  }
}

extension Estimate {
  /// A published number, about which nothing else is known.
  fileprivate init(published value: Double) {
    self.init(
      values: [value], absences: [], moments: SampleMoments([value]), interval: nil, basis: nil,
      isShared: true)
  }
}
