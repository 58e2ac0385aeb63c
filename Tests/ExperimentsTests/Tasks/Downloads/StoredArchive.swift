/// A zip archive whose members are stored, as PKWARE's APPNOTE 6.3 lays it out.
enum StoredArchive {
  static func bytes(_ members: [(name: String, text: String)]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, text) in members {
      let (name, body) = (Array(name.utf8), Array(text.utf8))
      // version, flags, method, time, date, CRC, packed and real size, lengths of name and extra
      let facts =
        short(20) + short(0) + short(0) + short(0) + short(0x21) + long(checksum(of: body))
        + long(body.count) + long(body.count) + short(name.count) + short(0)
      directory += long(0x0201_4B50) + short(20) + facts
      directory += short(0) + short(0) + short(0) + long(0) + long(archive.count) + name
      archive += long(0x0403_4B50) + facts + name + body
    }
    let end =
      long(0x0605_4B50) + short(0) + short(0) + short(members.count) + short(members.count)
      + long(directory.count) + long(archive.count) + short(0)
    return archive + directory + end
  }

  private static func short(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  private static func long(_ value: Int) -> [UInt8] { short(value) + short(value >> 16) }

  /// CRC-32 with the polynomial of ISO 3309.
  private static func checksum(of bytes: [UInt8]) -> Int {
    var value: UInt32 = ~0
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return Int(~value)
  }
}
