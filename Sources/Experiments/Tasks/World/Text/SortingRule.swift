/// A rule that sorts short texts into two classes, to be guessed from examples.
///
/// None of them is what a builtin task asks: no rule sorts by a phenomenon of ``PhenomenonRegistry``,
/// and none whether one text follows from another. What is told again may say nothing new and yet be false.
struct SortingRule: Sendable {
  /// Writes a text of class 0 or 1.
  typealias Writer = @Sendable (_ isSecond: Bool, _ composer: inout Composer) -> [[String]]

  let name: String
  /// Decides what is the same for a whole document, such as the two animals that are told apart.
  let writer: @Sendable (inout Composer) -> Writer

  /// A rule with decisions of its own for each document.
  init(_ name: String, perDocument writer: @escaping @Sendable (inout Composer) -> Writer) {
    self.name = name
    self.writer = writer
  }

  /// A rule that is the same in every document.
  init(_ name: String, _ writer: @escaping Writer) {
    self.init(name, perDocument: { _ in writer })
  }

  static let all = words + sentences + forms + pairs + matches
}
