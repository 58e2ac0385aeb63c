import Experiments
import Formats

/// Everything a report rests on, for programs: schema `ftreport.report/1`.
struct ReportJSON {
  static let schema = "ftreport.report/1"

  let evaluated: EvaluatedReport
  let generatorVersion: String

  init(_ evaluated: EvaluatedReport, generatorVersion: String) {
    self.evaluated = evaluated
    self.generatorVersion = generatorVersion
  }

  var text: String {
    let front = evaluated.plan.report.frontMatter
    let parameters = front.parameters
    var text = ""
    JSONText.map([
      "schema": .text(Self.schema), "generator": .text("ftreport \(generatorVersion)"),
      "title": .text(front.title.value), "source": .text(evaluated.plan.report.source.file),
      "parameters": .map(
        Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, JSONText(parameters[$0])) })),
      "experiments": .list(evaluated.plan.experiments.map(Self.experiment)),
      "cells": .list(cells), "aggregates": .list(aggregates), "claims": .list(claims),
      "comparisons": .list(comparisons), "references": .list(references),
      "recommendations": .list(recommendations),
      "checks": .list(
        evaluated.checks.map { check in
          .map([
            "kind": .text(check.kind.rawValue), "experiment": .text(check.experiment),
            "status": .text(check.status.rawValue), "passed": .flag(check.passed),
            "text": .text(check.text), "findings": JSONText(check.findings),
            "advice": JSONText(check.advice),
          ])
        }),
    ]).write(to: &text)
    return text + "\n"
  }
}

extension ReportJSON {
  private static func experiment(_ experiment: PlannedExperiment) -> JSONText {
    let model = experiment.model
    let methods = experiment.methods.map { method in
      JSONText.map([
        "name": .text(method.name), "preset": .text(method.preset),
        "objective": .text(method.objective), "adaptation": .text(method.adaptation),
        "options": .map(method.options.values.mapValues(JSONText.init)),
      ])
    }
    return .map([
      "label": .text(experiment.block.label), "task": .text(experiment.task.name),
      "labels": JSONText(experiment.task.labels), "methods": .list(methods),
      "shots": .list(experiment.shape.shots.map(JSONText.integer)),
      "shotsPer": .text(experiment.block.shotsPer.value.rawValue),
      "seeds": .list(experiment.shape.seeds.map(JSONText.integer)),
      "sets": JSONText(experiment.shape.sets),
      "data": .map(experiment.dataFingerprints.mapValues(JSONText.text)),
      "dataNotes": JSONText(experiment.dataNotes),
      "model": .map([
        "name": .text(model.name), "fingerprint": .text(model.fingerprint),
        "parameters": .integer(model.parameters), "layers": .integer(model.layers),
        "width": .integer(model.width), "family": .text(model.family),
        "context": .integer(model.context),
      ]),
    ])
  }

  /// One element a place: a result that stands at several has its key at each.
  private var cells: [JSONText] {
    evaluated.plan.experiments.flatMap { experiment in
      let results = evaluated.frame[experiment.block.label]
      return experiment.places.map { place -> JSONText in
        let result = results?.result(method: place.method, shots: place.shots, seed: place.seed)
        var fields: [String: JSONText] = [
          "key": .text(place.key), "experiment": .text(experiment.block.label),
          "model": .text(experiment.model.name), "task": .text(experiment.task.name),
          "method": .text(place.method), "shots": .integer(place.shots),
          "seed": .integer(place.seed), "status": .text(result?.statusName ?? "missing"),
        ]
        if let result {
          fields.merge(Self.fields(of: result)) { $1 }
          fields.merge(Self.choices(of: result)) { $1 }
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
      "seconds": JSONText(result.seconds), "demonstrations": JSONText(result.demonstrations),
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
        "mean": JSONText(estimate.mean), "sd": JSONText(estimate.moments?.standardDeviation),
        "minimum": JSONText(estimate.moments?.minimum),
        "maximum": JSONText(estimate.moments?.maximum),
        "distinct": JSONText(estimate.moments?.distinct),
        "interval": estimate.interval.map { JSONText($0) } ?? .null,
      ])
    }
  }

  private var claims: [JSONText] {
    evaluated.claims.map { claim in
      let verdict = claim.verdict
      return .map([
        "label": .text(claim.block.label), "assertion": .text(claim.block.assertion.text),
        "verdict": .text(verdict.outcome.rawValue), "estimate": JSONText(verdict.estimate),
        "interval": verdict.interval.map { JSONText($0) } ?? .null,
        "boundary": JSONText(verdict.boundary), "pValue": JSONText(verdict.pValue),
        "adjustedPValue": JSONText(verdict.adjustedPValue), "pairs": .integer(verdict.pairs),
        "distinctPairs": .integer(verdict.distinctPairs), "notes": JSONText(verdict.notes),
      ])
    }
  }
}

extension JSONText {
  init(_ interval: ConfidenceInterval) {
    self = .map([
      "lower": JSONText(interval.lower), "upper": JSONText(interval.upper),
      "confidence": JSONText(interval.confidence), "method": .text(interval.method.rawValue),
    ])
  }

  /// An option of a method or a parameter of a report.
  init(_ option: OptionValue?) {
    switch option {
    case nil: self = .null
    case .flag(let value): self = .flag(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = JSONText(value)
    case .text(let value): self = .text(value)
    case .list(let values): self = .list(values.map { JSONText($0) })
    }
  }
}
