/// The style sheet of every page.
///
/// Colours pass WCAG AA on both backgrounds (#ffffff and #15181d, those of the charts); a test
/// computes the contrasts. There is no inline style, so the policy can name the sheet's hash.
enum PageStyle {
  static let css = colors + text + layout + results + print

  private static let colors = """

    :root {
      color-scheme: light dark;
      --bg: #ffffff; --fg: #1d232a; --muted: #59636e; --rule: #d9dee4; --soft: #f5f7f9; --hint: #98a4b0;
      --link: #0a58a8; --focus: #0a58a8; --note: #0a58a8; --good: #176f32; --bad: #b3261e;
      --warn: #855300; --idea: #7339ab; --tint-note: #eef5fc; --tint-good: #eaf6ed;
      --tint-bad: #fdeeec; --tint-warn: #fdf4df; --tint-idea: #f6f0fc; --shadow: rgb(20 30 40 / .14);
      --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", Georgia, serif;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
      --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --bg: #15181d; --fg: #e3e7ec; --muted: #9ba6b2; --rule: #343b44; --soft: #1d2127; --hint: #66717d;
        --link: #7db8ff; --focus: #7db8ff; --note: #7db8ff; --good: #6bd089; --bad: #ff938a;
        --warn: #f0b94d; --idea: #cba6f7; --tint-note: #182433; --tint-good: #15271b;
        --tint-bad: #331b1a; --tint-warn: #2d2412; --tint-idea: #251d31; --shadow: rgb(0 0 0 / .6);
      }
    }

    """
}
