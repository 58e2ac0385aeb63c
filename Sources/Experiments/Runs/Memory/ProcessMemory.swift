import Engine

/// What a worker's process holds besides the engine's ledger, as measured with release builds.
enum ProcessMemory {
  /// The program, its libraries and their buffers, in a process that has run a cell.
  ///
  /// - Parameter threads: That compute.
  /// - Returns: Bytes.
  static func program(threads: Int) -> Int { (46 + threads) << 20 }

  /// Bytes of a task's texts and of a tokenizer.
  static func kept(_ task: LoadedTask, tokenizer: any Tokenizer) -> Int {
    let examples = [task.training] + task.evaluations.map(\.examples)
    let texts = examples.joined().reduce(0) {
      $0 + $1.size + perExample + perText * $1.fields.count
    }
    return texts + tokenizer.vocabularySize * perWord
  }

  /// The array of an example's texts.
  private static let perExample = 80
  /// A string beside its bytes.
  private static let perText = 64
  /// A word of a tokenizer with its places in tables, and the merge that makes it.
  private static let perWord = 240
}
