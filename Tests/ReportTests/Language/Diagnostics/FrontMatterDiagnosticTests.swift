import Testing

@testable import Report

/// The whole text of what is said about front matter.
@Suite struct FrontMatterDiagnosticTests {
  struct Case: Sendable {
    let source: String
    let expected: String
  }

  static let cases = [
    Case(
      source: "- a",
      expected: """
        r.md:2:1: error[FT012]: the front matter must be a map, not a list
          help: write 'key: value' lines
        """),
    Case(
      source: """
        title: [a]
        author: me
        toc: 3
        authors: [{nme: x}]
        """,
      expected: """
        r.md:2:8: error[FT012]: 'title' must be text, not a list
        r.md:3:1: error[FT010]: unknown key 'author' in the front matter
          help: did you mean 'authors'?
        r.md:4:6: error[FT012]: 'toc' must be true or false, not '3'
        r.md:5:12: error[FT010]: unknown key 'nme' in the author
          help: did you mean 'name'?
        """),
    Case(
      source: """
        title: a
        params: {seeds: 0..9, m: {a: 1}, z: "{{x}}"}
        profiles:
          quick: {seed: 1}
          full: 3
        defaults: {task: cola, shot: 3}
        """,
      expected: """
        r.md:3:26: error[FT012]: 'params.m' must be a scalar or a list of scalars, not a map
        r.md:3:37: error[FT012]: the parameter 'z' cannot contain '{{'
          help: parameters can be used in other values, but not in one another
        r.md:5:11: error[FT013]: the profile 'quick' sets a parameter 'seed' that \
        'params' lacks
          help: did you mean 'seeds'?
        r.md:6:9: error[FT012]: the 'profiles.full' map must be a map, not a whole number
          help: write 'key: value' lines
        r.md:7:24: error[FT010]: unknown key 'shot' in the 'defaults' map
          help: did you mean 'shots'?
        """),
    Case(
      source: """
        title: "{{params.q}} x"
        params: {qq: 1}
        publish: {too: x}
        """,
      expected: """
        r.md:2:11: error[FT013]: no parameter is named 'q'
          help: did you mean 'qq'?
        r.md:4:11: error[FT010]: unknown key 'too' in the 'publish' map
          help: did you mean 'to'?
        """),
    Case(
      source: """
        title: a
        profiles: {quick: {}}
        params: {profile: quik}
        """,
      expected: """
        r.md:4:19: error[FT013]: no profile is named 'quik'
          help: did you mean 'quick'?
        """),
  ]

  @Test("mistakes in front matter are all reported", arguments: cases)
  func text(of problem: Case) throws {
    let found = try LanguageSamples.frontMatter(problem.source).diagnostics
    #expect(found.joined(separator: "\n") == problem.expected)
  }
}
