extension CellResult {
  /// How settings or an epoch were chosen, where a method had a choice.
  package struct Choice: Codable, Hashable, Sendable {
    /// A setting that was tried.
    package struct Candidate: Codable, Hashable, Sendable {
      /// As in `learning-rate 0.001, rank 4`.
      package var setting: String
      /// On the held-out examples, in [0, 1]; nil where training diverged.
      package var accuracy: Double?

      package init(setting: String, accuracy: Double?) {
        self.setting = setting
        self.accuracy = accuracy
      }
    }

    /// Labelled examples outside the sample that were read for it.
    package var heldOut: Int
    /// The evaluation set that was read for it, and so is no longer unseen.
    package var evaluationSet: String?
    /// In the order of the grid; empty without one.
    package var candidates: [Candidate]
    /// The candidate that the result is of.
    package var chosen: Int?
    /// The epoch whose weights were kept, counted from 1.
    package var epoch: Int?
    /// Accuracy after every epoch on what was read, in [0, 1].
    package var epochAccuracies: [Double]

    package init(
      heldOut: Int = 0, evaluationSet: String? = nil, candidates: [Candidate] = [],
      chosen: Int? = nil, epoch: Int? = nil, epochAccuracies: [Double] = []
    ) {
      self.heldOut = heldOut
      self.evaluationSet = evaluationSet
      self.candidates = candidates
      self.chosen = chosen
      self.epoch = epoch
      self.epochAccuracies = epochAccuracies
    }

    /// The chosen setting in words, where there was a grid.
    package var setting: String? {
      guard let chosen, candidates.indices.contains(chosen) else { return nil }
      return candidates[chosen].setting
    }
  }

  /// Continued pre-training before a method.
  package struct Preparation: Codable, Hashable, Sendable {
    package var texts: Int
    package var steps: Int
    package var tokens: Int
    /// Mean loss of a predicted token in each epoch, in nats.
    package var losses: [Double]

    package init(texts: Int, steps: Int, tokens: Int, losses: [Double]) {
      self.texts = texts
      self.steps = steps
      self.tokens = tokens
      self.losses = losses
    }
  }
}
