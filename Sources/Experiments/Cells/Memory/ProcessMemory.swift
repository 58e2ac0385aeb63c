import Engine
import Foundation

/// What a worker's process holds besides the engine's ledger.
enum ProcessMemory {
  /// The program, its libraries and their buffers, in a process that has run a small cell.
  static let program = 48 << 20

  /// Bytes of a task's texts and of a tokenizer.
  static func kept(_ task: LoadedTask, tokenizer: any Tokenizer) -> Int {
    let examples = task.evaluations.reduce(task.training) { $0 + $1.examples }
    let texts = examples.reduce(0) { $0 + $1.size + perExample + perText * $1.fields.count }
    let words = tokenizer.vocabularySize * perWord
    return texts + words
  }

  private static let perExample = 80
  private static let perText = 64
  private static let perWord = 200
}
