/// Walks the fields of a Protocol Buffers message; each length is held against the bytes there are.
struct ProtobufReader {
  enum Value {
    case integer(UInt64)
    /// The bits of a number of four bytes.
    case float(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  /// A message that is cut short or not one at all, with the offset where that shows.
  struct Mistake: Error {
    let offset: Int
  }

  private var rest: ArraySlice<UInt8>

  init(_ message: ArraySlice<UInt8>) { rest = message }

  /// The number and the value of the next field, or nil at the end; values of eight bytes are passed
  /// over.
  mutating func next() throws(Mistake) -> (field: UInt64, value: Value)? {
    while !rest.isEmpty {
      let key = try integer()
      switch key & 7 {
      case 0: return (key >> 3, .integer(try integer()))
      case 1: _ = try take(8)
      case 2: return (key >> 3, .bytes(try take(integer())))
      case 5:
        let bits = try take(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return (key >> 3, .float(bits))
      default: throw Mistake(offset: rest.startIndex)
      }
    }
    return nil
  }

  /// A number of 7 bits a byte, low ones first.
  private mutating func integer() throws(Mistake) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Mistake(offset: rest.startIndex) }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
    }
    throw Mistake(offset: rest.startIndex)
  }

  private mutating func take(_ count: UInt64) throws(Mistake) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw Mistake(offset: rest.startIndex) }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
