import Crypto
import Foundation

extension TaskDefinition {
  /// SHA-256 of all of the definition that can change a result: with another template, column or label
  /// word every cell has another key, with another path, note or title it keeps its own.
  var digest: String {
    get throws {
      var essence = self
      essence.about = TaskAbout()
      for i in essence.files.indices { essence.files[i].candidates = [] }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return SHA256.hash(data: try encoder.encode(essence)).hexadecimal
    }
  }
}
