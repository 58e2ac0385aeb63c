/// An axis once its data is known: a scale with its ticks.
struct ResolvedAxis: Hashable, Sendable {
  let title: String
  let scale: Scale
  let ticks: [Tick]
}
