import Testing

@testable import Engine

@Suite("Courses of training as PyTorch and PEFT record them")
struct ParityTrainingTests {
  @Test("twenty steps give the recorded losses, norms and answers", arguments: ParityRun.all)
  func course(run: ParityRun) throws {
    let course = run.course
    let learner = try ParityLearner(run)
    #expect(learner.trainedParameters == course.trainedParameters)
    let schedule = LearningRateSchedule(
      peak: try #require(course.learningRates.max()), warmupSteps: 4,
      totalSteps: course.learningRates.count)
    for (step, expected) in course.losses.enumerated() {
      let rate = schedule.learningRate(at: step)
      #expect(abs(rate - course.learningRates[step]) <= 1e-8 * rate, "rate of step \(step)")
      let (loss, norm) = try learner.step(step, learningRate: rate)
      #expect(abs(loss - expected) < 2e-4 * expected, "loss of step \(step)")
      let expectedNorm = course.norms[step]
      #expect(abs(norm - expectedNorm) < 3e-4 * expectedNorm, "norm of step \(step)")
    }
    let (answers, recorded) = (try learner.answers(), try run.fixture.answers(after: course))
    #expect([answers.rows, answers.columns] == recorded.shape)
    #expect(largestDifference(answers.values, recorded.values) < 1e-4)
  }

  @Test(
    "real tokens come after a prefix and virtual tokens before them, as PEFT counts positions",
    arguments: ParityRun.all.filter { $0.course.positions != nil })
  func positions(run: ParityRun) throws {
    let longest = try #require(
      run.fixture.expected.batches.first?.sequences.max { $0.count < $1.count })
    let added = try #require(run.course.virtualTokens)
    let positions =
      run.course.name == "prompt"
      ? PackedBatch([longest], virtualTokens: added).positions(from: 0)
      : PackedBatch([longest]).positions(from: added)
    #expect(positions == run.course.positions)
  }
}
