/// Reads the pickle inside a `torch.save` archive as a table of tensors, and nothing else.
///
/// A pickle is a program for a stack machine whose `GLOBAL` and `REDUCE` call any Python function. This
/// machine has no functions: a global is one of a dozen names known here, `REDUCE` makes an empty
/// dictionary or a tensor's table entry, and any other name or instruction is rejected. Containers lie
/// in flat arrays and values refer to them by number, so a hostile nesting or cycle costs nothing.
/// Instructions are those of protocol 2, which `torch.save` writes.
struct Unpickler {
  /// A storage of the archive: elements of one kind in the member `data/KEY`.
  struct TorchStorage: Hashable {
    let key: String
    let element: TensorElement
  }

  /// A tensor as `torch._utils._rebuild_tensor_v2` describes it, in elements of its storage.
  struct TorchTensor: Hashable {
    let storage: TorchStorage
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  private enum Global: Hashable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(TensorElement)
  }

  private enum Value {
    case none
    case flag
    case integer(Int)
    case text(String)
    case global(Global)
    case storage(TorchStorage)
    case tuple(Int)
    case dictionary(Int)
    case tensor(Int)
  }

  private var cursor: ByteCursor
  private let file: String
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]
  private var tuples: [[Value]] = []
  private var dictionaries: [[(key: Value, value: Value)]] = []
  private var tensors: [TorchTensor] = []

  private init(_ bytes: [UInt8], file: String) {
    cursor = ByteCursor(bytes)
    self.file = file
  }

  /// Reads a pickled dictionary of tensors.
  ///
  /// - Parameters:
  ///   - bytes: The archive's `data.pkl`.
  ///   - file: Path to name in errors.
  /// - Returns: The tensors in the dictionary's order; sizes and strides are as the file has them.
  /// - Throws: ``CheckpointError``, of kind `unsupported` for a name or instruction that is not known.
  static func tensors(
    in bytes: [UInt8], file: String
  ) throws(CheckpointError) -> [(name: String, tensor: TorchTensor)] {
    var machine = Unpickler(bytes, file: file)
    return try machine.run()
  }

  private mutating func run() throws(CheckpointError) -> [(name: String, tensor: TorchTensor)] {
    while let code = cursor.byte(), code != UInt8(ascii: ".") { try perform(code) }
    guard case .dictionary(let root) = stack.last, marks.isEmpty else {
      throw malformed("contains no dictionary")
    }
    var result: [(name: String, tensor: TorchTensor)] = []
    for item in dictionaries[root] {
      guard case .text(let name) = item.key else {
        throw malformed("has a key that is not a string")
      }
      guard case .tensor(let index) = item.value else {
        throw CheckpointError(
          .unsupported, file: file, "'\(name.prefix(60))' is not a tensor",
          help: "a model file must contain only tensors; save model.state_dict()")
      }
      result.append((name, tensors[index]))
    }
    return result
  }

  private mutating func perform(_ code: UInt8) throws(CheckpointError) {
    switch code {
    case 0x80: try checkProtocol()
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88, 0x89: stack.append(.flag)
    case UInt8(ascii: "K"): stack.append(.integer(try natural(1)))
    case UInt8(ascii: "M"): stack.append(.integer(try natural(2)))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try natural(4)))))
    case 0x8A: stack.append(.integer(try natural(try natural(1))))
    case UInt8(ascii: "X"): try pushText()
    case UInt8(ascii: "c"): try pushGlobal()
    case UInt8(ascii: "q"): memo[try natural(1)] = try top()
    case UInt8(ascii: "r"): memo[try natural(4)] = try top()
    case UInt8(ascii: "h"): try recall(natural(1))
    case UInt8(ascii: "j"): try recall(natural(4))
    case UInt8(ascii: ")"): pushTuple([])
    case 0x85, 0x86, 0x87: pushTuple(try pop(Int(code) - 0x84))
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try setItems(pop(2))
    case UInt8(ascii: "u"): try setItems(popToMark())
    case UInt8(ascii: "Q"): try pushStorage()
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): _ = try pop(1)  // attributes, such as a state dictionary's versions
    default:
      throw CheckpointError(
        .unsupported, file: file,
        "its pickle has the instruction 0x\(String(code, radix: 16)), which is not allowed",
        help: Self.advice)
    }
  }
}

// MARK: - Instructions

extension Unpickler {
  /// More than any weight has; PyTorch's own limit is 64.
  private static let mostDimensions = 8
  private static let advice =
    "only tables of tensors are supported in this format; save the model as safetensors"

  private mutating func checkProtocol() throws(CheckpointError) {
    let version = try natural(1)
    guard version == 2 else {
      throw CheckpointError(
        .unsupported, file: file, "its pickle is of protocol \(version), not 2", help: Self.advice)
    }
  }

