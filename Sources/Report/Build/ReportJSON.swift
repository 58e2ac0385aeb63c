import Experiments
import Formats

/// Everything a report rests on, for programs: schema `ftreport.report/2`.
struct ReportJSON {
  static let schema = "ftreport.report/2"

  let evaluated: EvaluatedReport
  let cells: [JSONText]
  let generatorVersion: String

  /// - Parameters:
  ///   - evaluated: With everything the page asked for.
  ///   - cells: From ``cells(of:in:)``.
  ///   - generatorVersion: As in "0.1.0".
  init(_ evaluated: EvaluatedReport, cells: [JSONText], generatorVersion: String) {
    self.evaluated = evaluated
    self.cells = cells
    self.generatorVersion = generatorVersion
  }

  var document: JSONText {
    let front = evaluated.plan.report.frontMatter
    let parameters = front.parameters
    let fields: [String: JSONText] = [
      "schema": .text(Self.schema), "generator": .text("ftreport \(generatorVersion)"),
      "title": .text(front.title.value), "source": .text(evaluated.plan.report.source.file),
      "parameters": .map(
        Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, JSONText(parameters[$0])) })),
      "cells": .list(cells), "aggregates": .list(aggregates),
      "checks": .list(
        evaluated.checks.map { check in
          .map([
            "kind": .text(check.kind.rawValue), "experiment": .text(check.experiment),
            "status": .text(check.status.rawValue), "passed": .flag(check.passed),
            "text": .text(check.text), "findings": JSONText(check.findings),
            "advice": JSONText(check.advice),
          ])
        }),
    ]
    let blocks = evaluated.kinds.compactMap { kind in
      kind.type.jsonKey.map { ($0, JSONText.list(kind.blocks.map(\.json))) }
    }
    return .map(fields.merging(blocks) { own, _ in own })
  }
}

extension ReportJSON {
  /// One element per place: a result that belongs to several has its key at each.
  static func cells(of experiments: [PlannedExperiment], in frame: ResultFrame) -> [JSONText] {
    experiments.flatMap { experiment in
      let results = frame[experiment.block.label]
      return experiment.places.map { place -> JSONText in
        let result = results?.result(
          method: place.method, shots: place.shots, seed: place.seed, initSeed: place.initSeed)
        var fields: [String: JSONText] = [
          "key": .text(place.key), "experiment": .text(experiment.block.label),
          "model": .text(experiment.model.name), "task": .text(experiment.task.name),
          "method": .text(place.method), "shots": .integer(place.shots),
          "seed": .integer(place.seed), "status": .text(result?.statusName ?? "missing"),
        ]
        fields["initSeed"] = place.initSeed.map(JSONText.integer)
        if let result {
          fields.merge(Self.fields(of: result)) { $1 }
          fields.merge(choices(of: result)) { $1 }
        }
        return .map(fields)
      }
    }
  }

  private static func fields(of result: CellResult) -> [String: JSONText] {
    let bytes = result.memory
    let memory: [String: JSONText] = [
      "weights": .integer(bytes.weights), "gradients": .integer(bytes.gradients),
      "optimizer": .integer(bytes.optimizer), "activations": .integer(bytes.activations),
      "workspace": .integer(bytes.workspace), "keyValue": .integer(bytes.keyValue),
      "peak": .integer(bytes.peak), "predictedPeak": JSONText(bytes.predictedPeak),
      "rssPeak": .integer(bytes.residentPeak),
    ]
    return [
      "reason": JSONText(result.statusWords),
      "metrics": .map(
        Dictionary(
          result.evaluations.map { ($0.set, JSONText.map($0.metrics.mapValues { JSONText($0) })) },
          uniquingKeysWith: { first, _ in first })),
      "evaluated": .map(
        Dictionary(
          result.evaluations.map { ($0.set, JSONText.integer($0.count)) },
          uniquingKeysWith: { first, _ in first })),
      "train": result.training.map(Self.training) ?? .null, "memory": .map(memory),
      "seconds": JSONText(result.wholeSeconds), "demonstrations": JSONText(result.demonstrations),
      "sampleDigest": .text(result.sampleDigest),
      "provenance": result.provenance.map { provenance in
        JSONText.map([
          "numericsVersion": .integer(provenance.numericsVersion),
          "blas": .text(provenance.blas), "processor": .text(provenance.processor),
          "threads": .integer(provenance.threads),
        ])
      } ?? .null,
    ]
  }

