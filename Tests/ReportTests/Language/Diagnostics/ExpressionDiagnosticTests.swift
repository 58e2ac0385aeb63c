import Testing

@testable import Formats
@testable import Report

/// The whole text of what is said about expressions.
@Suite struct ExpressionDiagnosticTests {
  struct Case: Sendable {
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      source: "a[",
      expected: """
        r.md:1:3: error[FT023]: expected a method or a number of shots, found the end
          help: a selection looks like [lora, 128] or [method=lora, shots=128, seed=3]
        """),
    Case(
      source: "a[lora",
      expected: """
        r.md:1:7: error[FT023]: expected ']' to end the selection, found the end
        """),
    Case(
      source: "a[lora,128",
      expected: """
        r.md:1:11: error[FT023]: expected ']' to end the selection, found the end
        """),
    Case(
      source: "a[lora,128].",
      expected: """
        r.md:1:13: error[FT023]: expected a metric after '.', found the end
          help: write SET.METRIC, and a minus sign with spaces around it
        """),
    Case(
      source: "a[lora,128]",
      expected: """
        r.md:1:12: error[FT023]: 'a' is followed by no metric
          help: write a[lora,128].ood.accuracy
        """),
    Case(
      source: "a[x=1].ood.mcc",
      expected: """
        r.md:1:3: error[FT023]: a selection has no 'x'
          help: it may have: method, shots, seed
        """),
    Case(
      source: "a[seed=x].ood.mcc",
      expected: "r.md:1:8: error[FT023]: seed= takes a whole number, not 'x'"),
    Case(
      source: "a[shots=1.5].ood.mcc",
      expected: "r.md:1:9: error[FT023]: shots must be a whole number, not '1.5'"),
    Case(
      source: "a[lora,vanilla].ood.mcc",
      expected: """
        r.md:1:8: error[FT023]: the selection names method twice
          help: by position, a word is the method and a number is the shots
        """),
    Case(
      source: "a[lora,max].ood.mcc",
      expected: """
        r.md:1:8: error[FT023]: a selection has no 'max' by itself
          help: write shots=max
        """),
    Case(
      source: "a[1,2].ood.mcc",
      expected: """
        r.md:1:5: error[FT023]: the selection names shots twice
          help: by position, a word is the method and a number is the shots
        """),
    Case(
      source: "avg(a.ood.mcc)",
      expected: """
        r.md:1:1: error[FT023]: there is no function 'avg'
          help: functions: mean, median, iqm, sd, min, max, count
        """),
    Case(
      source: "mean(3)",
      expected: """
        r.md:1:1: error[FT023]: mean() takes results, not a number
          help: give it a selection such as exp-1[lora,128].ood.accuracy
        """),
    Case(
      source: "mean(a.ood.mcc",
      expected: "r.md:1:15: error[FT023]: expected ')' to end mean(…, found the end"),
    Case(
      source: "(1",
      expected: """
        r.md:1:3: error[FT023]: expected ')' to end the parenthesis, found the end
        """),
    Case(
      source: "1 2",
      expected: """
        r.md:1:3: error[FT023]: '2' does not continue the expression
          help: join values with + - * / and spaces around them
        """),
    Case(
      source: "",
      expected: """
        r.md:1:1: error[FT023]: expected a value, found the end
          help: a value looks like exp-1[lora,128].ood.accuracy
        """),
    Case(
      source: "#",
      expected: """
        r.md:1:1: error[FT023]: '#' has no meaning in an expression
          help: an expression looks like exp-1[lora,128].ood.accuracy
        """),
    Case(
      source: "a.ood.mcc:foo",
      expected: """
        r.md:1:11: error[FT023]: there is no format 'foo'
          help: formats: pct, points, bytes, s, int, x, .0 to .9; add ± for mean ± sd
        """),
    Case(
      source: "a.ood.mcc-0.5",
      expected: """
        r.md:1:13: error[FT023]: expected a metric after '.', found '5'
          help: write SET.METRIC, and a minus sign with spaces around it
        """),
    Case(
      source: "a.train.los",
      expected: """
        r.md:1:3: error[FT022]: 'train.los' is not a metric
          help: did you mean 'train.loss'?
        """),
    Case(
      source: "a.x.y.z",
      expected: """
        r.md:1:3: error[FT022]: 'x.y.z' is not a metric
          help: write SET.METRIC, such as ood.accuracy, or one of train.loss, \
        train.accuracy, train.seconds, train.tokens, train.steps, memory.peak, \
        memory.weights, memory.gradients, memory.optimizer, memory.activations, \
        memory.workspace, memory.key-value, memory.resident, seconds, \
        trainable-parameters, demonstrations
        """),
    Case(
      source: "1e999", expected: "r.md:1:1: error[FT023]: the number 1e999 is too large"),
    Case(
      source: "é",
      expected: """
        r.md:1:1: error[FT023]: 'é' has no meaning in an expression
          help: an expression looks like exp-1[lora,128].ood.accuracy
        """),
    Case(
      source: "a[*].ood.mcc",
      expected: """
        r.md:1:3: error[FT023]: expected a method or a number of shots, found '*'
          help: a selection looks like [lora, 128] or [method=lora, shots=128, seed=3]
        """),
    Case(
      source: "3 > 2",
      expected: """
        r.md:1:3: error[FT023]: '>' does not continue the expression
          help: join values with + - * / and spaces around them
        """),
    Case(
      source: "a[method=3].ood.mcc",
      expected: "r.md:1:10: error[FT023]: method= takes a name, not '3'"),
  ]

  @Test("a mistake in an expression is explained where it was made", arguments: cases)
  func text(of problem: Case) throws {
    let source = SourceText(problem.source, at: LanguageSamples.start)
    do throws(Diagnostic) {
      let value = try ValueExpression(parsing: source)
      Issue.record("\(problem.source) was read as \(value)")
    } catch {
      #expect(error.description == problem.expected)
    }
  }
}
