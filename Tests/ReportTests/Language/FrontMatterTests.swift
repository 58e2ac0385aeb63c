import Testing

@testable import Experiments
@testable import Formats
@testable import Report

@Suite struct FrontMatterTests {
  @Test("every key is read")
  func keys() throws {
    let (frontMatter, diagnostics) = try LanguageSamples.frontMatter(
      """
      title: 2024
      subtitle: Second
      authors: [Ada, {name: Bo, affiliation: Uni}]
      date: 2026-05-01
      description: About {{params.n}} seeds
      bibliography: refs.bib
      theme: plain
      toc: false
      publish: {to: "git:pages:a/b", remote: upstream, strict: true}
      params: {n: 3}
      defaults: {task: cola}
      """)
    #expect(diagnostics.isEmpty)
    let found = try #require(frontMatter)
    #expect(found.title.value == "2024")
    #expect(found.title.position.description == "r.md:2:8")
    #expect(found.subtitle == "Second")
    #expect(found.authors.map(\.name) == ["Ada", "Bo"])
    #expect(found.authors.map(\.affiliation) == [nil, "Uni"])
    #expect(found.date == "2026-05-01")
    #expect(found.description == "About 3 seeds")
    #expect(found.bibliography.map(\.value) == ["refs.bib"])
    #expect(found.theme?.value == "plain")
    #expect(!found.hasContents)
    #expect(found.publication?.destination?.value == .branch("pages", folder: "a/b"))
    #expect(found.publication?.remote == "upstream")
    #expect(found.publication?.isStrict == true)
  }

