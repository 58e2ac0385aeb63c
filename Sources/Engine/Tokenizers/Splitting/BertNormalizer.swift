/// BERT's clean-up of a text.
///
/// Controls go and white space becomes spaces; Chinese characters get spaces around; accents go;
/// capitals become small. Devlin et al. 2018, `BasicTokenizer` of the published code, in the order
/// of Hugging Face `tokenizers`.
struct BertNormalizer: Hashable, Sendable {
  var cleansText = true
  var separatesChinese = true
  var stripsAccents = true
  var lowercases = true

  func apply(to text: UTF8Text.Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    guard appendASCII(text, to: &result) else {
      return lowercased(strippedOfAccents(cleaned(text)))
    }
    return result
  }

  /// Does all steps at once for a text of ASCII alone.
  ///
  /// - Returns: Whether it is one.
  private func appendASCII(_ text: UTF8Text.Bytes, to result: inout [UInt8]) -> Bool {
    for byte in text {
      switch byte {
      case 0x80...: return false
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where lowercases: result.append(byte | 0x20)
      case 0x20..<0x7F: result.append(byte)
      case _ where !cleansText: result.append(byte)
      case 0x09, 0x0A, 0x0D: result.append(0x20)
      default: break
      }
    }
    return true
  }

  private func cleaned(_ text: UTF8Text.Bytes) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if cleansText {
        if scalar == "\0" || scalar == "\u{FFFD}" || UnicodeTables.isControl(scalar) { continue }
        if scalar.properties.isWhitespace {
          result.append(" ")
          continue
        }
      }
      if separatesChinese, UnicodeTables.isChinese(scalar) {
        result.append(contentsOf: [" ", scalar, " "])
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  private func strippedOfAccents(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
    guard stripsAccents else { return text }
    var string = String(text)
    guard let bytes = string.withUTF8({ NormalForm.nfd.apply(to: $0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
    where scalar.isASCII || !UnicodeTables.isAccent(scalar) {
      result.append(scalar)
    }
    return result
  }

  private func lowercased(_ text: String.UnicodeScalarView) -> [UInt8] {
    lowercases ? Normalizer.lowercased(text) : Array(String(text).utf8)
  }
}
