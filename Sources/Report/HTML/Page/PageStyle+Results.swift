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
    @media (max-width: 48rem) { main > .result > .scroll { margin-right: -1.1rem; max-width: none; } }
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
    @media (max-width: 48rem) {
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
    .provenance .advice { margin: .1em 0 .4em; color: var(--muted); }
    @media (max-width: 34rem) {
      .experiment dl > div, .provenance dl > div { grid-template-columns: 1fr; padding: .3em 0; }
      .experiment dt, .provenance dt { font-size: .8rem; }
    }
    .result:target, .claim:target, .experiment:target { outline: 2px solid var(--focus); outline-offset: .6em; border-radius: 4px; }

    """
}
