/// The tensors of a file that `torch.save` wrote: a zip archive with a pickled table of contents.
///
/// Nothing in the file is executed; see ``Unpickler``. Members are stored uncompressed at multiples of 64
/// bytes, so that tensors in F32 can be mapped as those of a safetensors file.
struct TorchArchive {
  /// Tensors in the order of their bytes; tied ones share theirs.
  let tensors: [TensorRecord]

  /// The table of a model of ten thousand tensors has two megabytes.
  private static let maximumTable = 32_000_000

  /// Reads and checks the tables of `file`.
  ///
  /// - Throws: ``CheckpointError`` for a damaged archive, for a pickle that asks for anything but
  ///   tensors, and for tensors that do not lie row by row in the file.
  init(_ file: FileBytes) throws(CheckpointError) {
    if try file.bytes(at: 0, count: min(2, file.count)) == [0x80, 2] {
      throw CheckpointError(
        .unsupported, file: file.path, "is in the format of PyTorch before 1.6",
        help: "load it with PyTorch and save the model as safetensors")
    }
    let members = try Self.storedMembers(of: file)
    let suffix = "/data.pkl"
    let tables = members.keys.filter { $0.hasSuffix(suffix) }.sorted()
    guard tables.count == 1, let table = tables.first, let place = members[table],
      place.count <= Self.maximumTable
    else {
      throw CheckpointError(
        .corrupt, file: file.path, "does not contain exactly one data.pkl of a reasonable size",
        help: "torch.save did not write this file")
    }
    let root = String(table.dropLast(suffix.count))
    if let order = members["\(root)/byteorder"], order.count <= 16 {
      let name = String(
        decoding: try file.bytes(at: order.lowerBound, count: order.count), as: UTF8.self)
      guard name == "little" else {
        throw CheckpointError(
          .unsupported, file: file.path, "has data in the byte order '\(name)'")
      }
    }
    let pickle = try file.bytes(at: place.lowerBound, count: place.count)
    var tensors: [TensorRecord] = []
    var names: Set<String> = []
    for (name, tensor) in try Unpickler.tensors(in: pickle, file: file.path) {
      guard names.insert(name).inserted else {
        throw Self.corrupt(file, "the table names '\(name)' twice")
      }
      guard let member = members["\(root)/data/\(tensor.storage.key)"] else {
        throw Self.corrupt(file, "the data of tensor '\(name)' is not in the archive")
      }
      tensors.append(try Self.record(name, tensor, in: member, of: file))
    }
    self.tensors = tensors.sorted {
      ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name)
    }
  }

  /// Where each member's bytes lie: as they are, which is how `torch.save` writes them.
  private static func storedMembers(
    of file: FileBytes
  ) throws(CheckpointError) -> [String: Range<Int>] {
    var places: [String: Range<Int>] = [:]
    for member in try ZipDirectory(of: file).members {
      guard member.method == 0, !member.isEncrypted else {
        throw CheckpointError(
          .unsupported, file: file.path,
          "the archive's member '\(member.name)' is compressed or encrypted",
          help: "torch.save stores members uncompressed; save the model again with it")
      }
      places[member.name] = member.range
    }
    return places
  }

  private static func record(
    _ name: String, _ tensor: Unpickler.TorchTensor, in member: Range<Int>, of file: FileBytes
  ) throws(CheckpointError) -> TensorRecord {
    let size = tensor.storage.element.size
    guard tensor.shape.allSatisfy({ $0 >= 0 }), tensor.strides.count == tensor.shape.count,
      let count = tensor.shape.checkedProduct, tensor.offset >= 0
    else { throw corrupt(file, "tensor '\(name)' has the impossible shape \(tensor.shape)") }
    guard isRowMajor(tensor) else {
      throw CheckpointError(
        .unsupported, file: file.path,
        "tensor '\(name)' of shape \(tensor.shape) has the strides \(tensor.strides)",
        help: "only contiguous tensors are supported; save the model as safetensors")
    }
    let available = member.count / size
    guard tensor.offset <= available, count <= available - tensor.offset else {
      throw corrupt(
        file,
        "tensor '\(name)' of shape \(tensor.shape) does not fit its \(available.grouped)"
          + " stored elements")
    }
    let start = member.lowerBound + tensor.offset * size
    return TensorRecord(
      name: name, element: tensor.storage.element, shape: tensor.shape,
      range: start..<start + count * size)
  }

  private static func isRowMajor(_ tensor: Unpickler.TorchTensor) -> Bool {
    guard !tensor.shape.contains(0) else { return true }
    var step = 1  // below the product of the shape, which has been found to fit
    for (size, stride) in zip(tensor.shape, tensor.strides).reversed() where size != 1 {
      guard stride == step else { return false }
      step *= size
    }
    return true
  }

  private static func corrupt(_ file: FileBytes, _ message: String) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file.path, message,
      help: "the file is damaged or incomplete; fetch it again")
  }
}
