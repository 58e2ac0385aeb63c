package import Foundation

/// The header of a file of llama.cpp: metadata by key, and a table of tensors.
///
/// As `docs/gguf.md` of ggml lays out version 3: little-endian; a tensor's dimensions begin with the one whose
/// elements are neighbours, and its bytes begin at a multiple of 32.
package struct GGUFFile: Hashable, Sendable {
  /// A value of the metadata.
  package enum Value: Hashable, Sendable {
    case natural(UInt32)
    case integer(Int32)
    case number(Float)
    case flag(Bool)
    case text(String)
    case texts([String])
    case integers([Int32])
  }

  /// How elements are stored.
  package enum Element: UInt32, Hashable, Sendable {
    case f32 = 0
    case f16 = 1
    /// Blocks of 32 bytes with a factor in F16.
    case q8 = 8

    /// The bytes of `count` elements, which fill whole blocks.
    package func size(of count: Int) -> Int {
      switch self {
      case .f32: count * 4
      case .f16: count * 2
      case .q8: count / Self.block * (Self.block + 2)
      }
    }

    /// Elements that share a factor.
    static let block = 32
  }

  /// One tensor of the table.
  package struct Tensor: Hashable, Sendable {
    package let name: String
    /// Rows × columns as everywhere here; one number for a vector.
    package let shape: [Int]
    package let element: Element

    package var count: Int { shape.reduce(1, *) }
    var size: Int { element.size(of: count) }
  }

  /// In the order of the file.
  package var metadata: [(key: String, value: Value)]
  package var tensors: [Tensor]

  package static func == (a: Self, b: Self) -> Bool {
    a.tensors == b.tensors && a.metadata.map(\.key) == b.metadata.map(\.key)
      && a.metadata.map(\.value) == b.metadata.map(\.value)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(tensors) }

  package init(metadata: [(key: String, value: Value)], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The value of a key.
  package subscript(key: String) -> Value? { metadata.first { $0.key == key }?.value }

  static let alignment = 32
  private static let magic = Array("GGUF".utf8)
  private static let version: UInt32 = 3

  /// Where each tensor's bytes begin after the header, and where the last ends.
  var offsets: [Int] {
    var offsets = [0]
    for tensor in tensors {
      offsets.append(Self.aligned(offsets[offsets.count - 1] + tensor.size))
    }
    return offsets
  }

  static func aligned(_ place: Int) -> Int { (place + alignment - 1) / alignment * alignment }

  /// Everything before the first tensor's bytes.
  var header: [UInt8] {
    var bytes = Bytes()
    bytes.all = Self.magic
    bytes.append(Self.version)
    bytes.append(UInt64(tensors.count))
    bytes.append(UInt64(metadata.count))
    for (key, value) in metadata {
      bytes.append(key)
      bytes.append(value)
    }
    for (tensor, offset) in zip(tensors, offsets) {
      bytes.append(tensor.name)
      bytes.append(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { bytes.append(UInt64(size)) }
      bytes.append(tensor.element.rawValue)
      bytes.append(UInt64(offset))
    }
    while !bytes.all.count.isMultiple(of: Self.alignment) { bytes.all.append(0) }
    return bytes.all
  }

  private struct Bytes {
    var all: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { all.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
      append(UInt64(text.utf8.count))
      all.append(contentsOf: text.utf8)
    }

    mutating func append(_ value: Value) {
      append(value.type)
      switch value {
      case .natural(let number): append(number)
      case .integer(let number): append(number)
      case .number(let number): append(number.bitPattern)
      case .flag(let flag): append(flag ? 1 : 0 as UInt8)
      case .text(let text): append(text)
      case .texts(let texts):
        append(ValueType.text)
        append(UInt64(texts.count))
        for text in texts { append(text) }
      case .integers(let numbers):
        append(ValueType.integer)
        append(UInt64(numbers.count))
        for number in numbers { append(number) }
      }
    }
  }

  /// The numbers of the types of values.
  fileprivate enum ValueType {
    static let natural: UInt32 = 4
    static let integer: UInt32 = 5
    static let number: UInt32 = 6
    static let flag: UInt32 = 7
    static let text: UInt32 = 8
    static let array: UInt32 = 9
  }
}

extension GGUFFile.Value {
  fileprivate var type: UInt32 {
    switch self {
    case .natural: GGUFFile.ValueType.natural
    case .integer: GGUFFile.ValueType.integer
    case .number: GGUFFile.ValueType.number
    case .flag: GGUFFile.ValueType.flag
    case .text: GGUFFile.ValueType.text
    case .texts, .integers: GGUFFile.ValueType.array
    }
  }
}

/// Reads back a file of this program, to see that it holds what was written.
package struct GGUFReader {
  package let file: GGUFFile
  private let bytes: FileBytes
  /// Where the first tensor's bytes begin.
  private let start: Int

  /// Reads the header.
  ///
  /// - Throws: ``CheckpointError`` for a file that is not GGUF, cut short, or has types that this program does
  ///   not write.
  package init(_ url: URL) throws(CheckpointError) {
    bytes = try FileBytes(url)
    // The vocabulary is most of it.
    var cursor = ByteCursor(try bytes.bytes(at: 0, count: min(bytes.count, 1 << 28)))
    guard let (file, end) = Self.read(&cursor) else {
      throw CheckpointError(
        .corrupt, file: url.path, "is not GGUF as this program writes it, or is cut short")
    }
    self.file = file
    start = end
    guard bytes.count >= start + (file.offsets.last ?? 0) else {
      throw CheckpointError(.corrupt, file: url.path, "ends before its last tensor")
    }
  }

  /// The stored bytes of a tensor.
  package func bytes(of index: Int) throws(CheckpointError) -> [UInt8] {
    try bytes.bytes(at: start + file.offsets[index], count: file.tensors[index].size)
  }

  /// The numbers of a tensor.
  package func values(of index: Int) throws(CheckpointError) -> [Float] {
    let bytes = try bytes(of: index)
    func half(_ place: Int) -> Float {
      Float(Float16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8))
    }
    switch file.tensors[index].element {
    case .f32:
      return stride(from: 0, to: bytes.count, by: 4).map { place in
        Float(
          bitPattern: (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[place + $1]) << (8 * $1) })
      }
    case .f16: return stride(from: 0, to: bytes.count, by: 2).map(half)
    case .q8:
      let block = GGUFFile.Element.block
      return stride(from: 0, to: bytes.count, by: block + 2).flatMap { place in
        (0..<block).map { Float(Int8(bitPattern: bytes[place + 2 + $0])) * half(place) }
      }
    }
  }

  private static func read(_ cursor: inout ByteCursor) -> (file: GGUFFile, end: Int)? {
    guard cursor.natural(4) == 0x4655_4747, cursor.natural(4) == 3,
      let tensorCount = cursor.natural(8), let valueCount = cursor.natural(8),
      tensorCount < 1 << 20, valueCount < 1 << 16
    else { return nil }
    var file = GGUFFile(metadata: [], tensors: [])
    for _ in 0..<valueCount {
      guard let key = text(&cursor), let type = cursor.natural(4),
        let value = value(&cursor, UInt32(truncatingIfNeeded: type))
      else { return nil }
      file.metadata.append((key, value))
    }
    var places: [Int] = []
    for _ in 0..<tensorCount {
      guard let name = text(&cursor), let rank = cursor.natural(4), (1...4).contains(rank) else {
        return nil
      }
      var shape: [Int] = []
      for _ in 0..<rank {
        guard let size = cursor.natural(8), size < 1 << 32 else { return nil }
        shape.insert(size, at: 0)
      }
      guard let type = cursor.natural(4).flatMap(UInt32.init(exactly:)),
        let element = GGUFFile.Element(rawValue: type), let place = cursor.natural(8)
      else { return nil }
      file.tensors.append(.init(name: name, shape: shape, element: element))
      places.append(place)
    }
    guard places.elementsEqual(file.offsets.dropLast()) else { return nil }
    return (file, GGUFFile.aligned(cursor.position))
  }

  private static func text(_ cursor: inout ByteCursor) -> String? {
    cursor.natural(8).flatMap { cursor.take($0) }.flatMap { String(validating: $0, as: UTF8.self) }
  }

  private static func value(_ cursor: inout ByteCursor, _ type: UInt32) -> GGUFFile.Value? {
    typealias Kind = GGUFFile.ValueType
    func natural(_ cursor: inout ByteCursor) -> UInt32? {
      cursor.natural(4).map(UInt32.init(truncatingIfNeeded:))
    }
    switch type {
    case Kind.natural: return natural(&cursor).map { .natural($0) }
    case Kind.integer: return natural(&cursor).map { .integer(Int32(bitPattern: $0)) }
    case Kind.number: return natural(&cursor).map { .number(Float(bitPattern: $0)) }
    case Kind.flag: return cursor.byte().map { .flag($0 != 0) }
    case Kind.text: return text(&cursor).map { .text($0) }
    case Kind.array:
      guard let of = natural(&cursor), let count = cursor.natural(8), count < 1 << 24 else {
        return nil
      }
      if of == Kind.text {
        var texts: [String] = []
        for _ in 0..<count {
          guard let next = text(&cursor) else { return nil }
          texts.append(next)
        }
        return .texts(texts)
      }
      guard of == Kind.integer else { return nil }
      var numbers: [Int32] = []
      for _ in 0..<count {
        guard let next = natural(&cursor) else { return nil }
        numbers.append(Int32(bitPattern: next))
      }
      return .integers(numbers)
    default: return nil
    }
  }
}
