/// The header of a safetensors file, checked in full before any tensor is read.
///
/// Layout: eight bytes with the header's length, little-endian; the header, a JSON object of
/// `{"dtype": …, "shape": […], "data_offsets": [begin, end]}` by tensor name; the elements. As the
/// reference reader demands, the tensors tile the rest of the file without gap or overlap.
/// Format: <https://github.com/huggingface/safetensors#format>.
struct SafetensorsHeader: Sendable {
  /// Tensors in the order of their bytes.
  let tensors: [TensorRecord]
  /// The free-form `__metadata__`.
  let metadata: [String: String]

  /// Longer headers are rejected, as in the reference reader.
  private static let maximumLength = 100_000_000

  /// Reads and checks the header of `file`.
  init(of file: FileBytes) throws(CheckpointError) {
    let length = try Self.length(in: file)
    let text = try file.bytes(at: 8, count: length)
    let path = file.path
    guard text.first == UInt8(ascii: "{") else {
      throw Self.corrupt(path, "the header does not begin with '{'")
    }
    guard let object = try JSONParser.parse(text, file: path).object else {
      throw Self.corrupt(path, "the header is not an object")
    }
    var tensors: [TensorRecord] = []
    var metadata: [String: String] = [:]
    var names: Set<String> = []
    for member in object.members {
      guard names.insert(member.key).inserted else {
        throw Self.corrupt(path, "the header names '\(member.key)' twice")
      }
      if member.key == "__metadata__" {
        for entry in member.value.object?.members ?? [] {
          metadata[entry.key] = entry.value.string
        }
      } else {
        tensors.append(try Self.record(member, path: path))
      }
    }
    let dataStart = 8 + length
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try Self.checkTiling(tensors, of: file.count - dataStart, path: path)
    self.tensors = tensors.map {
      let range = dataStart + $0.range.lowerBound..<dataStart + $0.range.upperBound
      return TensorRecord(name: $0.name, element: $0.element, shape: $0.shape, range: range)
    }
    self.metadata = metadata
  }

  private static func length(in file: FileBytes) throws(CheckpointError) -> Int {
    let path = file.path
    guard file.count >= 8 else {
      throw corrupt(
        path, "has \(file.count.grouped) bytes; a safetensors file starts with 8 for the length")
    }
    let declared = try file.bytes(at: 0, count: 8).reversed().reduce(0 as UInt64) {
      $0 << 8 | UInt64($1)
    }
    guard declared <= UInt64(maximumLength) else {
      throw corrupt(
        path, "the header's length is given as \(declared), above \(maximumLength.grouped)")
    }
    guard declared <= UInt64(file.count - 8) else {
      throw corrupt(
        path,
        "the header needs \((Int(declared) + 8).grouped) bytes, the file has"
          + " \(file.count.grouped)")
    }
    return Int(declared)
  }

  private static func record(
    _ member: JSONObject.Member, path: String
  ) throws(CheckpointError) -> TensorRecord {
    let name = member.key
    guard let fields = member.value.object else {
      throw corrupt(path, "the entry of tensor '\(name)' is not an object")
    }
    let label = fields["dtype"]?.string ?? ""
    guard let element = TensorElement(rawValue: label) else {
      let known = TensorElement.allCases.map(\.rawValue).joined(separator: ", ")
      throw CheckpointError(
        .unsupported, file: path, "tensor '\(name)' has the unknown dtype '\(label.prefix(40))'",
        help: "known: \(known)")
    }
    guard let shape = naturals(fields["shape"]) else {
      throw corrupt(path, "the shape of tensor '\(name)' is not an array of whole numbers")
    }
    guard let offsets = naturals(fields["data_offsets"]), offsets.count == 2,
      offsets[0] <= offsets[1]
    else {
      throw corrupt(path, "the data_offsets of tensor '\(name)' are not [begin, end]")
    }
    let bits = (shape + [element.bits]).checkedProduct
    guard let bits, bits.isMultiple(of: 8), bits / 8 == offsets[1] - offsets[0] else {
      throw corrupt(
        path,
        "tensor '\(name)' of shape \(shape) in \(element.rawValue) does not take the"
          + " \((offsets[1] - offsets[0]).grouped) bytes of its data_offsets")
    }
    return TensorRecord(
      name: name, element: element, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func checkTiling(
    _ tensors: [TensorRecord], of available: Int, path: String
  ) throws(CheckpointError) {
    let end = tensors.map(\.range.upperBound).max() ?? 0
    guard end == available else {
      throw corrupt(
        path,
        "the header describes \(end.grouped) bytes of tensors, the file has"
          + " \(available.grouped) after the header")
    }
    var next = 0
    for tensor in tensors {
      guard tensor.range.lowerBound == next else {
        let what = tensor.range.lowerBound < next ? "overlaps its neighbour" : "leaves a gap"
        throw corrupt(
          path,
          "tensor '\(tensor.name)' \(what): it begins at byte"
            + " \(tensor.range.lowerBound.grouped), the one before ends at \(next.grouped)")
      }
      next = tensor.range.upperBound
    }
  }

  private static func naturals(_ value: JSONValue?) -> [Int]? {
    guard let values = value?.array else { return nil }
    let numbers = values.compactMap(\.integer).filter { $0 >= 0 }
    return numbers.count == values.count ? numbers : nil
  }

  private static func corrupt(_ path: String, _ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: path, message,
      help: "the file is damaged or incomplete; fetch it again")
  }
}
