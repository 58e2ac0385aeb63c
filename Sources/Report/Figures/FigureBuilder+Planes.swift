import Experiments
import Formats
import Plot

extension FigureBuilder {
  /// The largest number of shots, where a chart has room for one.
  private var largest: Int { shots.last ?? 0 }

  /// One point a method, at the values of two metrics.
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
          series.name == name && series.points.contains { ($0.y.mean ?? 0) > 0 }
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
