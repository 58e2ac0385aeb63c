/// Which jobs of a run read the results of which others: a graph without circles.
struct CellInputs {
  private let jobs: [CellJob]
  /// The place of each key among the jobs.
  private let places: [String: Int]

  /// - Throws: ``ExecutorError/unknownInput(key:of:)``, ``ExecutorError/cyclicInputs(_:)``.
  init(_ jobs: [CellJob]) throws(ExecutorError) {
    self.jobs = jobs
    places = Dictionary(
      jobs.indices.map { (jobs[$0].cell.key, $0) }, uniquingKeysWith: { first, _ in first })
    for job in jobs {
      for key in job.cell.recipe.inputs ?? []
      where places[key] == nil && !job.known.contains(where: { $0.key == key }) {
        throw .unknownInput(key: key, of: job.cell.key)
      }
    }
    // Cells whose inputs are all settled are settled, until no more are: what is left is a circle
    // and what waits for it.
    var left = Set(jobs.indices)
    while true {
      let settled = left.filter { index in
        !(jobs[index].cell.recipe.inputs ?? []).contains { places[$0].map(left.contains) ?? false }
      }
      if settled.isEmpty { break }
      left.subtract(settled)
    }
    guard left.isEmpty else { throw .cyclicInputs(left.sorted().map { jobs[$0].cell.key }) }
  }

  /// Decides what a worker does with a job.
  ///
  /// - Parameters:
  ///   - index: The job's place.
  ///   - results: Those of the run so far, by the places of their jobs.
  /// - Returns: The step; nil while the job must wait for results.
  func step(for index: Int, results: [Int: CellResult]) -> CellQueue.Step? {
    let job = jobs[index]
    var inputs: [CellResult] = []
    for key in job.cell.recipe.inputs ?? [] {
      let result =
        if let place = places[key] { results[place] } else {
          job.known.first { $0.key == key }
        }
      guard let result else { return nil }
      if case .failed(let reason) = result.status {
        return .fail(
          index,
          CellResult(
            key: job.cell.key,
            status: .failed(
              reason: "it reads the result of cell \(key.prefix(8)), which failed: \(reason)")))
      }
      inputs.append(result)
    }
    return .run(index, inputs: inputs)
  }
}
