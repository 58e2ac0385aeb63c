/// Stories, with questions about them and answers.
enum StoryDocument {
  /// One story, without questions.
  static func narrative(_ composer: inout Composer) -> [String] {
    Story(&composer, events: composer.number(5...14)).sentences.flatMap(\.self)
  }

  /// A story, then questions that it answers; answers are never `yes` or `no`.
  static func questions(_ composer: inout Composer) -> [String] {
    var words: [String] = []
    for _ in 0..<composer.number(1...3) {
      let story = Story(&composer, events: composer.number(3...8))
      let asked = composer.permuted(story.questions).prefix(composer.number(1...4))
      let isTagged = composer.chance(0.5)
      words += story.sentences.flatMap(\.self)
      for (question, answer) in asked {
        words +=
          isTagged ? ["question", ":"] + question + ["answer", ":"] + answer : question + answer
      }
    }
    return words
  }
}
