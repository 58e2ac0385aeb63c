import Engine

/// What trains: all weights, the upper layers, low-rank additions, or nothing.
protocol Adaptation: Sendable {
  /// In recipes, database rows and legends.
  static var name: String { get }
  /// Its own options, those that all methods share left out.
  static var options: [any DeclaredOption] { get }
  /// Whether there is training, of the model or of what an objective adds.
  static var trains: Bool { get }
  /// Whether the model computes something else afterwards; where not, its final states are computed
  /// once.
  static var changesModel: Bool { get }
  /// Whether the layers' matrices never train, so that they can be stored in fewer bits.
  static var freezesMatrices: Bool { get }

  init(_ options: ResolvedOptions)

  /// Positions of the context that what is added takes from the text.
  var reservedPositions: Int { get }

  /// Checks, before anything runs, whether the options fit a model.
  ///
  /// - Parameter description: The model's architecture.
  /// - Throws: ``MethodError`` when they do not.
  func check(_ description: ModelDescription) throws(MethodError)

  /// Freezes or extends the model and returns what trains, with each tensor's learning-rate factor.
  ///
  /// - Parameters:
  ///   - model: Fresh from its checkpoint, and checked.
  ///   - seed: Of the streams that initialize what is added.
  /// - Returns: The trainable tensors.
  func prepare(_ model: Transformer<Float>, seed: UInt64) -> [AdamW<Float>.Group]

  /// Prepares the model with additions from a file instead of fresh ones.
  ///
  /// - Parameters:
  ///   - model: Fresh from its checkpoint, and checked.
  ///   - adapter: Additions of this adaptation's kind.
  /// - Returns: The trainable tensors.
  func resume(_ model: Transformer<Float>, from adapter: Adapter) -> [AdamW<Float>.Group]
}

extension Adaptation {
  func resume(_ model: Transformer<Float>, from adapter: Adapter) -> [AdamW<Float>.Group] {
    model.setTrainable(false)
    model.attach(adapter)
    return model.parameters.map(\.tensor).filter(\.requiresGradient).map { AdamW.Group($0) }
  }

  static var options: [any DeclaredOption] { [] }
  static var changesModel: Bool { true }
  static var freezesMatrices: Bool { false }
  var reservedPositions: Int { 0 }

  func check(_ description: ModelDescription) throws(MethodError) {}
}
