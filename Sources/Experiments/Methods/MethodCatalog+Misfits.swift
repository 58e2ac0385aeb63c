extension MethodCatalog {
  /// Why an objective and an adaptation make no method, whatever their options; nil where they do.
  static func misfit(
    _ objective: any Objective.Type, _ adaptation: any Adaptation.Type
  ) -> String? {
    switch (objective.isTrained, adaptation.trains) {
    case (false, true): "'\(objective.name)' has no loss to train on; use adaptation 'none'"
    case (true, false):
      "'\(objective.name)' needs something to train; use adaptation 'full' or 'lora'"
    default: nil
    }
  }

  /// Why they make none with these options.
  static func misfit(
    _ objective: any Objective.Type, _ adaptation: any Adaptation.Type,
    options: ResolvedOptions
  ) -> String? {
    if adaptation.trains, !adaptation.changesModel, !objective.addsParameters(options) {
      return "'\(objective.name)' answers with the model's own words, and '\(adaptation.name)' "
        + "trains nothing of the model; use objective 'head', or an adaptation such as 'lora'"
    }
    if BasePrecision(options) != .float32, ContinuedPretraining(options) != nil {
      return "continued pre-training changes the matrices that '\(BasePrecision.option.name)' has "
        + "stored in few bits; leave one of them out"
    }
    return objective.misfit(options)
  }
}
