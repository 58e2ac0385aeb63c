import Formats

/// How the rows and columns of a table run through its experiments.
///
/// What is neither rows nor columns and has several values is added: metrics and experiments as
/// groups of columns, methods and chosen numbers of shots as groups of rows. Seeds are summed up, and
/// if numbers of shots are neither chosen nor an axis, the largest is shown.
struct TableLayout {
  /// The combination of a cell; nil where the table runs over all.
  struct Place: Hashable {
    var experiment: String?
    var method: String?
    var shots: Int?
    var seed: Int?
    var metric: MetricPath?
  }

  /// A row or column with what a reader calls it and the group it belongs to.
  struct Line: Hashable {
    var group: String
    var name: String
    var place: Place
  }

  let rows: [Line]
  let columns: [Line]
  private let block: TableBlock
  private let shapes: [ExperimentShape]

  init(_ block: TableBlock, shapes: [ExperimentShape]) {
    self.block = block
    self.shapes = shapes
    let others = TableBlock.Axis.allCases.filter { $0 != block.rows && $0 != block.columns }
    let axes = Axes(block: block, shapes: shapes)
    rows = axes.lines(
      outer: others.filter { [.method, .shots].contains($0) }, inner: block.rows)
    columns = axes.lines(
      outer: others.filter { [.experiment, .metric].contains($0) }, inner: block.columns)
  }

  /// The one cell of a row and a column; nil where the experiments have none.
  func place(row: Line, column: Line) -> Place {
    Place(
      experiment: row.place.experiment ?? column.place.experiment ?? shapes.first?.label,
      method: row.place.method ?? column.place.method,
      shots: row.place.shots ?? column.place.shots, seed: row.place.seed ?? column.place.seed,
      metric: row.place.metric ?? column.place.metric ?? block.y.first?.value)
  }

  /// A row's name: its own name, after the method and before the shots it is grouped by.
  func name(of row: Line) -> String {
    guard !row.group.isEmpty else { return row.name }
    let subject = row.place.method ?? ""
    let shots = row.place.shots.map { " at \($0)" } ?? ""
    let rest = block.rows == .method || block.rows == .shots ? "" : ", \(row.name)"
    return subject + shots + rest
  }

  /// What the first column names.
  var corner: String {
    guard let row = rows.first, !row.group.isEmpty else { return block.rows.rawValue }
    let words = ["method", row.place.shots == nil ? nil : "shots"].compactMap(\.self)
    let isNamed = words.contains(block.rows.rawValue)
    return (words + (isNamed ? [] : [block.rows.rawValue])).joined(separator: ", ")
  }

  /// The number of shots of every cell, where the table does not run over several.
  var onlyShots: Int? {
    let all = Set(rows.flatMap { row in columns.map { row.place.shots ?? $0.place.shots } })
    return all.count == 1 ? all.first ?? nil : nil
  }

  /// The values of every dimension, in the order of the source.
  private struct Axes {
    let block: TableBlock
    let shapes: [ExperimentShape]

    func lines(outer: [TableBlock.Axis], inner: TableBlock.Axis) -> [Line] {
      var groups = [Line(group: "", name: "", place: Place())]
      for axis in outer {
        let values = values(axis)
        guard values.count > 1 else {
          // One value needs no words, but it still selects the results.
          if let only = values.first {
            groups = groups.map { group in
              var group = group
              group.place = group.place.merged(only.place)
              return group
            }
          }
          continue
        }
        groups = groups.flatMap { group in
          values.map { value in
            Line(
              group: group.group.isEmpty ? value.name : "\(group.group), \(value.name)", name: "",
              place: group.place.merged(value.place))
          }
        }
      }
      return groups.flatMap { group in
        values(inner).map { value in
          Line(group: group.group, name: value.name, place: group.place.merged(value.place))
        }
      }
    }

    private func values(_ axis: TableBlock.Axis) -> [(name: String, place: Place)] {
      switch axis {
      case .experiment: shapes.map { ($0.label, Place(experiment: $0.label)) }
      case .method:
        (block.selection.methods?.map(\.value) ?? distinct(shapes.flatMap(\.methods)))
          .map { ($0, Place(method: $0)) }
      case .shots:
        shots.map { ("\($0)", Place(shots: $0)) }
      case .seed: distinct(shapes.flatMap(\.seeds)).map { ("\($0)", Place(seed: $0)) }
      case .metric:
        block.y.map(\.value).map { ($0.fullWords, Place(metric: $0)) }
      }
    }

    private var shots: [Int] {
      let all = distinct(shapes.flatMap(\.shots)).sorted()
      if let chosen = block.selection.numbers(of: all) { return chosen }
      return block.rows == .shots || block.columns == .shots ? all : all.suffix(1)
    }

    private func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
      var seen: Set<Value> = []
      return values.filter { seen.insert($0).inserted }
    }
  }
}

extension TableLayout.Place {
  fileprivate func merged(_ other: Self) -> Self {
    Self(
      experiment: experiment ?? other.experiment, method: method ?? other.method,
      shots: shots ?? other.shots, seed: seed ?? other.seed, metric: metric ?? other.metric)
  }
}
