/// What the two distributions of a distillation are over.
enum DistillationScope: String, OptionChoice {
  case labels
  case vocabulary
  /// The classes, by fresh heads: the student's trains, the teacher's stays as it was drawn.
  case head

  static let option = MethodOption<DistillationScope>(
    LossScope.option.name, default: .vocabulary,
    "what the softmax of the loss normalizes over; 'head' for fresh heads")

  /// The words a verbalizer would normalize over; nil for heads.
  var words: LossScope? {
    switch self {
    case .labels: .labels
    case .vocabulary: .vocabulary
    case .head: nil
    }
  }
}
