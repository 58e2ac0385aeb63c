/// How the rows and columns of a table run through its experiments.
///
/// What is neither rows nor columns and has several values is added: metrics and experiments as
/// groups of columns, methods and numbers of shots as groups of rows. Seeds are summed up.
struct TableLayout {
  /// One combination that a cell stands for; nil where the table runs over all.
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

  /// What the first column names.
  var corner: String {
    let word = block.rows.rawValue
    let groups = rows.contains { !$0.group.isEmpty }
    guard groups else { return word }
    return block.rows == .method ? "method, shots" : "method, \(word)"
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
          // One value needs no words, but says where to look.
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
        (block.selection.shots?.map(\.value) ?? distinct(shapes.flatMap(\.shots)).sorted())
          .map { ("\($0)", Place(shots: $0)) }
      case .seed: distinct(shapes.flatMap(\.seeds)).map { ("\($0)", Place(seed: $0)) }
      case .metric:
        block.y.map(\.value).map { ($0.fullWords, Place(metric: $0)) }
      }
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
