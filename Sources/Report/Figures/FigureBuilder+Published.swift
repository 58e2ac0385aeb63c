import Experiments

extension FigureBuilder {
  /// What others published of the methods shown, as series of their own.
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
  /// A number as it was published, of which nothing else is known.
  fileprivate init(published value: Double) {
    self.init(
      values: [value], absences: [], moments: SampleMoments([value]), interval: nil, isShared: true)
  }
}
