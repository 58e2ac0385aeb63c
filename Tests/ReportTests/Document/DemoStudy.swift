/// Sources for tests of the whole path from Markdown to page.
enum DemoStudy {
  /// One of everything the language has.
  static let constructs = """
    ---
    title: Everything
    ---

    # First *heading* {#sec-first}

    A paragraph with **strong**, *emphasis*, ~~struck~~, `code`, a [link](https://example.org "T"),
    an ![image](plot.png "P"), an address me@fig-x.org, a hard break\\
    and a value `{val} low[lora,128].ood.accuracy:pct±` beside @fig-acc (see @sec-first).

    Second
    ------

    1. one[^a]
    2. two
       - [x] done with @tbl-acc
       - [ ] open `{val} low.n`

    > A quote of `{val} q`
    > that goes on, see [the @clm-best](x.html).

    > [!WARNING]
    > Mind the *gap*.

    | method | accuracy |
    |:-------|---------:|
    | LoRA   | `{val} low[lora\\|4].acc` |
    | @exp-low | 1 \\| 2 |

    ```swift
    let x = "@fig-no"
    ```

    ```{experiment #low}
    task: cola
    shots: [2, 16]
    ```

    - In a list:

      ```{chart #fig-acc}
      from: low

        y: accuracy
      ```

    <div>raw</div>

    Inline <b>raw</b>, again[^a] and [^b].

    ---

    [^a]: Note with `{val} z` and

        ~~~{claim #clm-best}
        assert: a > b
        ~~~

    [^b]: Other.
    """
}
