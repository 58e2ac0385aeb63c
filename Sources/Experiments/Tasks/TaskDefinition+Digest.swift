import Crypto
import Foundation

extension TaskDefinition {
  /// SHA-256 of the whole definition: a changed template or label word changes every cell's key.
  var digest: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return SHA256.hash(data: try encoder.encode(self)).hexadecimal
    }
  }
}
