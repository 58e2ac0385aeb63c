package import Foundation

/// A small generated CoLA-like data folder: word order decides the label.
package enum TaskFixture {
  /// Writes `cola/…` with sentences that are all different.
  package static func write(to folder: URL) throws {
    let cola = folder.appendingPathComponent("cola")
    try FileManager.default.createDirectory(at: cola, withIntermediateDirectories: true)
    let subjects = ["the dog", "the cat", "a man", "the big dog", "a red cat", "the sad man"]
    let verbs = ["sees", "runs", "not sees", "not runs"]
    let objects = ["a cat", "the dog", "the man", "a happy cat", "the big man"]
    var good: [String] = []
    for subject in subjects {
      for verb in verbs { for object in objects { good.append("\(subject) \(verb) \(object)") } }
    }
    func lines(_ range: Range<Int>) -> String {
      range.map { index in
        let words = good[index].split(separator: " ")
        return index % 2 == 0
          ? "gen\t1\t\t\(good[index])"
          : "gen\t0\t*\t\(words.reversed().joined(separator: " "))"
      }.joined(separator: "\n") + "\n"
    }
    for (name, range) in [
      ("in_domain_train", 0..<72), ("in_domain_dev", 72..<96), ("out_of_domain_dev", 96..<120),
    ] {
      try lines(range).write(
        to: cola.appendingPathComponent("\(name).tsv"), atomically: true, encoding: .utf8)
    }
  }
}
