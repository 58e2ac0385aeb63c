/// How label words that a model likes in any case are kept from winning.
enum Calibration: String, OptionChoice {
  case none
  /// Each word's probability is divided by its mean one after texts that say nothing, behind the same
  /// demonstrations (Zhao et al. 2021, arXiv:2102.09690).
  case contextual
  /// Each word's probability is divided by the one it has after the pattern alone, without text and
  /// demonstrations: the pointwise mutual information given the domain (Holtzman et al. 2021,
  /// "Surface form competition", arXiv:2104.08315, section 3).
  case domain = "dc-pmi"
  /// The text's probability after a label word is compared instead of the word's after the text
  /// (Min et al. 2022, "Noisy channel language model prompting", arXiv:2108.04106).
  case channel

  static let option = MethodOption<Calibration>(
    "calibration", default: .none, "correction of the label words' prior")
}
