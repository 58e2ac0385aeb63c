/// What a training reads of its files: the examples it learns from, and those it chooses an epoch on.
struct TrainingMaterial {
  /// In the order of the file.
  let sample: [Example]
  /// For what reads texts without labels: those of the whole training file.
  let pool: TrainingPool
  /// Examples that epochs are chosen on, where the method chooses any.
  let judged: [Example]

  /// Divides the training file as the method asks.
  ///
  /// - Parameters:
  ///   - files: Of the training.
  ///   - method: May hold some examples out, or choose epochs on the first evaluation file.
  ///   - seed: Decides which examples are held out.
  /// - Throws: ``TaskError`` where there are too few to hold out, ``TrainingError`` where there is no
  ///   evaluation file to choose on.
  init(_ files: TrainingFiles, method: Method, seed: UInt64) throws {
    let heldOut = try FewShotSampler.heldOut(
      method.heldOut, from: files.training, labels: files.labels, outside: [], per: .class,
      seed: Int(truncatingIfNeeded: seed))
    let taken = Set(heldOut)
    sample = files.training.indices.filter { !taken.contains($0) }.map { files.training[$0] }
    guard Set(sample.map(\.label)).count == files.labels.count else {
      throw TrainingError(.nothingLeft(heldOut: heldOut.count))
    }
    pool = TrainingPool(files.training, sample: [], heldOut: heldOut)
    switch ModelSelection(method.options) {
    case .last: judged = []
    case .bestHeldOut: judged = pool.heldOut
    case .bestInDomain:
      guard let first = files.evaluations.first else { throw TrainingError(.nothingToChooseOn) }
      judged = first.examples
    }
  }
}
