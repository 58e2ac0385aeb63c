/// How the frozen weights of a matrix are stored in fewer bits.
package enum QuantizedFormat: Hashable, Sendable {
  /// A byte a weight and a scale a row: `round(127 w / absmax)`, ties to even.
  ///
  /// Dettmers et al. 2022, "LLM.int8()", arXiv:2208.07339, section 2.1, with the rows of
  /// `[outputs, inputs]`; features with outliers are not kept apart.
  case int8
  /// Half a byte a weight and a scale for every 64 weights of the flattened matrix.
  ///
  /// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3. With double quantization the
  /// scales are bytes themselves, with a second scale for every 256 of them and one mean.
  case nf4(doubleQuantization: Bool)
}
