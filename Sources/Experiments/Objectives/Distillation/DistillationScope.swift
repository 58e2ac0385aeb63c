/// What the two distributions of a distillation are over.
enum DistillationScope: String, CaseIterable, Sendable {
  case labels
  case vocabulary
  /// The classes, by fresh heads: the student's trains, the teacher's stays as it was drawn.
  case head

  static let optionName = "over"

  static let specification = OptionSpecification(
    optionName, .choice(allCases.map(\.rawValue)), default: .text(vocabulary.rawValue),
    "what the softmax of the loss normalizes over; 'head' for fresh heads")

  init(_ options: ResolvedOptions) {
    self = options.choice(Self.optionName)
  }

  /// The words a verbalizer would normalize over; nil for heads.
  var words: LossScope? {
    switch self {
    case .labels: .labels
    case .vocabulary: .vocabulary
    case .head: nil
    }
  }
}
