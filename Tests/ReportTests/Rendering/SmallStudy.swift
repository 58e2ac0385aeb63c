import Foundation

@testable import Experiments
@testable import Report

/// A study small enough for its whole output to be a snapshot.
enum SmallStudy {
  static let source = """
    ---
    title: Small
    params:
      profile: quick
    ---

    # One

    See @fig-a and `{val} small[lora,16].ood.accuracy:pct`.

    ```{experiment #small}
    task: cola
    model: opt-125m
    methods: [zero-shot, vanilla, lora]
    shots: [2, 16]
    seeds: 0..2
    evaluate: {sets: [ood]}
    ```

    ```{chart #fig-a}
    from: small
    y: ood.accuracy
    caption: Accuracy.
    ```

    ```{claim #clm-a}
    assert: small[lora,16].ood.accuracy > small[vanilla,16].ood.accuracy
    ```

    """

  static func results(_ plan: ReportPlan) -> [String: CellResult] {
    var results = RenderingSamples.results(plan)
    results["small/vanilla/2/1"]?.status = .failed(reason: "no memory, \"really\"")
    results["small/vanilla/2/1"]?.evaluations = []
    results["small/vanilla/2/2"] = nil
    return results.filter { $0.key.hasPrefix("small/") }
  }
}

/// Answers every chart with the same picture, so that tests of pages draw nothing.
struct BlankPictures: ChartCache {
  func picture(for key: String) -> Data? { DemoPage.picture }
  func keep(_ picture: Data, for key: String) {}
}
