import Engine
package import Foundation

/// A tiny Llama-style checkpoint with random weights and a word tokenizer, written on the spot, so that
/// tests run whole studies on a machine without the shared data.
package enum ModelFixture {
  /// Words the tokenizer knows; everything else becomes single bytes.
  private static let words = [
    "the", "a", "dog", "cat", "man", "sees", "see", "runs", "run", "not", "Yes", "No", "yes", "no",
    "happy", "sad", "big", "red",
  ]

  /// Writes the folder; the same seed gives the same bytes.
  ///
  /// - Parameters:
  ///   - folder: Made if it is not there.
  ///   - seed: Of the weights.
  ///   - normWeight: Of every normalization; a huge one overflows the model's scores.
  ///   - attentionBias: Whether the projections of attention have biases.
  /// - Throws: When a file cannot be written.
  package static func write(
    to folder: URL, seed: UInt64 = 1, normWeight: Float = 1, attentionBias: Bool = false
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let tokens = try tokenizer(folder)
    let (width, layers, feedForward) = (16, 2, 24)
    var config: [String: Any] = [
      "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": tokens,
      "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": 4,
      "num_key_value_heads": 2, "intermediate_size": feedForward, "hidden_act": "silu",
      "rms_norm_eps": 1e-5, "rope_theta": 10_000.0, "max_position_embeddings": 128,
      "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2,
    ]
    if attentionBias { config["attention_bias"] = true }
    try JSONSerialization.data(withJSONObject: config, options: [.sortedKeys])
      .write(to: folder.appendingPathComponent("config.json"))
    var shapes: [(String, [Int])] = [("model.embed_tokens.weight", [tokens, width])]
    for layer in 0..<layers {
      let prefix = "model.layers.\(layer)."
      shapes += [
        (prefix + "input_layernorm.weight", [width]),
        (prefix + "self_attn.q_proj.weight", [width, width]),
        (prefix + "self_attn.k_proj.weight", [width / 2, width]),
        (prefix + "self_attn.v_proj.weight", [width / 2, width]),
        (prefix + "self_attn.o_proj.weight", [width, width]),
        (prefix + "post_attention_layernorm.weight", [width]),
        (prefix + "mlp.gate_proj.weight", [feedForward, width]),
        (prefix + "mlp.up_proj.weight", [feedForward, width]),
        (prefix + "mlp.down_proj.weight", [width, feedForward]),
      ]
    }
    if attentionBias {
      shapes += (0..<layers).flatMap { layer in
        [("q", width), ("k", width / 2), ("v", width / 2), ("o", width)].map { name, size in
          ("model.layers.\(layer).self_attn.\(name)_proj.bias", [size])
        }
      }
    }
    shapes.append(("model.norm.weight", [width]))
    var writer = try SafetensorsWriter(
      folder.appendingPathComponent("model.safetensors"),
      tensors: shapes.map { .init(name: $0.0, element: .f32, shape: $0.1) })
    for (name, shape) in shapes {
      var random = RandomStream(seed: seed, purpose: name)
      let isNorm = shape.count == 1
      let values = (0..<shape.reduce(1, *)).map { _ in
        isNorm ? normWeight : Float(0.3 * random.normal())
      }
      try values.withUnsafeBufferPointer { try writer.append($0) }
    }
    try writer.finish()
  }

  /// Writes a byte-level tokenizer and returns its size.
  private static func tokenizer(_ folder: URL) throws -> Int {
    var vocabulary: [String: Int] = ["<unk>": 0, "<s>": 1, "</s>": 2]
    for byte in 0..<256 { vocabulary[String(format: "<0x%02X>", byte)] = vocabulary.count }
    var merges: [String] = []
    for character in Set(words.joined() + "▁").sorted() {
      vocabulary[String(character)] = vocabulary.count
    }
    for word in words {
      var built = "▁"
      for character in word {
        let longer = built + String(character)
        if vocabulary[longer] == nil {
          vocabulary[longer] = vocabulary.count
          merges.append("\(built) \(character)")
        }
        built = longer
      }
    }
    let file: [String: Any] = [
      "version": "1.0",
      "added_tokens": ["<unk>", "<s>", "</s>"].enumerated().map { id, content in
        [
          "id": id, "content": content, "special": true, "normalized": false, "lstrip": false,
          "rstrip": false, "single_word": false,
        ] as [String: Any]
      },
      "normalizer": [
        "type": "Sequence",
        "normalizers": [
          ["type": "Prepend", "prepend": "▁"],
          ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
        ],
      ],
      "pre_tokenizer": NSNull(),
      "post_processor": [
        "type": "TemplateProcessing",
        "single": [
          ["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ],
        "pair": [
          ["Sequence": ["id": "A", "type_id": 0]], ["Sequence": ["id": "B", "type_id": 1]],
        ],
        "special_tokens": ["<s>": ["id": "<s>", "ids": [1], "tokens": ["<s>"]]],
      ],
      "decoder": [
        "type": "Sequence",
        "decoders": [
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "],
          ["type": "ByteFallback"], ["type": "Fuse"],
          ["type": "Strip", "content": " ", "start": 1, "stop": 0],
        ],
      ],
      "model": [
        "type": "BPE", "dropout": NSNull(), "unk_token": "<unk>",
        "continuing_subword_prefix": NSNull(), "end_of_word_suffix": NSNull(), "fuse_unk": true,
        "byte_fallback": true, "vocab": vocabulary, "merges": merges,
      ],
    ]
    try JSONSerialization.data(withJSONObject: file, options: [.sortedKeys])
      .write(to: folder.appendingPathComponent("tokenizer.json"))
    return vocabulary.count
  }
}
