import Formats

/// A method that cannot be built as a source describes it.
package struct MethodError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case unknownMethod(String, known: [String])
    case unknownOption(String, known: [String])
    case invalidValue(OptionValue, expectation: String)
    case malformedSetting(String)
    /// An option that a recipe lacks.
    case missingOption(String)
    /// An option that has no effect because of another one.
    case unreadOption(String, why: String)
    /// An option that a grid cannot choose.
    case notInGrid(String)
    /// A preset without counterpart in the study that `compat` names.
    case notInStudy(preset: String, study: String, covered: [String])
    case basePrecisionTrains
    case senseless(objective: String, adaptation: String, why: String)
    /// A pattern without label words, and those of the task that have some.
    case patternHasNoLabelWords(String, others: [String] = [])
    case indistinctLabelWords([String])
    case unknownLabelWord(String)
    case rankOutOfRange(Int, limit: Int)
    case noSuchLayers(frozen: Int, layers: Int)
    case noSuchLayer(Int, layers: Int)
    /// What a model's folder asks for to pool tokens.
    case unknownPooling(String)
    case noBiases
    case readsNoModel
    case needsDecoder(objective: String, because: String)
    /// An encoder that predicts no masked words.
    case needsMaskedHead(because: String)
    case noMaskToken
    /// A pattern whose label word has text after it.
    case answersInside(String)
    case headDoesNotFit(String)
    /// An option of an encoder's classifier, where there is none.
    case noClassifier
    case pretrainingNeedsDecoder(because: String)
    /// A checkpoint that cannot teach the model.
    case teacherMismatch(teacher: String, why: String)
    case missingTeacher(String)
    /// An option that reads examples beyond the sample, where there are none.
    case needsPool(String)
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

  /// The same error with a method's name.
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
    case .missingOption(let name): "the recipe of '\(method)' lacks option '\(name)'"
    case .malformedSetting(let text): "'\(text)' is not a setting"
    case .unreadOption(let name, let why):
      "method '\(method)' does not use option '\(name)', because \(why)"
    case .notInGrid(let name): "method '\(method)' cannot choose '\(name)' by a grid"
    case .notInStudy(let preset, let study, _):
      "method '\(method)' asks for '\(preset)' as in \(study), but that study has no such method"
    case .basePrecisionTrains:
      "method '\(method)' asks for a quantised base, but trains its matrices"
    case .senseless(let objective, let adaptation, _):
      "method '\(method)' combines '\(objective)' with '\(adaptation)', which makes no sense"
    case .patternHasNoLabelWords(let name, _):
      "method '\(method)' predicts label words, but pattern '\(name)' has none"
    case .indistinctLabelWords(let words):
      "the tokenizer does not distinguish the label words \(words.joined(separator: " and "))"
    case .unknownLabelWord(let word): "the model has no token for the label word '\(word)'"
    case .rankOutOfRange(let rank, let limit):
      "method '\(method)': rank \(rank) exceeds the smallest matrix dimension \(limit)"
    case .noBiases: "method '\(method)' trains biases, but the model has none"
    case .readsNoModel: "method '\(method)' learns from the texts alone and reads no model"
    case .needsDecoder(let objective, let reason):
      "method '\(method)' needs a decoder for '\(objective)', but \(reason)"
    case .needsMaskedHead(let reason):
      "method '\(method)' has words predicted at masks, but \(reason)"
    case .noMaskToken: "method '\(method)' needs a mask token, but the tokenizer has none"
    case .answersInside(let name):
      "method '\(method)' predicts the word after a text, but pattern '\(name)' goes on after '{mask}'"
    case .headDoesNotFit(let why): "the head to start from does not fit: \(why)"
    case .noClassifier:
      "method '\(method)' sets '\(option ?? "")', but its head has no dropout"
    case .pretrainingNeedsDecoder(let reason):
      "method '\(method)' continues pre-training by predicting next words, but \(reason)"
    case .teacherMismatch(let teacher, let why):
      "'\(teacher)' cannot be the teacher of method '\(method)': \(why)"
    case .missingTeacher(let teacher):
      "method '\(method)' has the teacher '\(teacher)', which was not found"
    case .needsPool(let option):
      "option '\(option)' needs more examples than the training examples, but there are none here"
    case .noSuchLayer(let layer, let layers):
      "method '\(method)' reads layer \(layer) of a model with \(layers)"
    case .unknownPooling(let what):
      "method '\(method)' pools as the model's folder says, but that asks for \(what)"
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
    case .missingOption: "another version of ftreport wrote it; plan it again with this one"
    case .malformedSetting: "write key=value, such as \(TrainingOptions.learningRate.name)=1e-3"
    case .unreadOption(let name, _): "leave '\(name)' out, or change that setting"
    case .notInGrid: "it decides how the grid's settings are compared; give it one value"
    case .notInStudy(_, _, let covered):
      "leave 'compat' out; it covers \(covered.joined(separator: ", "))"
    case .basePrecisionTrains:
      "leave 'base' out, or choose an adaptation that freezes the matrices, such as lora"
    case .senseless(_, _, let why): why
    case .patternHasNoLabelWords(_, let others):
      others.isEmpty
        ? "add a pattern to the task file and a word for each label, as in 'words: {bad: No, "
          + "good: Yes}' and 'patterns: {ask: \"{text} Is that good?\"}'"
        : "name a pattern with label words: \(others.joined(separator: ", "))"
    case .indistinctLabelWords, .unknownLabelWord:
      "use words that the model knows: another pattern in a report, --words in 'train'"
    case .rankOutOfRange(_, let limit): "choose a rank from 1 to \(limit)"
    case .noBiases: "choose another adaptation, such as lora or ia3"
    case .readsNoModel:
      "use it in a report; for a model choose another method, such as linear-probe"
    case .needsDecoder:
      "use objective 'head', as vanilla and lora do, or a decoder such as OPT or Llama"
    case .needsMaskedHead, .noMaskToken:
      "use a checkpoint of its …ForMaskedLM, objective 'head' without 'tapt-epochs', or a decoder"
    case .answersInside: "put '{mask}' at the end of the pattern, or use an encoder"
    case .headDoesNotFit:
      "give 'score.weight' with one row per class and one column per hidden dimension, for an encoder "
        + "all that its …ForSequenceClassification has"
    case .noClassifier: "leave it out; only heads of encoders that train with the model have one"
    case .pretrainingNeedsDecoder: "leave 'tapt-epochs' out, or use a decoder such as OPT or Llama"
    case .teacherMismatch:
      "choose a decoder with the same tokenizer, such as a larger one of the same family"
    case .missingTeacher:
      "write 'same', 'prompt-only', or a Hugging Face folder, named relative to the source file"
    case .needsPool: "leave it out here; in a report they come from the task's training pool"
    case .noSuchLayer(_, let layers): "choose 'layer' from 1 to \(layers), or 'last'"
    case .unknownPooling: "name the pooling, as in 'pool: mean'"
    case .noSuchLayers(_, let layers):
      "choose 'frozen' from 0 to \(layers - 1), or leave it out for five sixths of the layers"
    }
  }
}
