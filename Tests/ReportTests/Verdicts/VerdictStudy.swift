@testable import Report

/// The large study with every block that weighs methods against each other.
enum VerdictStudy {
  static let blocks = """

    # Verdicts

    As @cmp-ood, @ref-paper and @rec-which say; the paper has
    `{val} ref-paper[lora,128].ood.accuracy:pct±` where we have
    `{val} lowres[lora,128].ood.accuracy:pct`, `{val} lowres[lora,128].ood.accuracy -
    ref-paper[lora,128].ood.accuracy:points` more.

    ```{compare #cmp-ood}
    from: lowres
    y: ood.accuracy
    methods: [zero-shot, vanilla, lora]
    shots: max
    caption: Three methods with the most examples.
    ```

    ```{compare #cmp-joint}
    from: lowres
    y: ood.accuracy
    methods: [vanilla, pbft, icl]
    shots: 16
    second-opinion: true
    ```

    ```{reference #ref-paper}
    source: "Someone et al. 2024, [arXiv:2400.00000](https://arxiv.org/abs/2400.00000)"
    values:
      - {method: lora, shots: 2, metric: ood.accuracy, value: 55.5%}
      - {method: lora, shots: 128, metric: ood.accuracy, value: 61.5%, sd: 1.2%, runs: 10}
      - {method: vanilla, shots: 128, metric: ood.accuracy, value: 0.6}
      - {method: vanilla, shots: 512, metric: ood.accuracy, value: 0.7}
    ```

    ```{chart #fig-ref}
    from: lowres
    kind: line-interval
    y: ood.accuracy
    methods: [vanilla, lora]
    reference: ref-paper
    caption: Beside the published numbers.
    ```

    ```{table #tbl-ref}
    from: lowres
    y: ood.accuracy
    methods: [vanilla, lora, icl]
    shots: [16, 128]
    reference: ref-paper
    ```

    ```{recommend #rec-which}
    from: lowres
    memory: [600 MiB, 4 GiB]
    n: [2, 128]
    methods: [icl, vanilla, pbft, lora]
    ```

    ```{recommend #rec-one}
    from: lowres
    n: 128
    memory: 4 GiB
    seconds: 1 min
    methods: [icl, vanilla]
    caption: With everything.
    ```

    """

  static let source = RenderingSamples.source + blocks
}
