import Experiments
import Formats

/// One kind of embedded block: what it reads, checks, evaluates to and how it is shown.
///
/// A kind is a folder, a line in ``BlockRegistry/standard`` and its prefix for references in ``SourceLabel``.
protocol ReportBlock: Sendable {
  /// The word after the brace: `chart`.
  static var kind: String { get }
  /// How references name its blocks.
  static var references: ReferenceStyle { get }
  /// Keys that the front matter's `defaults` supply where the block does not.
  static var inheritedKeys: [String] { get }
  /// Whether other blocks name these by their labels.
  static var isNamedByOthers: Bool { get }
  /// The key of the JSON file that lists the kind's blocks; nil where there is none.
  static var jsonKey: String? { get }

  /// What references call the block.
  var label: String { get }
  /// The opening fence.
  var position: SourcePosition { get }
  /// Its running texts, such as captions, whose references and addresses are checked.
  var templates: [Template] { get }

  /// Reads the block, reporting to `fields` what is wrong; nil where something required is missing.
  init?(_ fields: inout FieldReader, label: String)

  /// Looks up everything the block names in the experiments of the report.
  func check(against catalog: ExperimentCatalog) -> [Diagnostic]

  /// What a reader should know about what the block asks for, before anything runs.
  ///
  /// - Parameters:
  ///   - experiments: Those of the report that could be planned.
  ///   - published: What its reference blocks hold.
  /// - Returns: Warnings.
  func warnings(
    among experiments: [PlannedExperiment], published: [PublishedNumbers]
  ) -> [Diagnostic]

  /// The contrasts that the report's blocks of this kind judge together, from the source alone.
  ///
  /// - Parameters:
  ///   - blocks: All of them.
  ///   - names: Of the report's experiments.
  ///   - shapes: Of the report's experiments, by their labels.
  /// - Returns: The families.
  static func families(
    _ blocks: [Self], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily]

  /// The values of the report's blocks of this kind.
  ///
  /// - Parameters:
  ///   - blocks: All of them, in the order of the source, since tests are corrected for their number.
  ///   - evaluation: The results.
  /// - Returns: What there is to show, without blocks whose experiment has no results.
  static func evaluated(_ blocks: [Self], on evaluation: EvaluatedResults) -> [any EvaluatedBlock]

  /// What a reader must not miss of all blocks of this kind.
  static func notice(
    on blocks: [any EvaluatedBlock], references: ReferenceTable
  ) -> Page.Notice?
}

extension ReportBlock {
  static var inheritedKeys: [String] { [] }
  static var isNamedByOthers: Bool { false }
  static var jsonKey: String? { nil }

  func warnings(
    among experiments: [PlannedExperiment], published: [PublishedNumbers]
  ) -> [Diagnostic] { [] }

  static func families(
    _ blocks: [Self], among names: ContrastNames, shapes: [String: ExperimentShape]
  ) -> [DeclaredFamily] { [] }

  static func notice(
    on blocks: [any EvaluatedBlock], references: ReferenceTable
  ) -> Page.Notice? { nil }
}

/// A block with what the results make of it.
protocol EvaluatedBlock {
  var label: String { get }

  /// The block on the page.
  ///
  /// - Parameter setting: Prose, pictures and addresses of the page.
  /// - Returns: The figure, table or statement.
  /// - Throws: ``RenderingError`` when a picture cannot be drawn.
  func html(in setting: PageSetting) throws(RenderingError) -> HTML

  /// The block for programs, in the list of ``ReportBlock/jsonKey``.
  var json: JSONText { get }
  /// Whether the results contradict what the block states.
  var isRefuted: Bool { get }
  /// What the block could not be evaluated for.
  var warnings: [Diagnostic] { get }
  /// What a list of reports quotes of the block; nil for nothing.
  var headline: HTML? { get }
  /// What makes the model that the block recommends; nil for nothing.
  var command: TrainCommand? { get }
}

extension EvaluatedBlock {
  var json: JSONText { .null }
  var isRefuted: Bool { false }
  var warnings: [Diagnostic] { [] }
  var headline: HTML? { nil }
  var command: TrainCommand? { nil }
}

/// What blocks are evaluated on: the experiments of a report and their results.
struct EvaluatedResults {
  let experiments: [PlannedExperiment]
  /// What its reference blocks hold.
  let published: [PublishedNumbers]
  let frame: ResultFrame
  let estimates: EstimateTable
  /// Every contrast of the page.
  let book: ContrastBook
  /// What is known of the examples of an experiment, by its label.
  var facts: [String: TaskFacts] = [:]
  /// The examples of experiments that a block needs, by their labels.
  var texts: [String: LoadedTask] = [:]
}

/// What blocks are set with: the prose, the pictures and the addresses of a page.
struct PageSetting {
  let prose: Prose
  let painter: ChartPainter
  /// Address of the report's CSV file, relative to the page.
  let csv: String
}
