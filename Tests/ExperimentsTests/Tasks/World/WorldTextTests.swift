import Crypto
import Formats
import Testing

@testable import Experiments

@Suite("Text of the world")
struct WorldTextTests {
  static let documents = (0..<8000).map { World.text(seed: 3).document(at: $0) }

  @Test("the vocabulary holds every word once, in a fixed order, special tokens first")
  func vocabulary() {
    #expect(World.vocabulary.prefix(4) == ["<pad>", "<s>", "</s>", "<unk>"])
    #expect(Set(World.vocabulary).count == World.vocabulary.count)
    #expect((200...450).contains(World.vocabulary.count), "\(World.vocabulary.count)")
    #expect(Array(World.vocabulary.dropFirst(4)) == World.vocabulary.dropFirst(4).sorted())
    #expect(World.vocabulary.allSatisfy { !$0.contains(where: \.isWhitespace) && !$0.isEmpty })
  }

  @Test("documents say only words of the vocabulary, and every word of it")
  func coverage() {
    let said = Set(Self.documents.flatMap(\.self))
    #expect(said.subtracting(World.vocabulary).isEmpty)
    let unsaid = Set(World.vocabulary.dropFirst(4)).subtracting(said).sorted()
    #expect(unsaid.isEmpty, "\(unsaid)")
    #expect(Self.documents.allSatisfy { (1...WorldText.longestDocument).contains($0.count) })
  }

  @Test("a document depends on its seed and place only")
  func determinism() {
    #expect(World.text(seed: 3).document(at: 17) == Self.documents[17])
    #expect(World.text(seed: 4).document(at: 17) != Self.documents[17])
    let text = WorldText(
      seed: 1,
      mixture: .init(sentences: 1, stories: 1, questions: 1))
    var hash = SHA256()
    for index in 0..<200 {
      hash.update(data: Array(text.document(at: index).joined(separator: " ").utf8))
    }
    #expect(hash.finalize().hexadecimal.prefix(12) == "3c195a3dd27f")
  }

  @Test("a mixture of one kind is that kind")
  func mixture() {
    let stories = WorldText(
      seed: 1,
      mixture: .init(stories: 1))
    let examples = WorldText(
      seed: 1,
      mixture: .init(demonstrations: 1))
    for index in 0..<50 {
      #expect(!stories.document(at: index).contains { ["?", ";", "question"].contains($0) })
      #expect(examples.document(at: index).contains(DemonstrationDocument.separator))
    }
  }

  @Test("in a list a word is mostly followed by what followed it before, wherever the list goes on")
  func lists() {
    let marks: Set = [".", ",", "?", ":"]
    let lists = WorldText(
      seed: 5,
      mixture: .init(lists: 1))
    for index in 0..<200 {
      let words = lists.document(at: index)
      let hasMarks = words.contains { marks.contains($0) }
      let spoken = words.filter { !marks.contains($0) }
      // In pairs every second word is a key; in a round every word is.
      let steps = stride(from: 0, to: spoken.count - 1, by: hasMarks ? 2 : 1)
      var followers: [String: [String: Int]] = [:]
      for step in steps { followers[spoken[step], default: [:]][spoken[step + 1], default: 0] += 1 }
      let usual = followers.values.reduce(0) { $0 + ($1.values.max() ?? 0) }
      let share = Double(usual) / Double(steps.underestimatedCount)
      #expect(share >= (hasMarks ? 1 : 0.6), "document \(index): \(share)")
    }
  }

  @Test("remarks are said of at least three texts a document, and nothing else says their words")
  func remarks() {
    let words = Set(Lexicon.remarkWords)
    let remarks = WorldText(
      seed: 6,
      mixture: .init(remarks: 1))
    let others = WorldText(
      seed: 6,
      mixture: .init(sentences: 1, stories: 1, questions: 1, demonstrations: 1, lists: 1))
    for index in 0..<200 {
      #expect(remarks.document(at: index).count { words.contains($0) } >= 3)
      #expect(words.isDisjoint(with: others.document(at: index)))
    }
    #expect(words.isDisjoint(with: Lexicon.labelWords))
    for task in [TaskDefinition.acceptability, .inference] {
      #expect(task.patterns.allSatisfy { words.isDisjoint(with: $0.labelWords) })
    }
  }

  @Test("questions about a story are answered by its words, never by yes or no")
  func answers() {
    var composer = Composer(seed: 2, purpose: "test of answers")
    for _ in 0..<200 {
      let story = Story(&composer, events: 8)
      let said = Set(story.sentences.flatMap(\.self))
      for (question, answer) in story.questions {
        #expect(question.last == "?")
        #expect(said.isSuperset(of: answer.dropLast().filter { $0 != "in" }), "\(answer)")
        #expect(Set(answer).isDisjoint(with: ["yes", "no", "true", "false"]))
      }
    }
  }

  @Test(
    "in demonstrations any answer goes with either class of a rule",
    arguments: SortingRule.all.indices)
  func answersAreArbitrary(rule: Int) {
    var composer = Composer(seed: 7, purpose: "test of answers, \(rule)")
    var firsts: [String: Int] = [:]
    for _ in 0..<400 {
      let document = DemonstrationDocument.words(of: SortingRule.all[rule], &composer)
      let examples = document.split(separator: DemonstrationDocument.separator)
      let answers = examples.compactMap(\.last)
      #expect(examples.count >= 4)
      #expect(Set(answers).count <= 2)
      firsts[answers[0], default: 0] += 1
    }
    #expect(firsts.values.allSatisfy { $0 < 40 }, "\(firsts)")
    #expect(firsts.count > 20)
  }

