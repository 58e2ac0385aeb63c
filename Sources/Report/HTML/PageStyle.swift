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

extension PageStyle {
  /// Running text, headings, lists, code, notes.
  static let text = """
    *, ::before, ::after { box-sizing: border-box; }
    html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    body {
      margin: 0; background: var(--bg); color: var(--fg);
      font: 1.0625rem/1.62 var(--serif); font-variant-numeric: lining-nums;
      overflow-wrap: break-word;
    }
    p, ul, ol, dl, pre, blockquote, figure, aside { margin: 0 0 1.15em; }
    p, li, dd, figcaption { text-wrap: pretty; }
    h1, h2, h3, h4, h5, h6 {
      margin: 2.2em 0 .6em; font-family: var(--sans); font-weight: 650; line-height: 1.22;
      letter-spacing: -.012em; text-wrap: balance;
    }
    h1 { margin: 0 0 .3em; font-size: clamp(1.9rem, 1.4rem + 2.2vw, 2.75rem); letter-spacing: -.024em; }
    h2 { font-size: 1.6rem; }
    h3 { margin-top: 1.9em; font-size: 1.22rem; }
    h4, h5, h6 { margin-top: 1.6em; font-size: 1.03rem; }
    h2 + h3, h3 + h4 { margin-top: .9em; }
    a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .16em; }
    a:hover { text-decoration-thickness: .12em; }
    a.ref { text-decoration: none; white-space: nowrap; }
    a.ref:hover { text-decoration: underline; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
    .anchor { margin-left: .35em; color: var(--muted); font-weight: 400; text-decoration: none; opacity: 0; }
    :is(h2, h3, h4, h5, h6):hover .anchor, .anchor:focus { opacity: 1; }
    ul, ol { padding-left: 1.5em; }
    li { margin: .25em 0; }
    li > ul, li > ol { margin: .25em 0; }
    li.task { list-style: none; }
    li.task > input { margin: 0 .45em 0 -1.35em; accent-color: var(--link); }
    blockquote { padding-left: 1.1em; border-left: 3px solid var(--rule); color: var(--muted); }
    hr { width: 100%; margin: 2.6em 0; border: 0; border-top: 1px solid var(--rule); }
    code, pre { font: .86em/1.5 var(--mono); font-variant-ligatures: none; }
    .option-name { white-space: nowrap; }
    code { padding: .12em .32em; border-radius: 4px; background: var(--soft); }
    pre {
      padding: .9em 1.1em; border: 1px solid var(--rule); border-radius: 8px;
      background: var(--soft); overflow-x: auto;
    }
    pre code { padding: 0; background: none; font-size: 1em; }
    img { max-width: 100%; height: auto; vertical-align: middle; }
    del { color: var(--muted); }
    .lost { color: var(--bad); }
    .unseen {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap;
    }
    .icon {
      width: 1.05em; height: 1.05em; flex: none; fill: none; stroke: currentColor;
      stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round;
    }
    .val {
      font-variant-numeric: lining-nums tabular-nums; white-space: nowrap;
      text-decoration: underline dotted var(--hint) 1px; text-underline-offset: .22em; cursor: help;
    }
    .val.missing { color: var(--bad); }
    .val.published { font-style: italic; text-decoration-style: dashed; }
    .val small { font-size: .7em; color: var(--muted); }
    .mark { font: .72em/0 var(--sans); }
    .mark a { padding: 0 .15em; text-decoration: none; }
    .footnotes { margin-top: 3.2em; padding-top: 1.2em; border-top: 1px solid var(--rule); font-size: .9em; }
    .footnotes :target, .mark a:target { background: var(--tint-note); }
    .back { text-decoration: none; font-family: var(--sans); }
    .alert {
      --tone: var(--note); --tint: var(--tint-note); padding: .85em 1.1em;
      border-left: 4px solid var(--tone); border-radius: 4px 8px 8px 4px; background: var(--tint);
    }
    div.alert { margin-bottom: .8em; }
    .alert > :last-child { margin-bottom: 0; }
    .alert-tip { --tone: var(--good); --tint: var(--tint-good); }
    .alert-important { --tone: var(--idea); --tint: var(--tint-idea); }
    .alert-warning { --tone: var(--warn); --tint: var(--tint-warn); }
    .alert-caution { --tone: var(--bad); --tint: var(--tint-bad); }
    .alert-title {
      display: flex; align-items: center; gap: .45em; margin-bottom: .25em; color: var(--tone);
      font: 650 .9rem/1.4 var(--sans);
    }
    .notice { display: flex; gap: .65em; font: .92rem/1.5 var(--sans); }
    .notice > .icon { margin-top: .22em; color: var(--tone); }

    """
}

