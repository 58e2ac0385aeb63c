package import Foundation

/// A tokenizer whose tokens are whole words, as a `tokenizer.json` that Hugging Face reads.
///
/// Text is put in lower case and cut at blanks, so that punctuation needs them too; `<s>` begins every text, `</s>` ends a document of the pre-training
/// text, `<unk>` stands for a word that is not in the vocabulary, `<pad>` for nothing.
package struct WordTokenizer: Hashable, Sendable {
  static let paddingToken = 0
  package static let beginToken = 1
  package static let endToken = 2
  private static let special = ["<pad>", "<s>", "</s>", "<unk>"]

  /// In the order of their ids, which follow those of the four special tokens.
  package let words: [String]

  package init(words: [String]) {
    precondition(Set(words).count == words.count, "a word stands twice in the vocabulary")
    self.words = words
  }

  /// Words and special tokens.
  package var size: Int { words.count + Self.special.count }

  /// The id of each word.
  package var ids: [String: Int32] {
    Dictionary(
      uniqueKeysWithValues: words.enumerated().map {
        ($0.element, Int32($0.offset + Self.special.count))
      })
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json`.
  ///
  /// - Parameters:
  ///   - folder: Of the model; must exist.
  ///   - context: Most tokens of a text.
  /// - Throws: ``CheckpointError`` when a file cannot be written.
  package func write(to folder: URL, context: Int) throws(CheckpointError) {
    try FolderFiles.write(
      JSONValue.object(file).text, to: folder.appendingPathComponent("tokenizer.json"))
    let settings = JSONObject([
      "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>",
      "unk_token": "<unk>", "pad_token": "<pad>", "clean_up_tokenization_spaces": false,
      "model_max_length": .integer(context),
    ])
    try FolderFiles.write(
      JSONValue.object(settings).text,
      to: folder.appendingPathComponent("tokenizer_config.json"))
  }

  private var file: JSONObject {
    let all = Self.special + words
    let vocabulary = JSONObject(
      members: all.enumerated().map {
        JSONObject.Member(key: $0.element, value: .integer($0.offset))
      })
    let added = Self.special.enumerated().map { id, content in
      JSONValue.object(
        JSONObject([
          "id": .integer(id), "content": .string(content), "single_word": false, "lstrip": false,
          "rstrip": false, "normalized": false, "special": true,
        ]))
    }
    return JSONObject([
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(added),
      "normalizer": .object(JSONObject(["type": "Lowercase"])),
      "pre_tokenizer": .object(JSONObject(["type": "WhitespaceSplit"])),
      "post_processor": .object(template), "decoder": .null,
      "model": .object(
        JSONObject([
          "type": "WordLevel", "vocab": .object(vocabulary), "unk_token": "<unk>",
        ])),
    ])
  }

  /// `<s>` before a text, and before the first of a pair.
  private var template: JSONObject {
    func piece(_ kind: String, _ id: String, type: Int) -> JSONValue {
      .object(
        JSONObject([
          kind: .object(JSONObject(["id": .string(id), "type_id": .integer(type)]))
        ]))
    }
    let begin = piece("SpecialToken", "<s>", type: 0)
    let (first, second) = (piece("Sequence", "A", type: 0), piece("Sequence", "B", type: 1))
    let token = JSONObject([
      "id": "<s>", "ids": .array([.integer(Self.beginToken)]), "tokens": ["<s>"],
    ])
    return JSONObject([
      "type": "TemplateProcessing", "single": .array([begin, first]),
      "pair": .array([begin, first, second]),
      "special_tokens": .object(JSONObject(["<s>": .object(token)])),
    ])
  }
}
