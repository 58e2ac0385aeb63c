/// A tree of byte strings that finds those a text has at a place.
///
/// Edges lie in one hash table with open addressing, at most half full: a node may have 200 children, as
/// SentencePiece's marker has, and a list of them would be walked at every word. The first byte has a
/// table of its own, as nothing begins at most places of a text.
struct ByteTrie: Sendable {
  /// `node · 256 + byte` of each edge.
  private var edges: [UInt64]
  private var targets: [Int32]
  /// The value at each node, -1 without one.
  private var values: [Int32] = [none]
  /// The node of each first byte, 0 without one.
  private var roots = [Int32](repeating: 0, count: 256)
  private var shift: UInt64

  private static let none: Int32 = -1
  private static let free = UInt64.max

  var isEmpty: Bool { values.count == 1 }

  init() {
    edges = Array(repeating: Self.free, count: 16)
    targets = Array(repeating: Self.none, count: 16)
    shift = 60
  }

  /// Adds a string with a value from 0 up; an empty one is never found, of equal ones the first.
  mutating func insert(_ content: some Sequence<UInt8>, value: Int32) {
    var node: Int32 = 0
    for byte in content {
      if node == 0 {
        if roots[Int(byte)] == 0 {
          roots[Int(byte)] = Int32(values.count)
          values.append(Self.none)
        }
        node = roots[Int(byte)]
        continue
      }
      let key = Self.key(node, byte)
      var slot = slot(of: key)
      if edges[slot] == Self.free {
        if values.count * 2 >= edges.count {
          grow()
          slot = self.slot(of: key)
        }
        edges[slot] = key
        targets[slot] = Int32(values.count)
        values.append(Self.none)
      }
      node = targets[slot]
    }
    guard node != 0, values[Int(node)] == Self.none else { return }
    values[Int(node)] = value
  }

  /// Hands over the length and the value of every string that the text has at `start`, which lies
  /// inside it, short ones first.
  @inline(__always)
  func forEachMatch(in text: UTF8Text.Bytes, at start: Int, _ body: (Int, Int32) -> Void) {
    var node = roots[Int(text[start])]
    guard node != 0 else { return }
    var position = start &+ 1
    if values[Int(node)] != Self.none { body(1, values[Int(node)]) }
    while position < text.count {
      let slot = slot(of: Self.key(node, text[position]))
      guard edges[slot] != Self.free else { return }
      node = targets[slot]
      position &+= 1
      let value = values[Int(node)]
      if value != Self.none { body(position &- start, value) }
    }
  }

  /// The longest string that the text has at `start`.
  @inline(__always)
  func longestMatch(in text: UTF8Text.Bytes, at start: Int) -> (length: Int, value: Int32)? {
    var best: (length: Int, value: Int32)?
    forEachMatch(in: text, at: start) { best = ($0, $1) }
    return best
  }

  private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 {
    UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
  }

  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while edges[slot] != Self.free, edges[slot] != key { slot = (slot &+ 1) & (edges.count &- 1) }
    return slot
  }

  private mutating func grow() {
    let old = zip(edges, targets).filter { $0.0 != Self.free }
    let count = edges.count * 2
    edges = Array(repeating: Self.free, count: count)
    targets = Array(repeating: Self.none, count: count)
    shift -= 1
    for (edge, target) in old {
      let slot = slot(of: edge)
      edges[slot] = edge
      targets[slot] = target
    }
  }
}
