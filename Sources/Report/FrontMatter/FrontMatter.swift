import Experiments
package import Formats

/// A report's front matter.
package struct FrontMatter: Hashable, Sendable {
  /// Someone who wrote the report.
  struct Author: Hashable, Sendable {
    package let name: String
    let affiliation: String?
  }

  /// Where `ftreport publish` puts the report.
  package struct Publication: Hashable, Sendable {
    /// A folder relative to the source, or `git:BRANCH`.
    package let destination: Located<PublicationTarget>?
    /// The git remote to push to.
    package let remote: String?
    /// Whether a refuted claim or a failed check prevents it.
    package let isStrict: Bool
  }

  let title: Located<String>
  let subtitle: String?
  let authors: [Author]
  /// As written; no calendar is consulted.
  let date: String?
  package let description: String?
  /// `.bib` files, relative to the source.
  let bibliography: [Located<String>]
  package let theme: Located<String>?
  let hasContents: Bool
  package let publication: Publication?
  /// With profile and command line applied.
  package let parameters: ParameterSet
  /// Named methods of the report's own.
  let presets: UserPresets
  /// Experiment keys that blocks inherit unless they set them, parameters filled in.
  let defaults: [YAMLField]
}

extension FrontMatter {
  /// Reads the YAML between a source's first two `---` lines.
  ///
  /// - Parameters:
  ///   - yaml: The text between the lines, empty where a source has no front matter.
  ///   - position: The position of its first byte.
  ///   - overrides: Parameters from the command line.
  /// - Returns: The front matter, nil where it is not a YAML map, and everything that is wrong with it.
  package static func read(
    _ yaml: String, at position: SourcePosition,
    overrides: ParameterOverrides = ParameterOverrides()
  ) -> (frontMatter: FrontMatter?, diagnostics: [Diagnostic]) {
    let root: YAMLValue?
    do {
      root = try YAMLReader.read(yaml, at: position)
    } catch {
      return (nil, [error])
    }
    var raw = FieldReader(root, owner: "front matter", position: position)
    guard raw.diagnostics.isEmpty else { return (nil, raw.diagnostics) }
    var parameterReader = ParameterReader(position: position)
    let parameters = parameterReader.read(
      params: raw.value("params"), variants: raw.value("variants"),
      profiles: raw.value("profiles"), overrides: overrides)

    var substitution = ParameterSubstitution(parameters)
    let rest = raw.all().map { field in
      parameterKeys.contains(field.key)
        ? field
        : YAMLField(
          key: field.key, position: field.position, value: substitution.applied(to: field.value))
    }
    let filled = root.map {
      YAMLValue(content: .map(rest), position: $0.position, source: $0.source)
    }
    var fields = FieldReader(filled, owner: "front matter", position: position)
    for key in parameterKeys { _ = fields.value(key) }
    let frontMatter = FrontMatter(&fields, parameters: parameters)
    let diagnostics =
      parameterReader.diagnostics + substitution.diagnostics + fields.finish()
    return (frontMatter, diagnostics.sorted { $0.position < $1.position })
  }

  private static let parameterKeys = ["params", "variants", "profiles"]

  private init(_ fields: inout FieldReader, parameters: ParameterSet) {
    let title = fields.string("title")
    fields.requirePresence(of: "title", like: "What the report is about")
    subtitle = fields.text("subtitle")?.text
    authors = Self.authors(&fields)
    date = fields.text("date")?.text
    description = fields.text("description")?.text
    bibliography = fields.strings("bibliography") ?? []
    theme = fields.string("theme")
    hasContents = fields.flag("toc")?.value ?? true
    publication = Self.publication(&fields)
    presets = UserPresets(&fields)
    defaults = Self.defaults(&fields)
    self.parameters = parameters
    self.title = title ?? Located("Untitled", at: fields.position)
  }

  private static func authors(_ fields: inout FieldReader) -> [Author] {
    guard let value = fields.value("authors") else { return [] }
    let values: [YAMLValue] = if case .list(let list) = value.content { list } else { [value] }
    var authors: [Author] = []
    for value in values {
      switch value.content {
      case .map:
        var inner = FieldReader(value, owner: "author", position: value.position)
        let name = inner.text("name")?.text
        inner.requirePresence(of: "name", like: "Ada Lovelace")
        let affiliation = inner.text("affiliation")?.text
        fields.report(inner.finish())
        if let name { authors.append(Author(name: name, affiliation: affiliation)) }
      case .list, .null:
        fields.reportInvalid(
          "authors", value, wants: "a name, or a map with 'name' and 'affiliation'")
      default: authors.append(Author(name: value.source.text, affiliation: nil))
      }
    }
    return authors
  }

  private static func publication(_ fields: inout FieldReader) -> Publication? {
    guard let value = fields.value("publish") else { return nil }
    guard case .map = value.content, var inner = fields.map("publish") else {
      let target = target(fields.string("publish"), &fields)
      return Publication(destination: target, remote: nil, isStrict: false)
    }
    let target = target(inner.string("to"), &inner)
    let publication = Publication(
      destination: target, remote: inner.string("remote")?.value,
      isStrict: inner.flag("strict")?.value ?? false)
    fields.report(inner.finish())
    return publication
  }

  private static func target(
    _ written: Located<String>?, _ fields: inout FieldReader
  ) -> Located<PublicationTarget>? {
    guard let written else { return nil }
    do throws(PublicationTarget.Malformed) {
      return Located(try PublicationTarget(written.value), at: written.position)
    } catch {
      fields.report(
        Diagnostic(.invalidValue, at: written.position, error.message, help: error.help))
      return nil
    }
  }

  /// What `defaults` may say of experiments.
  static let inheritedKeys = [
    "task", "data", "model", "methods", "shots", "shots-per", "seeds", "init-seeds", "evaluate",
    "pattern", "truncate", "tune", "threads",
  ]
  /// What `defaults` may say of the blocks that judge them.
  static let judgingKeys = ["effect"]

  private static func defaults(_ fields: inout FieldReader) -> [YAMLField] {
    guard var inner = fields.map("defaults") else { return [] }
    let all = inner.all()
    let known = inheritedKeys + judgingKeys
    for field in all where !known.contains(field.key) {
      fields.report(
        Diagnostic(
          .unknownKey, at: field.position, "unknown key '\(field.key)' in the 'defaults' map",
          help: Suggestion.help(for: field.key, among: known, called: "known keys")))
    }
    return all.filter { known.contains($0.key) }
  }
}

extension FrontMatter {
  /// Keys that a later version will act on, so that nobody relies on them today.
  var unusedKeys: [(key: String, position: SourcePosition)] {
    var keys: [(key: String, position: SourcePosition)] = []
    if let first = bibliography.first { keys.append(("bibliography", first.position)) }
    if let theme { keys.append(("theme", theme.position)) }
    return keys
  }
}
