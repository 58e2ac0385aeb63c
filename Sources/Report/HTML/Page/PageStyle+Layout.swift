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

  /// Paper: light colours, no navigation, everything folded is open, pictures and claims whole.
  static let print = """
    @media print {
      @page { margin: 2cm 1.8cm; }
      :root { color-scheme: light; }
      body { font-size: 10.5pt; line-height: 1.45; }
      .page { max-width: none; padding: 0; }
      main > * { max-width: none; }
      .contents, .skip, .anchor, .back { display: none !important; }
      a { color: inherit; }
      main p a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .85em; overflow-wrap: anywhere; }
      h1, h2, h3, h4 { break-after: avoid; }
      figure, .claim, .experiment, .alert, pre, tr { break-inside: avoid; }
      thead { display: table-header-group; }
      .scroll, pre { overflow: visible; }
      pre { white-space: pre-wrap; }
      details > summary { display: none; }
      .experiment details::details-content { content-visibility: visible; display: block; }
      .badge, .alert, .claim { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}
