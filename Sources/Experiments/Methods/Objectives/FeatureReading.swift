import Engine

/// Which state of a text a classifier reads.
struct FeatureReading: Hashable, Sendable {
  /// How the states of a text's tokens become one.
  enum Pool: String, OptionChoice {
    /// As the model's folder says; see ``FeatureReading/filled(_:objective:for:)``.
    case folder
    case first, last, mean, max
  }

  /// After which layer the states are taken.
  enum Layer: Hashable, Sendable {
    case last
    /// Counted from 1.
    case number(Int)
    /// The mean of all layers' states.
    case all
    /// The one whose states classify the sample best.
    case best
  }

  static let pool = MethodOption<Pool>(
    "pool", default: .folder, "how the states of a text's tokens become one"
  ).unlessDefault
  private static let words: [(word: String, layer: Layer)] = [
    ("last", .last), ("all", .all), ("best", .best),
  ]
  static let layer = MethodOption<NumberOrWord>(
    "layer", 1...1000, or: words.map(\.word), default: .word("last"),
    "the layer whose states are read, from 1; 'all' for their mean, 'best' to choose one"
  ).unlessDefault
  static let normalization = MethodOption<Normalization>(
    "normalize", default: .folder, "whether states are divided by their length"
  ).unlessDefault
  static let maximumTokens = MethodOption(
    "max-tokens", 0...1_000_000, default: 0,
    "most tokens of a text, of which the beginning is kept; 0 for the folder's"
  ).unlessDefault
  static let prefix = MethodOption(
    "text-prefix", default: "", "written before every text"
  ).unlessDefault

  enum Normalization: String, OptionChoice {
    case folder, yes, no
  }

  static let options: [any DeclaredOption] = [pool, layer, normalization, maximumTokens, prefix]
  /// Those of the last states.
  static let ofLastLayer: [any DeclaredOption] = [pool, normalization, maximumTokens, prefix]

  /// Nil for the token that sums a text up: a decoder's last, an encoder's first.
  let pool: Pool?
  let layer: Layer
  let normalizes: Bool
  /// Nil for as many as the model reads.
  let maximumTokens: Int?
  let prefix: String

  init(_ options: ResolvedOptions) {
    let pool = options.value(of: Self.pool)
    self.pool = pool == .folder ? nil : pool
    switch options.value(of: Self.layer) {
    case .number(let number): layer = .number(number)
    case .word(let word): layer = Self.words.first { $0.word == word }?.layer ?? .last
    case nil: layer = .last
    }
    normalizes = options.value(of: Self.normalization) == .yes
    maximumTokens = options.value(of: Self.maximumTokens).flatMap { $0 > 0 ? $0 : nil }
    prefix = options.value(of: Self.prefix) ?? ""
  }

  /// The tokens whose states are read.
  func selection(of model: Transformer<Float>) -> Transformer<Float>.Selection {
    switch pool {
    case nil, .folder: model.summarySelection
    case .first: .firstTokens
    case .last: .lastTokens
    case .mean: .pooled(.mean)
    case .max: .pooled(.max)
    }
  }

  /// The tokens of an example's text.
  ///
  /// - Parameters:
  ///   - example: Of the encoder's task.
  ///   - encoder: Writes its text and splits it.
  ///   - shown: What precedes it; nil for nothing.
  /// - Returns: No more than the model reads.
  func tokens(
    of example: Example, by encoder: PromptEncoder, after shown: Demonstrations? = nil
  ) -> [Int32] {
    let text = prefix + encoder.pattern.text(for: example)
    let before = shown?.tokens ?? []
    let isFirst = (shown?.count ?? 0) == 0
    guard let most = maximumTokens else {
      return before
        + encoder.tokens(text, special: isFirst, limit: encoder.limit - before.count)
    }
    let room = min(most, encoder.limit - before.count)
    guard encoder.side == nil else {
      return before + encoder.tokens(text, special: isFirst, limit: room)
    }
    let tokens = encoder.tokens(text, special: isFirst, limit: .max)
    guard tokens.count > room, let last = tokens.last else { return before + tokens }
    // As sentence-transformers cuts a text: its beginning, and the token that ends it.
    let ends = encoder.readsBothSides && room > 1
    return before + tokens.prefix(ends ? room - 1 : room) + (ends ? [last] : [])
  }

  /// Checks that a model has the layer.
  func check(_ description: ModelDescription) throws(MethodError) {
    guard case .number(let number) = layer, number > description.layers else { return }
    throw MethodError(.noSuchLayer(number, layers: description.layers), option: Self.layer.name)
  }
}

extension FeatureReading {
  /// Fills in what a folder says, so that the options alone determine what is read.
  ///
  /// A folder with `modules.json` decides pooling, prefix, greatest length and normalization. Without
  /// one an encoder's tokens are averaged, as sentence-transformers does, and a decoder's last token is
  /// read. What a source sets remains, and with `pool` set the folder decides nothing.
  ///
  /// - Parameters:
  ///   - options: Of a method, axes of a grid included.
  ///   - objective: The method's.
  ///   - description: Of the model.
  ///   - modules: Of its folder; nil without `modules.json`.
  /// - Returns: The options; a decoder's last token is what they mean without `pool`.
  /// - Throws: ``MethodError`` for a folder whose pooling is not known.
  package static func filled(
    _ options: [String: OptionValue], objective: String, for description: ModelDescription,
    _ modules: SentenceModules?
  ) throws(MethodError) -> [String: OptionValue] {
    guard [FeatureObjective.name, ContrastiveObjective.name].contains(objective) else {
      return options
    }
    var filled = options
    if let unknown = modules?.unknown, options[pool] ?? .folder == .folder {
      throw MethodError(.unknownPooling(unknown), option: pool.name)
    }
    let usual: Pool = description.isBidirectional ? .mean : .last
    let own = modules?.pooling.flatMap { Pool(rawValue: $0.rawValue) } ?? usual
    let axis = MethodGrid.prefix + pool.name
    if case .list(let values)? = options[axis] {
      filled[axis] = .list(values.map { $0 == Pool.folder.optionValue ? own.optionValue : $0 })
      return filled
    }
    guard options[pool] ?? .folder == .folder else { return filled }
    filled[pool] = own == .last && !description.isBidirectional ? nil : own
    guard let modules else { return filled }
    if modules.normalizes, options[normalization] == nil { filled[normalization] = .yes }
    if let most = modules.maximumTokens, options[maximumTokens] == nil {
      filled[maximumTokens] = min(most, description.maximumPositions)
    }
    if !modules.prefix.isEmpty, options[prefix] == nil { filled[prefix] = modules.prefix }
    return filled
  }
}
