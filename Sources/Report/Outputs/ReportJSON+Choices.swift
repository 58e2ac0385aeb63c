import Experiments

extension ReportJSON {
  /// What only some methods have: demonstrations, a preparation, a choice.
  static func choices(of result: CellResult) -> [String: JSONText] {
    var fields: [String: JSONText] = [:]
    fields["demonstrationsOffered"] = result.demonstrationsOffered.map(JSONText.integer)
    fields["preparation"] = result.preparation.map(preparation)
    fields["choice"] = result.choice.map(choice)
    return fields
  }

  /// Continued pre-training before a method.
  private static func preparation(_ preparation: CellResult.Preparation) -> JSONText {
    .map([
      "texts": .integer(preparation.texts), "steps": .integer(preparation.steps),
      "tokens": .integer(preparation.tokens),
      "losses": .list(preparation.losses.map { JSONText($0) }),
    ])
  }

  /// How settings or an epoch were chosen.
  private static func choice(_ choice: CellResult.Choice) -> JSONText {
    .map([
      "heldOut": .integer(choice.heldOut), "evaluationSet": JSONText(choice.evaluationSet),
      "candidates": .list(
        choice.candidates.map { candidate in
          .map([
            "setting": .text(candidate.setting), "accuracy": JSONText(candidate.accuracy),
          ])
        }),
      "chosen": JSONText(choice.chosen), "epoch": JSONText(choice.epoch),
      "epochAccuracies": .list(choice.epochAccuracies.map { JSONText($0) }),
    ])
  }
}
