import Crypto
import Foundation

extension CellRecipe {
  /// SHA-256 of the recipe's canonical JSON, in hexadecimal.
  package var key: String {
    get throws { SHA256.hash(data: Data(try canonicalJSON().utf8)).hexadecimal }
  }
}
