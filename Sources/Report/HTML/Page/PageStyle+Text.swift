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
