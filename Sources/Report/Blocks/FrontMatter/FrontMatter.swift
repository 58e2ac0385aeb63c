package import Formats

/// What a report says about itself before its first line of prose.
package struct FrontMatter: Hashable, Sendable {
  /// Someone who wrote the report.
  package struct Author: Hashable, Sendable {
    package let name: String
    package let affiliation: String?
  }

  /// Where `ftreport publish` puts the report.
  package struct Publication: Hashable, Sendable {
    /// A folder, or `git:BRANCH`.
    package let destination: Located<String>?
    /// Address the report will have, for links that must be absolute.
    package let address: Located<String>?
  }

  package let title: Located<String>
  package let subtitle: String?
  package let authors: [Author]
  /// As written; no calendar is consulted.
  package let date: String?
  package let description: String?
  /// `.bib` files, relative to the source.
  package let bibliography: [Located<String>]
  package let theme: Located<String>?
  package let hasContents: Bool
  package let publication: Publication?
  /// With profile and command line applied.
  package let parameters: ParameterSet
  /// Experiment keys that blocks inherit unless they set them, parameters filled in.
  let defaults: [YAMLField]
}
