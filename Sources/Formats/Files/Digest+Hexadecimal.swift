package import Crypto

extension Digest {
  /// The digest as lower-case hexadecimal digits: the form of keys, names of files and pages.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
