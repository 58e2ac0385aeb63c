extension DemoStudy {
  /// A study of realistic length.
  static let study = """
    ---
    title: Which way of adapting a small model pays?
    ---

    # The question {#sec-question}

    With only a few labelled examples (2 … 128) and little memory, which way of adapting a
    pre-trained language model is best in-domain, out-of-domain, per byte and per second? Three
    recent papers answer differently.[^papers] We run **every method on the same examples**, store
    each run, and let the claims below be checked by the data rather than by the authors.

    With 128 examples LoRA reaches `{val} lowres[lora,128].ood.accuracy:pct±` out of domain, against
    `{val} lowres[vanilla,128].ood.accuracy:pct±` for full fine-tuning; @fig-acc shows the whole
    range and @tbl-acc the numbers. In-context learning trains nothing and needs
    `{val} lowres[icl,16].memory.peak:MB` at its peak.

    > [!IMPORTANT]
    > Accuracy below the majority class (69.3 % in-domain, 68.6 % out-of-domain) means a method
    > learned nothing useful. Every chart draws that line.

    # Set-up {#sec-setup}

    ## Methods

    A method is an *objective* × an *adaptation* (× a base precision). Named methods are presets:

    1. **Vanilla** fine-tuning trains everything behind a fresh head, `softmax(W h)`.
    2. **PBFT** scores label words of a pattern, so that no parameter starts at random.
    3. **LoRA** adds `W + (α/r) B A` with `B = 0` at the start:
       - rank 8 on the query and value projections,
       - ~~learning rate 1e-5~~ learning rate 2e-4, since at 1e-5 it [barely trains](#sec-traps).
    4. **Context distillation** teaches the model to answer without its demonstrations.

    | Objective      | Trains            | Needs labels | Reads the prompt |
    |:---------------|:------------------|:------------:|-----------------:|
    | `head`         | fresh `W`         | yes          | no               |
    | `verbalizer`   | nothing new       | yes          | yes              |
    | `distillation` | nothing new       | some         | at training time |
    | `none`         | —                 | no           | yes              |

    ## Experiment

    ```{experiment #lowres}
    task: cola
    ```

    ## What was checked before running

    - [x] train, in-domain and out-of-domain sets do not overlap
    - [x] every seed draws a different sample
    - [ ] memory on a second machine

    # Results {#sec-results}

    ## Accuracy

    Out of domain, most methods stay near the majority line until 32 examples. The interval is a
    95 % BCa bootstrap over seeds; each seed is a faint dot.

    ```{chart #fig-acc}
    from: lowres
    ```

    Between 32 and 128 examples the curves part. The ranking in-domain is *not* the ranking out of
    domain, which is the reason to report both side by side.

    ```{table #tbl-acc}
    from: lowres
    ```

    ## Memory and time

    > [!NOTE]
    > Peaks are exact: one arena per step is sized in advance, and the prediction is asserted after
    > the run. They hold weights, gradients, optimizer state and activations.

    > [!TIP]
    > Frozen layers below the lowest trainable one keep no activations at all.

    ```{chart #fig-mem}
    from: lowres
    ```

    ## Claims

    ```{claim #clm-lora}
    assert: a
    ```

    ```{claim #clm-cd}
    assert: b
    ```

    ```{claim #clm-icl}
    assert: c
    ```

    ```{claim #clm-rank}
    assert: d
    ```

    # Traps in the published numbers {#sec-traps}

    > The seed did not reach the sampler: ten runs hold one or two distinct results a cell.

    A report should catch this by itself. Here is what the validity check prints:

    ```text
    audit: published-2405.13181-runs.csv
      [F1] 44 of 50 cells: 10 runs, fewer than 3 distinct results (the seed changed nothing)
      [F2] 50 of 50 cells: accuracy below the majority class
    ```

    > [!WARNING]
    > At four seeds the smallest two-sided p of a sign-flip test is 0.125, whatever the data.

    > [!CAUTION]
    > The "in-domain" set of one paper contained its out-of-domain set.

    As argued in @sec-setup and tested by @clm-lora and @clm-cd, comparisons need equal *n*; the
    runs are those of @exp-lowres.[^papers] A long address must not break a phone:
    <https://example.org/a/very/long/path/that/goes/on/and/on/without/any/hyphen/at/all.html>.

    [^papers]: Mosbach et al. 2023, arXiv:2305.16938; Srinivasan et al. 2024, arXiv:2405.13181. The
        published means are stored with this package.
    """
}