  private mutating func pushText() throws(CheckpointError) {
    guard let bytes = cursor.take(try natural(4)),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw malformed("has a malformed string") }
    stack.append(.text(text))
  }

  private mutating func pushGlobal() throws(CheckpointError) {
    let name = "\(try line()).\(try line())"
    let global: Global? =
      switch name {
      case "collections.OrderedDict": .orderedDictionary
      case "torch._utils._rebuild_tensor_v2": .rebuildTensor
      case "torch._utils._rebuild_parameter": .rebuildParameter
      default: Self.storages[name].map(Global.storage)
      }
    guard let global else {
      throw CheckpointError(
        .unsupported, file: file, "its pickle names '\(name.prefix(80))', which is not allowed",
        help: Self.advice)
    }
    stack.append(.global(global))
  }

  private static let storages: [String: TensorElement] = [
    "torch.FloatStorage": .f32, "torch.HalfStorage": .f16, "torch.BFloat16Storage": .bf16,
    "torch.DoubleStorage": .f64, "torch.LongStorage": .i64, "torch.IntStorage": .i32,
    "torch.ShortStorage": .i16, "torch.CharStorage": .i8, "torch.ByteStorage": .u8,
    "torch.BoolStorage": .bool,
  ]

  private mutating func recall(_ number: Int) throws(CheckpointError) {
    guard let value = memo[number] else {
      throw malformed("reads a memo entry that it never wrote")
    }
    stack.append(value)
  }

  private mutating func pushTuple(_ values: [Value]) {
    stack.append(.tuple(tuples.count))
    tuples.append(values)
  }

  private mutating func pushDictionary() {
    stack.append(.dictionary(dictionaries.count))
    dictionaries.append([])
  }

  private mutating func setItems(_ values: [Value]) throws(CheckpointError) {
    guard case .dictionary(let index) = try top(), values.count.isMultiple(of: 2) else {
      throw malformed("adds items to something that is not a dictionary")
    }
    for i in stride(from: 0, to: values.count, by: 2) {
      dictionaries[index].append((values[i], values[i + 1]))
    }
  }

  /// `('storage', TYPE, KEY, LOCATION, COUNT)`.
  private mutating func pushStorage() throws(CheckpointError) {
    let parts = try popTuple()
    guard parts.count == 5, case .text("storage") = parts[0],
      case .global(.storage(let element)) = parts[1], case .text(let key) = parts[2],
      case .integer = parts[4]
    else { throw malformed("refers to something that is not a storage") }
    stack.append(.storage(TorchStorage(key: key, element: element)))
  }

  private mutating func reduce() throws(CheckpointError) {
    let arguments = try popTuple()
    guard case .global(let global) = try pop(1)[0] else {
      throw malformed("calls something that is not a function")
    }
    switch global {
    case .orderedDictionary where arguments.isEmpty:
      pushDictionary()
    case .rebuildTensor:
      guard arguments.count >= 4, case .storage(let storage) = arguments[0],
        case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
        let strides = integers(arguments[3]), shape.count <= Self.mostDimensions,
        strides.count == shape.count
      else { throw malformed("describes a malformed tensor") }
      stack.append(.tensor(tensors.count))
      tensors.append(
        TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    case .rebuildParameter:
      guard let first = arguments.first, case .tensor = first else {
        throw malformed("describes a malformed parameter")
      }
      stack.append(first)
    case .orderedDictionary, .storage:
      throw malformed("calls a function with wrong arguments")
    }
  }
}

// MARK: - Stack and bytes

extension Unpickler {
  private func top() throws(CheckpointError) -> Value {
    guard let value = stack.last else { throw malformed("takes more values than its stack has") }
    return value
  }

  private mutating func pop(_ count: Int) throws(CheckpointError) -> [Value] {
    guard stack.count >= count + (marks.last ?? 0) else {
      throw malformed("takes more values than its stack has")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(CheckpointError) -> [Value] {
    guard let mark = marks.popLast() else { throw malformed("ends a list that it never began") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func popTuple() throws(CheckpointError) -> [Value] {
    guard case .tuple(let index) = try pop(1)[0] else { throw malformed("expects a tuple") }
    return tuples[index]
  }

  private func integers(_ value: Value) -> [Int]? {
    guard case .tuple(let index) = value else { return nil }
    let numbers = tuples[index].compactMap { value -> Int? in
      guard case .integer(let number) = value else { return nil }
      return number
    }
    return numbers.count == tuples[index].count ? numbers : nil
  }

  private mutating func natural(_ size: Int) throws(CheckpointError) -> Int {
    guard size <= 8, let number = cursor.natural(size) else {
      throw malformed("ends early or has a number beyond 64 bits")
    }
    return number
  }

  private mutating func line() throws(CheckpointError) -> String {
    let rest = cursor.bytes[cursor.position...]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
      let text = String(validating: rest[..<end], as: UTF8.self)
    else { throw malformed("has a malformed name") }
    cursor.position = end + 1
    return text
  }

  private func malformed(_ what: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file, "its pickle \(what) (at byte \(cursor.position.grouped))",
      help: "the file is damaged or is not a model; fetch it again")
  }
}
