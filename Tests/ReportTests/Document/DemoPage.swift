import Foundation

@testable import Report

/// A page with every component, filled in by hand where results would stand.
enum DemoPage {
  /// A PNG of one transparent pixel.
  static let picture =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
        + "rkJggg==") ?? Data()

  static func page() throws -> Page {
    let source = try ReportSource(file: "lowres.md", text: DemoStudy.study)
    let document = MarkdownParser(kinds: ["experiment", "chart", "table", "claim"]).parse(source)
      .document
    let renderer = HTMLRenderer(for: document, in: context)
    return Page(
      title: "Which way of adapting a small model pays?",
      subtitle: "Eight methods, five training sizes, ten seeds, one table of memory",
      authors: ["Ada Example", "Grace Sample"], date: "2025-01-31",
      description: "A study of low-resource adaptation whose numbers were all run.",
      contents: renderer.contents(of: document),
      notices: [
        Page.Notice(.problem, "3 of 120 cells failed; their places show —."),
        Page.Notice(.information, "Built with <code>--no-exec</code>: nothing was run anew."),
      ],
      body: renderer.html(of: document), provenance: provenance, generatorVersion: "0.1.0")
  }

  static var context: RenderContext {
    RenderContext(
      embedded: { block in
        switch block.label {
        case "lowres": experiment.html
        case "fig-acc": figure("fig-acc", 1, "Out-of-domain accuracy over training examples").html
        case "fig-mem": figure("fig-mem", 2, "Peak memory by category").html
        case "tbl-acc": table.html
        default: (claims.first { $0.anchor == block.label }?.html) ?? ""
        }
      },
      value: { expression, _ in
        let text = expression.contains("memory") ? "312 MB" : "78.4 ± 1.2 %"
        return InlineValue(text: text, title: "\(expression), mean of 10 seeds").html
      },
      reference: { label, _ in
        let names = [
          "fig-acc": "Figure 1", "fig-mem": "Figure 2", "tbl-acc": "Table 1", "clm-lora": "Claim 1",
          "clm-cd": "Claim 2", "sec-setup": "“Set-up”", "exp-lowres": "experiment lowres",
        ]
        return names[label].map { RenderContext.Target(text: $0, href: "#\(label)") }
      })
  }

  static let experiment = ExperimentComponent(
    anchor: "exp-lowres", label: "lowres",
    summary: [
      .init("Task", "cola: 8,551 training sentences, evaluated on 527 + 516"),
      .init("Model", "opt-125m, 125.2 M parameters, fp32"),
      .init("Methods", "icl, vanilla, pbft, lora, lora-r64, context-distillation"),
      .init("Shots", "2, 16, 32, 64, 128"), .init("Seeds", "0 … 9"),
      .init("Wall time", "1 h 12 min on 8 workers"),
    ],
    outcome: .init(done: 117, failed: 2, diverged: 1),
    methods: [
      .init(
        name: "vanilla", composition: "head × full",
        options: [
          .init("learning rate", "1e-5"), .init("epochs", "40"), .init("batch", "32"),
          .init("warm-up", "10 %"),
        ]),
      .init(
        name: "lora-r64", composition: "verbalizer × lora",
        options: [
          .init("learning rate", "2e-4"), .init("rank", "64"), .init("alpha", "8"),
          .init("dropout", "0.1"), .init("targets", "query, value"), .init("epochs", "40"),
        ]),
    ])

  static func figure(_ anchor: String, _ number: Int, _ title: String) -> FigureComponent {
    FigureComponent(
      anchor: anchor, number: number,
      caption: "\(title). Dots are means, bars 95 % intervals over 10 seeds, faint dots seeds.",
      alternative: "\(title): LoRA rises from 68.9 % at 2 examples to 78.4 % at 128.",
      picture: .init(light: picture, dark: picture, width: 760, height: 420),
      footer: ResultFooter(
        data: TableGrid(
          alignments: [.text, .number, .number],
          headerRows: [[.init("method"), .init("shots"), .init("accuracy")]],
          rows: [
            .init([.text("lora"), .value("2"), .value("68.9 %")]),
            .init([.text("lora"), .value("128"), .value("78.4 %")]),
          ]), csv: "lowres.csv", provenance: "lowres · 120 cells · 10 seeds"))
  }

  static let table: TableComponent = {
    let methods = ["In-context", "Vanilla", "PBFT", "LoRA", "LoRA r64", "Context distillation"]
    let rows = methods.enumerated().map { index, method -> TableGrid.Row in
      let values = (0..<10).map { column -> TableGrid.Cell in
        if index == 5 && column == 9 { return .missing(reason: "diverged at step 41") }
        if index == 1 && column == 0 { return .missing(reason: "2 of 10 cells failed") }
        let hundreds = 6800 + 31 * index * (column % 5) + 17 * column
        return .value(
          "\("\(hundreds / 100)").\(hundreds % 100 / 10)", isBest: index == 4 && column != 9,
          title: "mean of 10 seeds")
      }
      return .init([.text("\(method)")] + values, startsGroup: index == 1)
    }
    let shots = ["2", "16", "32", "64", "128"].map { TableGrid.HeaderCell("\($0)") }
    return TableComponent(
      anchor: "tbl-acc", number: 1, caption: "Accuracy in percent by number of training examples.",
      grid: TableGrid(
        alignments: [.text] + Array(repeating: .number, count: 10),
        headerRows: [
          [.init(""), .init("in-domain", span: 5), .init("out-of-domain", span: 5)],
          [.init("method")] + shots + shots,
        ], rows: rows),
      notes: ["<b>Bold</b>: best of its column. —: missing; the reason is in the cell’s title."],
      footer: ResultFooter(csv: "lowres.csv", provenance: "lowres · 120 cells · 10 seeds"))
  }()

  static let claims = [
    ClaimComponent(
      anchor: "clm-lora", number: 1,
      statement: "With 128 examples, <strong>LoRA</strong> beats full fine-tuning out of domain.",
      verdict: .supported,
      figures: [
        .init("difference", "+4.2 points"), .init("95 % interval", "+1.1 to +7.3"),
        .init("p (family of 4)", "0.012"), .init("seeds", "10"),
      ]),
    ClaimComponent(
      anchor: "clm-cd", number: 2,
      statement: "With 16 examples, context distillation beats full fine-tuning out of domain.",
      verdict: .refuted,
      figures: [
        .init("difference", "−3.6 points"), .init("95 % interval", "−5.9 to −1.2"),
        .init("p (family of 4)", "0.020"), .init("seeds", "10"),
      ]),
    ClaimComponent(
      anchor: "clm-icl", number: 3,
      statement: "In-context learning with 16 examples equals PBFT within one point.",
      verdict: .inconclusive,
      figures: [
        .init("difference", "+0.7 points"), .init("95 % interval", "−2.9 to +4.4"),
        .init("p (family of 4)", "1.000"), .init("seeds", "4"),
      ], notes: ["An interval of ± 2 points takes 14 seeds."]),
    ClaimComponent(
      anchor: "clm-rank", number: 4, statement: "Rank 64 beats rank 8.", verdict: .missing,
      figures: [], notes: ["no cell of lora-r64 at 128 examples has finished"]),
  ]

  static let provenance = ProvenanceComponent(
    facts: [
      .init("Program", "ftreport 0.1.0, numerics 1"),
      .init("Model", "opt-125m sha256:5f1c9e0b7a3d…", isCode: true),
      .init("Data", "cola/train.tsv sha256:91be04…", isCode: true),
      .init("Machine", "AMD EPYC, 8 cores, OpenBLAS 0.3.26, 1 thread a worker"),
    ],
    commands: [
      "git checkout 4c1f2d9", "ftreport build reports/lowres.md -P suite=glue -P model=opt-125m",
    ])
}
