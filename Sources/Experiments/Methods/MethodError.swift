/// A method that cannot be built from what a source says.
package struct MethodError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case unknownMethod(String, known: [String])
    case unknownOption(String, known: [String])
    case invalidValue(OptionValue, expectation: String)
    case senseless(objective: String, adaptation: String, why: String)
    case patternHasNoLabelWords(String)
    case indistinctLabelWords([String])
    case rankOutOfRange(Int, limit: Int)
    case noSuchLayers(frozen: Int, layers: Int)
    case noBiases
    case needsDecoder(objective: String)
    case headDoesNotFit(String)
  }

  package let reason: Reason
  /// The method's name in the report.
  package let method: String
  /// The option at fault, if one is.
  package let option: String?

  package init(_ reason: Reason, method: String = "", option: String? = nil) {
    self.reason = reason
    self.method = method
    self.option = option
  }

  /// The same error, said of a method.
  func of(_ method: String) -> MethodError {
    MethodError(reason, method: self.method.isEmpty ? method : self.method, option: option)
  }
}

extension MethodError: CustomStringConvertible {
  package var description: String { "\(message)\n  help: \(help)" }

  /// What is wrong, in one line.
  package var message: String {
    switch reason {
    case .unknownMethod(let name, _): "there is no method '\(name)'"
    case .unknownOption(let name, _): "method '\(method)' has no option '\(name)'"
    case .invalidValue(let value, _):
      "option '\(option ?? "")' of method '\(method)' cannot be '\(value)'"
    case .senseless(let objective, let adaptation, _):
      "method '\(method)' combines '\(objective)' with '\(adaptation)', which makes no sense"
    case .patternHasNoLabelWords(let name):
      "method '\(method)' predicts label words, but pattern '\(name)' has none"
    case .indistinctLabelWords(let words):
      "the tokenizer does not tell the label words \(words.joined(separator: " and ")) apart"
    case .rankOutOfRange(let rank, let limit):
      "method '\(method)': rank \(rank) exceeds the smallest matrix dimension \(limit)"
    case .noBiases: "method '\(method)' trains biases, and the model has none"
    case .needsDecoder(let objective):
      "method '\(method)' reads words off '\(objective)', and the model is an encoder"
    case .headDoesNotFit(let why): "the head to start from does not fit: \(why)"
    case .noSuchLayers(let frozen, let layers):
      "method '\(method)' freezes \(frozen) layers of a model with \(layers)"
    }
  }

  /// What to do about it, in one line.
  package var help: String {
    switch reason {
    case .unknownMethod(let name, let known), .unknownOption(let name, let known):
      Suggestion.closest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "choose from \(known.joined(separator: ", "))"
    case .invalidValue(_, let expectation): "it takes \(expectation)"
    case .senseless(_, _, let why): why
    case .patternHasNoLabelWords: "name a pattern with label words, such as 'minimal'"
    case .indistinctLabelWords: "choose a pattern with other label words"
    case .rankOutOfRange(_, let limit): "choose a rank from 1 to \(limit)"
    case .noBiases: "choose another adaptation, such as lora or ia3"
    case .needsDecoder:
      "use objective 'head', as vanilla and lora do, or a decoder such as OPT or Llama"
    case .headDoesNotFit:
      "give 'score.weight' with a row a class and a column for each of the model's states"
    case .noSuchLayers(_, let layers):
      "choose 'frozen' from 0 to \(layers - 1), or leave it out for five sixths of the layers"
    }
  }
}
