import Experiments
package import Formats

/// What a method answers wrongly, or where two methods disagree: rows of the data on the page.
struct ErrorsBlock: ReportBlock, Hashable {
  static let kind = "errors"
  static let references = ReferenceStyle("err", "Errors")
  static let jsonKey: String? = "errors"
  /// Rows to show, unless the block says otherwise.
  static let usualMost = 20

  let label: String
  let position: SourcePosition
  let experiment: Located<String>
  let method: Located<String>
  /// A method to compare with.
  let against: Located<String>?
  let shots: Located<ShotsChoice>
  /// Nil for the first of the experiment.
  let set: Located<String>?
  let most: Int
  let caption: Template?

  init?(_ fields: inout FieldReader, label: String) {
    self.label = label
    position = fields.position
    let experiment = fields.string("from")
    fields.requirePresence(of: "from", like: "the label of an experiment")
    let method = fields.string("method")
    fields.requirePresence(of: "method", like: "lora")
    against = fields.string("against")
    shots = fields.shotsChoice("shots") ?? Located(.most, at: fields.position)
    set = fields.string("set")
    most = fields.integer("most", atLeast: 1)?.value ?? Self.usualMost
    caption = fields.text("caption").map(Template.init)
    guard let experiment, let method else { return nil }
    self.experiment = experiment
    self.method = method
  }

  var templates: [Template] { [caption].compactMap(\.self) }

  func check(against catalog: ExperimentCatalog) -> [Diagnostic] {
    var problems = caption?.check(against: catalog) ?? []
    switch catalog.lookUp(experiment.value, at: experiment.position) {
    case .failure(let diagnostic): problems.append(diagnostic)
    case .success(nil): break
    case .success(let shape?):
      problems += [method, against].compactMap(\.self).compactMap {
        shape.problem(method: $0.value, at: $0.position)
      }
      if case .exactly(let number) = shots.value {
        problems += [shape.problem(shots: number, at: shots.position)].compactMap(\.self)
      }
      problems += [set.flatMap { shape.problem(set: $0.value, at: $0.position) }]
        .compactMap(\.self)
    }
    return problems
  }
}

extension ErrorsBlock {
  static func evaluated(
    _ blocks: [ErrorsBlock], on evaluation: EvaluatedResults
  ) -> [any EvaluatedBlock] {
    blocks.map { block in
      let results = evaluation.frame[block.experiment.value]
      let shots = results.flatMap { block.shots.value.number(in: $0.shape.shots) }
      let set = block.set?.value ?? results?.shape.sets.first
      var list: ErrorList?
      if let results, let shots, let set, let task = evaluation.texts[block.experiment.value] {
        list = ErrorList(
          of: block.method.value, against: block.against?.value, shots: shots, on: set, results,
          task)
      }
      return EvaluatedErrors(block: block, list: list, experiments: evaluation.experiments)
    }
  }
}

/// A list of errors with what it is of.
private struct EvaluatedErrors: EvaluatedBlock {
  let block: ErrorsBlock
  /// Nil where the examples cannot be read.
  let list: ErrorList?
  let experiments: [PlannedExperiment]

  var label: String { block.label }

  func html(in setting: PageSetting) -> HTML {
    let entry = setting.prose.references.entry(ofBlock: block.label)
    return TableComponent(
      anchor: entry?.anchor ?? block.label, noun: ErrorsBlock.references.name ?? "",
      number: entry?.number ?? 0, caption: caption(setting.prose), grid: grid, notes: notes,
      footer: ResultFooter(provenance: experiments.origin(of: [block.experiment.value]))
    ).html
  }

  private func caption(_ prose: Prose) -> HTML {
    if let caption = block.caption { return "<span>\(prose.html(caption))</span>" }
    guard let list else { return "<span>\(block.method.value)</span>" }
    return list.other.map { "<span>\(list.method) and \($0) disagree on \(list.set)</span>" }
      ?? "<span>What \(list.method) answers wrongly on \(list.set)</span>"
  }

  private var grid: TableGrid {
    let methods = [block.method.value, block.against?.value].compactMap(\.self)
    let header = ["text", "class"] + methods
    let rows = (list?.items.prefix(block.most) ?? []).map { item in
      TableGrid.Row(
        [
          .text(HTML(escaping: item.texts.joined(separator: " / "))),
          .text("\(list?.name(item.truth) ?? "")"),
          .text("\(list?.words(item.answers) ?? "")"),
        ] + (block.against == nil ? [] : [.text("\(list?.words(item.others) ?? "")")]))
    }
    var grid = TableGrid(
      alignments: header.map { _ in .text },
      headerRows: [header.map { TableGrid.HeaderCell("\($0)") }], rows: rows)
    grid.hasTexts = true
    return grid
  }

  private var notes: [HTML] {
    guard let list else { return ["The examples cannot be read."] }
    guard list.answered > 0 else { return ["Nothing has run."] }
    let shown = min(block.most, list.items.count)
    let what =
      list.other == nil
      ? "that some run of \(list.method) answers wrongly"
      : "on which one of the two has more of its runs right"
    let order =
      list.other == nil
      ? "Those that most runs have wrong come first." : "The largest differences come first."
    return [
      "\(shown) of the \(list.items.count) items (of \(list.answered)) \(what). \(order)"
    ]
  }

  var json: JSONText {
    .map([
      "label": .text(block.label), "experiment": .text(block.experiment.value),
      "method": .text(block.method.value), "against": JSONText(block.against?.value),
      "set": JSONText(list?.set), "shots": list.map { .integer($0.shots) } ?? .null,
      "answered": .integer(list?.answered ?? 0), "count": .integer(list?.items.count ?? 0),
      "items": .list((list?.items.prefix(block.most) ?? []).compactMap { list?.json($0) }),
    ])
  }
}

extension ErrorList {
  /// An item for programs.
  package func json(_ item: Item) -> JSONText {
    func answers(_ answers: Answers) -> JSONText {
      .map(
        Dictionary(
          answers.frequencies.map { (name($0.label), JSONText.integer($0.count)) },
          uniquingKeysWith: { first, _ in first }))
    }
    var fields: [String: JSONText] = [
      "texts": JSONText(item.texts), "truth": .text(name(item.truth)),
      "answers": answers(item.answers),
    ]
    if other != nil { fields["others"] = answers(item.others) }
    return .map(fields)
  }
}
