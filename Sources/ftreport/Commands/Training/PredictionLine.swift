import Experiments
import Formats
import Foundation

/// One line of texts to label: plain, two with a TAB between them, or a JSON object.
struct PredictionLine {
  let texts: [String]

  private struct Request: Decodable {
    let text: String
    let pair: String?
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: As it came.
  ///   - fields: How many texts the model needs: 1, or 2 for a pair.
  /// - Throws: ``TrainingError`` with the line's number.
  init(_ line: InputLines.Line, fields: Int) throws(TrainingError) {
    func mistake(_ reason: TrainingError.Reason) -> TrainingError {
      TrainingError(reason, file: "<stdin>", line: line.number, column: 1)
    }
    guard let text = String(validating: line.bytes, as: UTF8.self) else {
      throw mistake(.malformedLine("it is not UTF-8"))
    }
    var texts: [String]
    if text.starts(withBytes: "{") {
      do {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.bytes))
        texts = [request.text] + (request.pair.map { [$0] } ?? [])
      } catch {
        throw mistake(.malformedLine("it begins as a JSON object and has no 'text'"))
      }
    } else {
      texts = text.split(atByte: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard texts.count >= fields else { throw mistake(.missingPair) }
    guard texts.count == fields else {
      throw mistake(
        .malformedLine("it holds \(texts.count) texts, and the model reads \(fields)"))
    }
    self.texts = texts
  }
}
