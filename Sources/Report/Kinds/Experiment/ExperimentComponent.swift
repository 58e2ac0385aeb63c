/// What an experiment block ran, in brief, with every setting a click away.
struct ExperimentComponent: Hashable, Sendable {
  /// A name with its value, both as a reader sees them.
  struct Setting: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A method with every option it ran with, defaults included.
  package struct Method: Hashable, Sendable {
    package var name: String
    /// As in "verbalizer × lora".
    var composition: String
    package var options: [Setting]

    package init(name: String, composition: String, options: [Setting]) {
      self.name = name
      self.composition = composition
      self.options = options
    }
  }

  /// How the cells ended.
  package struct Outcome: Hashable, Sendable {
    var done: Int
    var failed: Int
    var diverged: Int
    /// Cells without a result.
    package var missing: Int

    package init(done: Int, failed: Int, diverged: Int, missing: Int = 0) {
      self.done = done
      self.failed = failed
      self.diverged = diverged
      self.missing = missing
    }
  }

  /// As in "exp-lowres".
  var anchor: String
  /// As in "lowres".
  package var label: String
  /// What the experiment is for, in a sentence or two.
  var statement: HTML?
  /// Task, model, data, methods, shots, seeds, wall time, in this order.
  package var summary: [Setting]
  var outcome: Outcome
  package var methods: [Method]
  /// What accuracy varies with, where initializations are repeated.
  var variance: TableGrid?
  /// What was tried before settings were chosen.
  var tuning: TableGrid?

  package init(
    anchor: String, label: String, statement: HTML? = nil, summary: [Setting], outcome: Outcome,
    methods: [Method]
  ) {
    self.anchor = anchor
    self.label = label
    self.statement = statement
    self.summary = summary
    self.outcome = outcome
    self.methods = methods
  }

  package var html: HTML {
    """
    <section class="experiment" id="\(anchor)" aria-label="Experiment \(label)">
    <p class="head"><span class="number">Experiment</span> <code>\(label)</code> \(cells)</p>
    \(statement.map { "<p class=\"statement\">\($0)</p>\n" as HTML })<dl>
    \(summary.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" as HTML }.joined())</dl>
    \(variance.map(shares))\(tuning.map(trials))\(methods.isEmpty ? "" : settings)</section>
    """
  }
}

extension ExperimentComponent {
  private var cells: HTML {
    let lost = outcome.failed + outcome.diverged + outcome.missing
    let total = outcome.done + lost
    let style: HTML = lost == 0 ? "supported" : "refuted"
    let icon: Icon = lost == 0 ? .check : .triangle
    var parts = ["\(outcome.done) of \(total) cells done"]
    if outcome.failed > 0 { parts.append("\(outcome.failed) failed") }
    if outcome.diverged > 0 { parts.append("\(outcome.diverged) diverged") }
    if outcome.missing > 0 { parts.append("\(outcome.missing) not run") }
    return """
      <span class="\(style)"><span class="badge">\(icon.html)\
      \(parts.joined(separator: ", "))</span></span>
      """
  }

  private func shares(_ grid: TableGrid) -> HTML {
    """
    <details><summary>What the accuracy of a run varies with</summary>
    \(grid.html(named: "What the accuracy of a run varies with"))
    <p>Percent of the variance of one run’s accuracy that is due to the sample of training examples, to \
    initialization and order on one sample, and to the items of the evaluation set.</p></details>

    """
  }

  private func trials(_ grid: TableGrid) -> HTML {
    """
    <details><summary>Which settings were tried</summary>
    \(grid.html(named: "Which settings were tried"))
    <p>Percent of the sample’s own examples that are answered correctly by a training on the other folds. \
    The better half goes on to the next rung, and the best of the last is trained on the whole sample. Log \
    loss in nats, of the last rung that a setting reached; time of its trials in one search.</p></details>

    """
  }

  private var settings: HTML {
    let rows = methods.map { method -> HTML in
      let options = method.options.map { option -> HTML in
        "<span class=\"option\">\(option.name) <b>\(option.value)</b></span>"
      }.joined(separator: " ")
      return """
        <div><dt>\(method.name)<small>\(method.composition)</small></dt>
        <dd>\(options)</dd></div>

        """
    }.joined()
    return """
      <details><summary>Every setting of \(methods.count == 1 ? "the method" : "the \(methods.count) methods" as HTML)</summary>
      <dl class="methods">
      \(rows)</dl></details>

      """
  }
}
