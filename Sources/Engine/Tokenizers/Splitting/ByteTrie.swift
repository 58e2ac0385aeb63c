/// A tree of byte strings that finds the longest one a text goes on with.
struct ByteTrie: Sendable {
  /// A node, with its children in a linked list.
  private struct Node {
    let byte: UInt8
    var firstChild: Int32
    let sibling: Int32
    var value: Int32
  }

  private var nodes: [Node] = []
  /// The node of each first byte.
  private var roots = [Int32](repeating: none, count: 256)

  private static let none: Int32 = -1

  var isEmpty: Bool { nodes.isEmpty }

  /// Adds a string with a value from 0 up; an empty one is never found, of equal ones the first.
  mutating func insert(_ content: some Sequence<UInt8>, value: Int32) {
    var parent = Self.none
    for byte in content {
      let head = parent == Self.none ? roots[Int(byte)] : nodes[Int(parent)].firstChild
      var node = head
      while node != Self.none, nodes[Int(node)].byte != byte { node = nodes[Int(node)].sibling }
      if node == Self.none {
        node = Int32(nodes.count)
        nodes.append(Node(byte: byte, firstChild: Self.none, sibling: head, value: Self.none))
        if parent == Self.none {
          roots[Int(byte)] = node
        } else {
          nodes[Int(parent)].firstChild = node
        }
      }
      parent = node
    }
    guard parent != Self.none, nodes[Int(parent)].value == Self.none else { return }
    nodes[Int(parent)].value = value
  }

  /// The longest string that the text has at `start`, which lies inside it.
  func longestMatch(in text: UTF8Text.Bytes, at start: Int) -> (length: Int, value: Int32)? {
    var best: (length: Int, value: Int32)?
    var node = roots[Int(text[start])]
    var position = start
    while node != Self.none {
      position += 1
      if nodes[Int(node)].value != Self.none { best = (position - start, nodes[Int(node)].value) }
      guard position < text.count else { break }
      node = nodes[Int(node)].firstChild
      while node != Self.none, nodes[Int(node)].byte != text[position] {
        node = nodes[Int(node)].sibling
      }
    }
    return best
  }
}