  private static func training(_ training: CellResult.Training) -> JSONText {
    .map([
      "steps": .integer(training.steps), "tokens": .integer(training.tokens),
      "seconds": JSONText(training.seconds), "losses": .list(training.losses.map { JSONText($0) }),
      "accuracy": JSONText(training.accuracy),
      "relativeWeightChange": JSONText(training.relativeWeightChange),
      "trainableParameters": .integer(training.trainableParameters),
    ])
  }

  /// What the figures and tables of the page show.
  private var aggregates: [JSONText] {
    evaluated.estimates.asked.map { key, estimate in
      .map([
        "experiment": .text(key.experiment), "method": .text(key.method),
        "shots": .integer(key.shots), "metric": .text(key.metric.description),
        "runs": .integer(estimate.values.count), "missing": .integer(estimate.absences.count),
        "mean": JSONText(estimate.mean), "median": JSONText(estimate.by(.median).center),
        "iqm": JSONText(estimate.by(.interquartileMean).center),
        "failedRuns": JSONText(estimate.failures?.failed),
        "sd": JSONText(estimate.moments?.standardDeviation),
        "minimum": JSONText(estimate.moments?.minimum),
        "maximum": JSONText(estimate.moments?.maximum),
        "distinct": JSONText(estimate.moments?.distinct),
        "interval": estimate.interval.map { JSONText($0) } ?? .null,
      ])
    }
  }
}

extension ReportJSON {
  /// What only some methods have: demonstrations, a preparation, a choice.
  static func choices(of result: CellResult) -> [String: JSONText] {
    var fields: [String: JSONText] = [:]
    fields["demonstrationsOffered"] = result.demonstrationsOffered.map(JSONText.integer)
    fields["preparation"] = result.preparation.map(preparation)
    fields["choice"] = result.choice.map(choice)
    fields["tuning"] = result.tuning.map(tuning)
    return fields
  }

  /// The search for settings, whose time is part of the cell's.
  private static func tuning(_ tuning: CellResult.Tuning) -> JSONText {
    .map([
      "chosen": JSONText(tuning.chosen), "setting": JSONText(tuning.setting),
      "seconds": JSONText(tuning.seconds), "peak": .integer(tuning.peak),
      "trials": .list(
        tuning.trials.map { trial in
          .map([
            "candidate": .integer(trial.candidate), "setting": .text(trial.setting),
            "rung": .integer(trial.rung), "epochs": .integer(trial.epochs),
            "seed": .integer(trial.seed), "examples": .integer(trial.examples),
            "accuracy": JSONText(trial.accuracy), "logLoss": JSONText(trial.logLoss),
            "seconds": JSONText(trial.seconds), "peak": .integer(trial.peak),
          ])
        }),
    ])
  }

  /// Continued pre-training before a method.
  private static func preparation(_ preparation: CellResult.Preparation) -> JSONText {
    .map([
      "texts": .integer(preparation.texts), "steps": .integer(preparation.steps),
      "tokens": .integer(preparation.tokens),
      "losses": .list(preparation.losses.map { JSONText($0) }),
    ])
  }

  /// How settings or an epoch were chosen.
  private static func choice(_ choice: CellResult.Choice) -> JSONText {
    .map([
      "heldOut": .integer(choice.heldOut), "evaluationSet": JSONText(choice.evaluationSet),
      "candidates": .list(
        choice.candidates.map { candidate in
          .map([
            "setting": .text(candidate.setting), "accuracy": JSONText(candidate.accuracy),
          ])
        }),
      "chosen": JSONText(choice.chosen), "epoch": JSONText(choice.epoch),
      "epochAccuracies": .list(choice.epochAccuracies.map { JSONText($0) }),
    ])
  }
}
