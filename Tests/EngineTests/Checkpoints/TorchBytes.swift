import Foundation

@testable import Engine

/// Builds by hand what `torch.save` writes: a pickle of protocol 2 in a zip archive of stored members.
enum TorchBytes {
  struct Tensor {
    let name: String
    let shape: [Int]
    let values: [Float]
    var strides: [Int]?
    var storage = "FloatStorage"
    /// The tensor whose storage is used, for tied ones.
    var tiedTo: String?
    var isParameter = false
  }

  /// A whole `pytorch_model.bin`.
  static func archive(_ tensors: [Tensor], alignment: Int = 64) -> [UInt8] {
    var members: [(name: String, bytes: [UInt8])] = [("model/data.pkl", pickle(tensors))]
    members.append(("model/byteorder", Array("little".utf8)))
    for tensor in tensors where tensor.tiedTo == nil {
      members.append(("model/data/\(tensor.name)", bytes(tensor.values, tensor.storage)))
    }
    return zip(members, alignment: alignment)
  }

  private static func bytes(_ values: [Float], _ storage: String) -> [UInt8] {
    values.flatMap { value -> [UInt8] in
      let bits = value.bitPattern
      return storage == "BFloat16Storage" ? little(bits >> 16, 2) : little(bits, 4)
    }
  }

  /// The table of contents: an ordered dictionary with an attribute, as a state dictionary is.
  static func pickle(_ tensors: [Tensor]) -> [UInt8] {
    var all: [UInt8] =
      [0x80, 2] + global("collections", "OrderedDict") + [0x29, 0x52, 0x71, 0, 0x28]
    for tensor in tensors {
      all += text(tensor.name)
      if tensor.isParameter { all += global("torch._utils", "_rebuild_parameter") + [0x28] }
      all += global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28]
      all += text("storage") + global("torch", tensor.storage) + text(tensor.tiedTo ?? tensor.name)
      all += text("cpu") + integer(tensor.values.count) + [0x74, 0x51] + integer(0)
      let strides =
        tensor.strides
        ?? tensor.shape.indices.map { tensor.shape[($0 + 1)...].reduce(1, *) }
      all += tuple(tensor.shape) + tuple(strides) + [0x89]
      all += global("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52]
      if tensor.isParameter { all += [0x88] + global("collections", "OrderedDict") }
      if tensor.isParameter { all += [0x29, 0x52, 0x74, 0x52] }
    }
    all += [0x75, 0x7D] + text("_metadata") + global("collections", "OrderedDict")
    return all + [0x29, 0x52, 0x73, 0x62, 0x2E]
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + little(UInt32(text.utf8.count), 4) + Array(text.utf8)
  }

  private static func integer(_ value: Int) -> [UInt8] {
    [0x4A] + little(UInt32(truncatingIfNeeded: value), 4)
  }

  private static func tuple(_ values: [Int]) -> [UInt8] {
    [0x28] + values.flatMap(integer) + [0x74]
  }

  /// An archive whose members begin at multiples of `alignment`.
  static func zip(_ members: [(name: String, bytes: [UInt8])], alignment: Int) -> [UInt8] {
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in members {
      let header = file.count
      let unpadded = header + 30 + name.utf8.count
      let padding = (alignment - unpadded % alignment) % alignment
      let sizes = little(UInt32(bytes.count), 4) + little(UInt32(bytes.count), 4)
      let lengths = little(UInt32(name.utf8.count), 2)
      let common = [UInt8](repeating: 0, count: 12) + sizes + lengths
      file += [0x50, 0x4B, 3, 4, 0, 0] + common + little(UInt32(padding), 2)
      file += Array(name.utf8) + [UInt8](repeating: 0, count: padding) + bytes
      directory += [0x50, 0x4B, 1, 2, 0, 0, 0, 0] + common
      directory += [UInt8](repeating: 0, count: 12) + little(UInt32(header), 4) + Array(name.utf8)
    }
    let counts = little(UInt32(members.count), 2) + little(UInt32(members.count), 2)
    let end = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + counts + little(UInt32(directory.count), 4)
    return file + directory + end + little(UInt32(file.count), 4) + [0, 0]
  }

  private static func little(_ value: UInt32, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
