import Engine

/// Softmax of rows of scores outside training, where clarity matters more than speed.
enum Probabilities {
  /// Computes `softmax(z / T)` of every row, row-major.
  static func softmax(_ logits: [Float], columns: Int, temperature: Float) -> [Float] {
    var result = logits
    for start in stride(from: 0, to: logits.count, by: columns) {
      let row = start..<(start + columns)
      let largest = logits[row].max() ?? 0
      var sum: Float = 0
      for i in row {
        result[i] = Float.exp((logits[i] - largest) / temperature)
        sum += result[i]
      }
      for i in row { result[i] /= sum }
    }
    return result
  }
}
