import Crypto
package import Foundation

extension CellRecipe {
  /// The recipe as JSON with sorted keys: equal recipes give equal bytes.
  package var canonicalJSON: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }

  /// SHA-256 of the canonical JSON, in hexadecimal.
  package var key: String {
    get throws { SHA256.hash(data: try canonicalJSON).hexadecimal }
  }
}