extension PageStyle {
  /// Columns, title block, contents; what changes with the width of the screen and on paper.
  static let layout = """
    .skip { position: absolute; left: -100vw; }
    .skip:focus {
      left: 1rem; top: 1rem; z-index: 3; padding: .5em 1em; border-radius: 6px;
      background: var(--bg); font-family: var(--sans);
    }
    .page { max-width: 62rem; margin: 0 auto; padding: 2.2rem 1.1rem 3rem; }
    main { min-width: 0; }
    main > * { max-width: 41rem; }
    main > .title, main > .result { max-width: none; }
    .title { margin-bottom: 2.4em; }
    .title > * { max-width: 46rem; }
    .subtitle { margin: 0 0 .9em; color: var(--muted); font: 1.22rem/1.4 var(--sans); text-wrap: balance; }
    .byline { margin: 0; color: var(--muted); font: .92rem/1.5 var(--sans); }
    .byline span + span::before { content: "·"; margin: 0 .35em 0 .1em; }
    .contents { font: .9rem/1.4 var(--sans); }
    .contents ol { margin: 0; padding: 0; list-style: none; }
    .contents li { margin: 0; }
    .contents ol ol { padding-left: .9em; }
    .contents a { display: block; padding: .28em 0; color: var(--muted); text-decoration: none; }
    .contents a:hover { color: var(--link); }
    .contents :is(code, .val) { font-size: inherit; background: none; padding: 0; }
    .contents.side { display: none; }
    .contents.folded { margin-bottom: 2em; }
    .contents.folded > details {
      padding: .6em 1em; border: 1px solid var(--rule); border-radius: 8px; background: var(--soft);
    }
    .contents.folded details[open] > summary { margin-bottom: .5em; }
    .contents.folded a { padding: .42em 0; }
    summary { cursor: pointer; font-weight: 600; }
    .colophon {
      padding: 1.4rem 1.1rem 2.4rem; border-top: 1px solid var(--rule); color: var(--muted);
      font: .82rem/1.5 var(--sans); text-align: center;
    }
    @media (min-width: 48rem) {
      body { font-size: 1.125rem; }
      .page { padding: 3.6rem 2rem 4rem; }
    }
    @media (min-width: 1100px) {
      .page.with-contents {
        display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); gap: 3.8rem; max-width: 73rem;
      }
      .contents.folded { display: none; }
      .contents.side {
        display: block; position: sticky; top: 3.6rem; align-self: start;
        max-height: calc(100vh - 5rem); overflow-y: auto; padding-right: .5rem;
        scroll-target-group: auto;
      }
      .contents.side > p { margin: 0 0 .5em; font-weight: 650; }
      .contents.side a:target-current { color: var(--fg); font-weight: 600; }
    }

    """