  @Test("in which order a demonstration names its answers does not tell the class")
  func namedOrderIsArbitrary() throws {
    let rule = try #require(SortingRule.all.first { $0.name == "negation" })
    var composer = Composer(seed: 7, purpose: "test of named answers")
    var documents = 0
    var named = 0
    for _ in 0..<2_000 {
      let document = DemonstrationDocument.words(of: rule, &composer)
      let example = Array(document.prefix { $0 != DemonstrationDocument.separator })
      guard let between = example.lastIndex(of: "or"), example[between + 2] == "?" else { continue }
      documents += 1
      let isNegated = example.prefix(between).contains("not")
      if (example.last == example[between + 1]) == isNegated { named += 1 }
    }
    #expect(documents > 400)
    #expect((0.44...0.56).contains(Double(named) / Double(documents)), "\(named) of \(documents)")
  }

  @Test("no bad sentence of an evaluation set is in the text, with an answer or without")
  func contamination() {
    let bad = Set(
      AcceptabilityData.rows.values.flatMap(\.self).filter { $0.label == 0 }.map { $0.fields[0] })
    for document in Self.documents {
      for sentence in Self.sentences(in: document) {
        #expect(
          !bad.contains(sentence),
          "\(sentence.joined(separator: " ")) in \(document.joined(separator: " "))")
      }
    }
  }

  @Test("no pair of an evaluation set of inferences is in the text")
  func pairContamination() {
    let evaluated = InferenceData.rows.filter { $0.key != TaskDefinition.trainingRole }
    let pairs = Set(evaluated.values.flatMap(\.self).map { $0.fields.flatMap(\.self) })
    for document in Self.documents {
      let sentences = Self.sentences(in: document)
      for (first, second) in zip(sentences, sentences.dropFirst()) {
        #expect(!pairs.contains(first + second))
      }
    }
  }

  @Test("what is told again is known when no word of it is new, and strange only when one is")
  func retellings() {
    var composer = Composer(seed: 8, purpose: "test of retellings")
    let past = Set(Lexicon.verbs.map(\.past))
    var (turned, newKinds) = (0, 0)
    for index in 0..<2000 {
      let isNew = index.isMultiple(of: 2)
      let retelling = Retelling(isNew: isNew, &composer)
      let news = retelling.again.filter { !Retelling.isSaid($0, in: retelling.told) }
      #expect(news.isEmpty != isNew, "\(retelling)")
      let sentences = Self.sentences(in: retelling.told)
      #expect(!sentences.contains { InferenceData.pairs.contains([$0, retelling.again]) })
      newKinds += news.count { ["person", "animal", "thing"].contains($0) }
      guard !isNew, !retelling.again.contains("by"), !retelling.told.contains("by"),
        past.contains(where: retelling.again.contains)
      else { continue }
      // Nothing is new, and yet it was another who did it: no remark says what follows.
      let places = Lexicon.contentWords(of: retelling.again).compactMap { word in
        retelling.told.firstIndex(of: word).map { ($0, retelling.again.firstIndex(of: word) ?? 0) }
      }
      let again = places.sorted { $0.0 < $1.0 }.map(\.1)
      if again != again.sorted() { turned += 1 }
    }
    #expect(turned > 50)
    #expect(newKinds > 50)
  }

  @Test(
    "a word is said by itself, by other forms of a verb and by narrower nouns",
    arguments: [
      ("animal", "the dogs ran .", true), ("person", "the dogs ran .", false),
      ("cat", "the cats ran .", false), ("a", "the cats ran .", true),
      ("run", "the cats ran .", true), ("seen", "tom sees a cat .", true),
      ("not", "tom saw a cat .", false), ("two", "three cats ran .", false),
      ("person", "tom saw a cat .", true), ("tom", "ben saw a cat .", false),
    ])
  func saying(word: String, told: String, isSaid: Bool) {
    #expect(Retelling.isSaid(word, in: told.split(separator: " ").map(String.init)) == isSaid)
  }

  @Test("a word is marked as known where its text said it, and as strange elsewhere")
  func marks() {
    let text = "two dogs saw tom .".split(separator: " ").map(String.init)
    let words = "a cat was not seen by tom .".split(separator: " ").map(String.init)
    #expect(
      MarkDocument.marked(words, in: text).joined(separator: " ")
        == "a cat strange was not strange seen known by tom known .")
    let document = WorldText(seed: 6, mixture: .init(marks: 1)).document(at: 0)
    #expect(document.contains(Lexicon.remarks.known) && document.contains(Lexicon.remarks.unknown))
  }

  @Test("an event that was changed is another one")
  func changedEvents() {
    var composer = Composer(seed: 9, purpose: "test of changes")
    for _ in 0..<10_000 {
      let event = Event(&composer)
      var other = event
      other.change(&composer)
      #expect(
        event.subject.noun != other.subject.noun || event.verb != other.verb
          || event.object?.noun != other.object?.noun || event.place != other.place)
      #expect(other.verb.subjects.contains(other.subject.noun.kind))
      #expect(other.object.map { other.verb.objects.contains($0.noun.kind) } ?? true)
    }
  }

  /// The stretches up to a mark; separators, tags and answers are left out.
  private static func sentences(in document: [String]) -> [[String]] {
    var sentences: [[String]] = []
    var current: [String] = []
    for word in document {
      if [":", ";"].contains(word) {
        current = []
      } else {
        current.append(word)
        if [".", "?"].contains(word) {
          // Marks stand between the words of a sentence, remarks by themselves.
          let spoken = current.filter { !Lexicon.remarkWords.contains($0) }
          sentences.append(spoken.count > 1 ? spoken : current)
          current = []
        }
      }
    }
    return sentences
  }
}
