/// The largest magnitude of a run, which a quantized block is scaled by.
enum Magnitude {
  static func largest(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var largest = SIMD8<Float>.zero
    var i = 0
    while i &+ 8 <= count {
      var v = Elementwise.load(x, i)
      v.replace(with: -v, where: v .< 0)
      largest.replace(with: v, where: v .> largest)
      i &+= 8
    }
    var result = largest.max()
    while i < count {
      result = max(result, abs(x[i]))
      i &+= 1
    }
    return result
  }
}
