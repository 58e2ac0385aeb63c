/// The version of everything that decides the bits of a result.
package enum Numerics {
  /// Part of every cell's key; raised whenever a kernel, an optimizer or an order of summation changes.
  package static let version = 3
}