  /// Paper: light colours, no navigation, everything folded is open, and nothing wider than A4 or Letter.
  ///
  /// What a screen shows in a title on hovering, `.paper` prints; it must outweigh `.data small`.
  static let print = """
    @media screen { .data small.paper { display: none; } }
    @media print {
      @page { margin: 1.6cm 1.5cm; }
      :root { color-scheme: light; }
      body { font-size: 10.5pt; line-height: 1.45; }
      .page { max-width: none; padding: 0; }
      main > * { max-width: none; }
      .contents, .skip, .anchor, .back, .footer details, .footer a { display: none !important; }
      a { color: inherit; }
      main .target::after { content: " (" attr(href) ")"; font-size: .85em; overflow-wrap: anywhere; }
      h1, h2, h3, h4, .head, .table > figcaption { break-after: avoid; }
      figcaption, .note { break-before: avoid; }
      .claim, .alert, pre, tr, li, figcaption, .scroll > picture, .choice,
      .experiment dl > div, .provenance dl > div {
        break-inside: avoid;
      }
      thead { display: table-header-group; }
      .scroll, .result .scroll, pre { overflow: visible; max-height: none; max-width: 100%; }
      .result img { max-width: 100%; max-height: 22cm; object-fit: contain; object-position: left; }
      pre { white-space: pre-wrap; }
      table { font-size: 8.5pt; line-height: 1.3; }
      th, td { padding: .3em .4em; }
      .num, .data tr > :first-child { white-space: normal; }
      .data tr > :first-child { position: static; }
      .data small { font-size: 7.2pt; }
      .data small.paper { display: block; white-space: nowrap; }
      .val { text-decoration: none; }
      details > summary { display: none; }
      .experiment details::details-content { content-visibility: visible; display: block; }
      .badge, .alert, .claim, .best { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}

extension PageStyle {
  /// Figures, tables, claims, experiments, provenance.
  static let results = """
    .number { font-weight: 650; color: var(--fg); white-space: nowrap; }
    .number + * { margin-left: .25em; }
    figure.result { margin: 2.2em 0; font-family: var(--sans); }
    figcaption { max-width: 46rem; margin-top: .7em; color: var(--muted); font: .9rem/1.5 var(--sans); }
    figcaption .number::after { content: "."; }
    .table > figcaption { margin: 0 0 .7em; }
    .result img { display: block; max-width: max(100%, 30rem); }
    .fits img { max-width: 100%; }
    @media (min-width: 48rem) { .result img { max-width: 100%; } }
    /* What does not fit runs to the edge of a phone's screen, which shows that it goes on. */
    @media screen and (max-width: 48rem) { main > .result > .scroll { margin-right: -1.1rem; max-width: none; } }
    .scroll { position: relative; overflow-x: auto; max-width: 100%; margin-bottom: 1.15em; }
    .result .scroll { margin-bottom: .5em; }
    table {
      border-collapse: collapse; color: var(--fg); font: .86rem/1.4 var(--sans);
      font-variant-numeric: lining-nums tabular-nums;
      border-top: 2px solid var(--fg); border-bottom: 2px solid var(--fg);
    }
    th, td { padding: .42em .6em; text-align: left; vertical-align: baseline; }
    th { font-weight: 600; }
    tbody th { font-weight: 500; }
    thead { border-bottom: 1px solid var(--fg); }
    tbody tr + tr { border-top: 1px solid var(--rule); }
    tbody tr.group-start { border-top: 1px solid var(--fg); }
    tbody tr:hover > * { background: var(--soft); }
    table code { font-size: .95em; }
    .num, .align-right { text-align: right; }
    .num { white-space: nowrap; }
    thead .num { white-space: normal; vertical-align: bottom; }
    .align-center { text-align: center; }
    th.group { text-align: center; border-bottom: 1px solid var(--rule); }
    .best b { font-weight: 700; }
    .best { background: var(--tint-good); }
    tbody tr:hover > .best { background: var(--tint-good); }
    td.missing { color: var(--muted); cursor: help; }
    .data tr > :first-child {
      position: sticky; left: 0; z-index: 1; background: var(--bg); white-space: nowrap;
    }
    .data.texts tr > :first-child {
      position: static; min-width: 14rem; white-space: normal; overflow-wrap: anywhere;
    }
    .data.texts tbody th { font-weight: 400; }
    @media screen and (max-width: 48rem) {
      .data tr > :first-child { box-shadow: 1px 0 0 var(--rule); padding-left: 0; }
    }
    .data small { display: block; color: var(--muted); font-size: .78rem; font-weight: 400; }
    .data .lines small { max-width: 15rem; }
    .data .published { color: var(--muted); font-style: italic; }
    .choice { max-width: 46rem; margin: 0 0 1em; font: 1rem/1.55 var(--sans); }
    .choice .badge { margin-right: .5em; }
    .note { max-width: 46rem; margin: .3em 0; color: var(--muted); font: .84rem/1.5 var(--sans); }
    .footer {
      display: flex; flex-wrap: wrap; align-items: baseline; gap: .2em 1.3em; margin-top: .45em;
      color: var(--muted); font: .82rem/1.5 var(--sans);
    }
    .footer summary { font-weight: 400; color: var(--link); }
    .footer details[open] { flex-basis: 100%; max-width: 100%; }
    .footer details .scroll { max-height: 24rem; margin-top: .5em; overflow: auto; }
    .claim, .experiment {
      margin: 1.8em 0; padding: 1em 1.2em; border: 1px solid var(--rule); border-radius: 8px;
      font-family: var(--sans);
    }
    .claim > :last-child, .experiment > :last-child { margin-bottom: 0; }
    .head {
      display: flex; flex-wrap: wrap; align-items: center; gap: .3em .6em; margin: 0 0 .6em;
      font: .9rem/1.4 var(--sans);
    }
    .supported { --tone: var(--good); --tint: var(--tint-good); }
    .refuted { --tone: var(--bad); --tint: var(--tint-bad); }
    .equivalent { --tone: var(--note); --tint: var(--tint-note); }
    .inconclusive { --tone: var(--warn); --tint: var(--tint-warn); }
    .unevaluated { --tone: var(--muted); --tint: var(--soft); }
    .claim { border-left: 4px solid var(--tone); border-radius: 4px 8px 8px 4px; }
    .badge {
      display: inline-flex; align-items: center; gap: .35em; padding: .12em .65em .12em .5em;
      border-radius: 1em; background: var(--tint); color: var(--tone); font-weight: 600;
      font-size: .86rem;
    }
    .statement { margin: 0 0 .7em; font: 1.06em/1.5 var(--serif); }
    .figures { display: flex; flex-wrap: wrap; gap: .5em 2em; margin: 0 0 .6em; }
    .figures dt { color: var(--muted); font-size: .76rem; }
    .figures dd { margin: 0; font-size: .95rem; font-variant-numeric: tabular-nums lining-nums; }
    .experiment dl, .provenance dl { margin: 0 0 .8em; font: .88rem/1.5 var(--sans); }
    .experiment dl > div, .provenance dl > div {
      display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0 1rem; padding: .16em 0;
    }
    .experiment dt, .provenance dt { color: var(--muted); }
    .experiment dd, .provenance dd { margin: 0; overflow-wrap: anywhere; }
    .experiment details { font-size: .88rem; }
    .experiment details[open] > summary { margin-bottom: .5em; }
    .methods dt { color: var(--fg); font-weight: 600; }
    .methods small { display: block; color: var(--muted); font-weight: 400; font-size: .78rem; }
    .experiment .methods { margin-bottom: 0; }
    .experiment .methods > div { padding: .4em 0; border-top: 1px solid var(--rule); }
    .option { display: inline-block; margin-right: 1em; color: var(--muted); }
    .option b { color: var(--fg); font-weight: 500; font-variant-numeric: tabular-nums; }
    .provenance { margin-top: 3.4em; padding-top: .2em; border-top: 1px solid var(--rule); font-family: var(--sans); }
    .provenance h2 { font-size: 1.22rem; margin-top: 1.2em; }
    .provenance p { font-size: .88rem; margin-bottom: .5em; }
    .provenance dd ul { margin: .2em 0; padding-left: 1.2em; }
    .reports { padding: 0; list-style: none; }
    .reports > li { margin: 0 0 2em; padding: 0 0 1em; border-bottom: 1px solid var(--rule); }
    .reports h2 { margin: 0 0 .3em; }
    .reports h2 a { text-decoration: none; }
    .provenance .advice { margin: .1em 0 .4em; color: var(--muted); }
    @media screen and (max-width: 34rem) {
      .experiment dl > div, .provenance dl > div { grid-template-columns: 1fr; padding: .3em 0; }
      .experiment dt, .provenance dt { font-size: .8rem; }
    }
    .result:target, .claim:target, .experiment:target { outline: 2px solid var(--focus); outline-offset: .6em; border-radius: 4px; }

    """
}