  @Test("one author and one destination need no list")
  func short() throws {
    let found = try #require(
      try LanguageSamples.frontMatter("title: a\nauthors: Ada\npublish: site").frontMatter)
    #expect(found.authors.map(\.name) == ["Ada"])
    #expect(found.publication?.destination?.value == .directory("site"))
    #expect(found.hasContents)
  }

  @Test(
    "a target that is none is reported where it is written",
    arguments: [
      ("git:", "r.md:3:11: error[FT012]: 'git:' names no branch", "git:BRANCH"),
      ("git:a b", "r.md:3:11: error[FT012]: 'git:a b' names no branch", "git:BRANCH"),
      ("git:-x", "r.md:3:11: error[FT012]: 'git:-x' names no branch", "git:BRANCH"),
      ("git:x.lock", "r.md:3:11: error[FT012]: 'git:x.lock' names no branch", "git:BRANCH"),
      ("git:x:y:z", "r.md:3:11: error[FT012]: 'git:x:y:z' names no branch", "git:BRANCH"),
      ("git:x:../y", "r.md:3:11: error[FT012]: '../y' is no folder of a branch", "'..'"),
    ])
  func target(written: String, expected: String, help: String) throws {
    let found = try LanguageSamples.frontMatter("title: a\npublish: \"\(written)\"")
    let text = try #require(found.diagnostics.first)
    #expect(text.split(separator: "\n").first.map(String.init) == expected)
    #expect(text.contains(help))
  }

  static let parameters = """
    title: a
    params: {seeds: 0..9, model: builtin, rates: [1, 0.5]}
    profiles:
      quick: {seeds: 0..1, model: tiny}
    """

  @Test(
    "the command line wins over the profile, which wins over params",
    arguments: [
      ([], "0..9", "builtin", "default"), (["profile=quick"], "0..1", "tiny", "quick"),
      (["profile=quick", "model=big"], "0..1", "big", "quick"),
      (["seeds=[1, 2]"], "[1, 2]", "builtin", "default"),
      (["profile=default"], "0..9", "builtin", "default"),
    ] as [([String], String, String, String)])
  func precedence(given: [String], seeds: String, model: String, profile: String) throws {
    let (frontMatter, diagnostics) = try LanguageSamples.frontMatter(Self.parameters, given)
    #expect(diagnostics.isEmpty)
    let found = try #require(frontMatter).parameters
    #expect(found["seeds"]?.description == seeds)
    #expect(found["model"]?.description == model)
    #expect(found["profile"]?.description == profile)
    #expect(found.names == ["model", "profile", "rates", "seeds"])
  }

  static let variants = """
    title: a
    params: {suite: small, task: cola, rate: 1, seeds: 2}
    variants:
      suite:
        small: {}
        large: {task: mnli, rate: 3}
    profiles:
      full: {rate: 5, seeds: 10}
    """

  @Test(
    "a variant sets parameters, a profile more of them, and the command line has the last word",
    arguments: [
      ([], "cola 1 2"), (["suite=large"], "mnli 3 2"), (["profile=full"], "cola 5 10"),
      (["suite=large", "profile=full"], "mnli 5 10"),
      (["suite=large", "profile=full", "rate=7"], "mnli 7 10"),
    ] as [([String], String)])
  func variants(given: [String], expected: String) throws {
    let (frontMatter, diagnostics) = try LanguageSamples.frontMatter(Self.variants, given)
    #expect(diagnostics.isEmpty)
    let found = try #require(frontMatter).parameters
    #expect(
      ["task", "rate", "seeds"].map { found[$0]?.description ?? "" }.joined(separator: " ")
        == expected)
  }

  @Test("a variant that is not there is reported where it was chosen")
  func unknownVariant() throws {
    let found = try LanguageSamples.frontMatter(Self.variants, ["suite=larg"])
    #expect(
      found.diagnostics == [
        """
        -P:1:7: error[FT013]: no suite is named 'larg'
          help: did you mean 'large'?
        """
      ])
  }

  @Test("a parameter named on the command line must be known, and so must a profile")
  func unknown() throws {
    let found = try LanguageSamples.frontMatter(Self.parameters, ["sede=3", "profile=quik"])
    #expect(
      found.diagnostics == [
        """
        -P:1:6: error[FT013]: no parameter is named 'sede'
          help: did you mean 'seeds'?
        """,
        """
        -P:1:9: error[FT013]: no profile is named 'quik'
          help: did you mean 'quick'?
        """,
      ])
  }

  @Test(
    "values on the command line are YAML scalars and flow lists",
    arguments: [
      ("n=3", .integer(3)), ("n=1e-5", .number(1e-5)), ("n=true", .flag(true)),
      ("n=", .text("")), ("n=A: b", .text("A: b")), ("n='3'", .text("3")),
      ("n=[1, x]", .list([.integer(1), .text("x")])), ("n=a=b", .text("a=b")),
    ] as [(String, OptionValue)])
  func assignments(assignment: String, value: OptionValue) throws {
    var overrides = ParameterOverrides()
    try overrides.add(assignment: assignment)
    #expect(overrides.all.map(\.name) == ["n"])
    #expect(overrides.all.first?.value.value == value)
  }

  @Test("the command line wins over a parameters file, whichever is read first")
  func file() throws {
    var overrides = ParameterOverrides()
    try overrides.add(assignment: "a=1")
    try overrides.add(text: "a: 2\nb: [3]", of: "p.yml")
    #expect(overrides.all.map(\.value.value) == [.integer(1), .list([.integer(3)])])
    #expect(overrides.all.map(\.value.position.description) == ["-P:1:3", "p.yml:2:1"])
  }

  @Test(
    "parameters from outside that make no sense are explained",
    arguments: [
      (
        "seeds",
        """
        -P:1:1: error[FT012]: 'seeds' is not 'key=value'
          help: write -P seeds=0..9
        """
      ),
      ("a={b: 1}", "-P:1:3: error[FT012]: a parameter must be a scalar or a list, not a map"),
      (
        "a=[1",
        """
        -P:1:3: error[FT003]: the list that begins here is not closed or lacks a comma
          help: separate its items with ',' and end it with ']'
        """
      ),
    ])
  func badAssignment(assignment: String, expected: String) {
    var overrides = ParameterOverrides()
    do throws(Diagnostic) {
      try overrides.add(assignment: assignment)
      Issue.record("\(assignment) was taken")
    } catch {
      #expect(error.description == expected)
    }
  }

  @Test(
    "a parameters file that is no map of values is explained",
    arguments: [
      (
        "- 1",
        """
        p.yml:1:1: error[FT012]: a parameters file must be a map, not a list
          help: write 'key: value' lines
        """
      ),
      (
        "a: {b: 1}",
        "p.yml:1:4: error[FT012]: the parameter 'a' must be a scalar or a list, not a map"
      ),
    ])
  func badFile(text: String, expected: String) {
    var overrides = ParameterOverrides()
    do throws(Diagnostic) {
      try overrides.add(text: text, of: "p.yml")
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.description == expected)
    }
  }

  @Test("a parameter that is a whole scalar keeps its type; within text it is written out")
  func substitution() throws {
    let parameters = ParameterSet(["n": .integer(3), "list": .list([.integer(1), .text("x")])])
    var substitution = ParameterSubstitution(parameters)
    let root = try YAMLReader.read(
      "a: {{params.n}}\nb: \"{{ params.list }}\"\nc: \"n is {{params.n}}: {{x[{{y}} {{params.n}}!\"",
      at: LanguageSamples.start)
    let value = substitution.applied(to: try #require(root))
    guard case .map(let fields) = value.content, case .list(let items) = fields[1].value.content
    else {
      Issue.record("structure lost")
      return
    }
    #expect(fields[0].value.content == .integer(3))
    #expect(fields[0].value.position.description == "r.md:1:4")
    #expect(items.map(\.source.text) == ["1", "x"])
    #expect(fields[2].value.source.text == "n is 3: {{x[{{y}} 3!")
    #expect(substitution.diagnostics.isEmpty)
  }

  @Test("text after a parameter keeps its place in the source")
  func placesAfterSubstitution() throws {
    var substitution = ParameterSubstitution(ParameterSet(["long": .text("a long text")]))
    let root = try YAMLReader.read("'{{params.long}} {{b.c.d}}'", at: LanguageSamples.start)
    let source = substitution.applied(to: try #require(root)).source
    #expect(source.text == "a long text {{b.c.d}}")
    #expect(Template(source).placeholders.map(\.position.column) == [20])
  }
}
