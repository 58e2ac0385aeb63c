package import Formats

/// The results of some cells, by one metric: `lowres[lora,128].ood.accuracy`.
package struct ResultSelection: Hashable, Sendable {
  package let experiment: Located<String>
  /// Nil for all.
  package let method: Located<String>?
  package let shots: Located<ShotsChoice>?
  package let seed: Located<Int>?
  package let metric: Located<MetricPath>
}
