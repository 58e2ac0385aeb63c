import Experiments
import Plot

extension FigureBuilder {
  /// The training loss after every epoch at the largest number of examples, one line a method.
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
                of: courses.compactMap { epoch < $0.count ? $0[epoch] : nil }, absences: absences),
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
    experiment.shape.seeds.compactMap { seed in
      let result = estimates.frame[experiment.block.label]?
        .result(method: method, shots: shots, seed: seed)
      guard result?.status == .succeeded else { return nil }
      return result?.training?.losses
    }
  }
}
