/// What makes a saved model one of Transformers' `…ForSequenceClassification`.
package struct ModelClassifier: Hashable, Sendable {
  package let head: ClassificationHead
  /// The classes' names in their order.
  package let labels: [String]

  /// Describes the head of a decoder.
  ///
  /// - Parameters:
  ///   - head: Of one matrix; see ``ClassificationHead/isStandard(for:)``.
  ///   - labels: One a row of the matrix.
  package init(head: ClassificationHead, labels: [String]) {
    precondition(
      head.tensors.first?.matrix.rows == labels.count, "\(labels.count) labels for another head")
    self.head = head
    self.labels = labels
  }

  private static let classes = [
    "opt": "OPT", "gpt2": "GPT2", "gpt_neox": "GPTNeoX", "llama": "Llama", "mistral": "Mistral",
    "qwen2": "Qwen2",
  ]

  /// The configuration of the same model with this head.
  ///
  /// Transformers finds a text's last token by what is no padding, and so needs a padding token; a
  /// model without one gets its end token, as is usual.
  func configuration(_ object: JSONObject) -> JSONObject {
    var result = object
    if let name = object["model_type"]?.string.flatMap({ Self.classes[$0] }) {
      result = result.replacing(
        "architectures", with: .array([.string("\(name)ForSequenceClassification")]))
    }
    let numbered = labels.enumerated().map { JSONObject.Member(key: "\($0)", value: .string($1)) }
    let named = labels.enumerated().map { JSONObject.Member(key: $1, value: .integer($0)) }
    result =
      result
      .replacing("id2label", with: .object(JSONObject(members: numbered)))
      .replacing("label2id", with: .object(JSONObject(members: named)))
      .replacing("num_labels", with: .integer(labels.count))
      .replacing("problem_type", with: "single_label_classification")
    let vocabulary = object["vocab_size"]?.integer ?? .max
    let ends = object["eos_token_id"].map { $0.array ?? [$0] } ?? []
    let padding = [object["pad_token_id"], ends.first].compactMap { $0?.integer }
    let usable = padding.first { (0..<vocabulary).contains($0) } ?? 0
    return result.replacing("pad_token_id", with: .integer(usable))
  }
}
