import Foundation
import Testing

@testable import Experiments
@testable import Report

/// Pages of random results as they are printed: HTML, JSON and CSV state each contrast once.
@Suite struct PrintedPageTests {
  typealias Object = [String: Any]

  /// One statement about the first minus the second, as some place prints it.
  private struct Said {
    /// The contrast, whichever way round it is stated.
    let contrast: String
    /// Where it is printed.
    let place: String
    let estimate: Double
    let interval: [Double]?
    /// Against 0, corrected; nil where the statement has another boundary or nothing is tested.
    let pValue: Double?
    /// 1 where the first is stated to be the larger, −1 the smaller, 0 where neither is.
    let sign: Double?
    /// What rounding may have changed.
    var half = (number: 1e-9, pValue: 1e-9)
  }

  @Test(
    "what a page prints agrees with its JSON and CSV and with itself",
    arguments: RandomStudy.Condition.allCases, 0..<3)
  func printed(condition: RandomStudy.Condition, seed: Int) throws {
    let rendered = try RandomStudy(condition, seed: UInt64(seed)).rendered()
    let page = PrintedPage(rendered.html)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(rendered.json.utf8)) as? Object)
    let said =
      try claims(page, json) + comparisons(page, json, csv: rendered.csv)
      + recommendations(page, json)
    #expect(said.count > (condition == .missing || condition == .failed ? 20 : 60))
    var first: [String: Said] = [:]
    for statement in said {
      guard let other = first[statement.contrast] else {
        first[statement.contrast] = statement
        continue
      }
      expectAgreement(statement, other)
    }
    try banner(page, json)
  }

  private func expectAgreement(_ a: Said, _ b: Said) {
    let places = Comment(rawValue: "\(a.contrast): \(a.place) and \(b.place)")
    let half = a.half.number + b.half.number
    #expect(abs(a.estimate - b.estimate) <= half, places)
    #expect((a.interval == nil) == (b.interval == nil), places)
    for (end, other) in zip(a.interval ?? [], b.interval ?? []) {
      #expect(abs(end - other) <= half, places)
    }
    if let p = a.pValue, let other = b.pValue {
      #expect(abs(p - other) <= a.half.pValue + b.half.pValue, places)
    }
    if let sign = a.sign, let other = b.sign { #expect(sign == other, places) }
  }
}

extension PrintedPageTests {
  /// A contrast of JSON, turned so that the names are in order.
  private func said(
    _ first: String, _ second: String, _ contrast: Object, verdict: String, at boundary: Double,
    place: String
  ) -> Said? {
    guard let estimate = contrast["estimate"] as? Double else { return nil }
    let interval = (contrast["interval"] as? Object).flatMap { interval in
      (interval["lower"] as? Double).flatMap { lower in
        (interval["upper"] as? Double).map { [lower, $0] }
      }
    }
    let sign: Double? =
      switch verdict {
      case "supported": 1
      case "refuted": -1
      default: 0
      }
    return turned(
      first, second, estimate, interval,
      p: boundary == 0 && verdict != "equivalent" ? contrast["adjustedPValue"] as? Double : nil,
      sign: boundary == 0 ? sign : nil, place: place)
  }

  private func turned(
    _ first: String, _ second: String, _ estimate: Double, _ interval: [Double]?, p: Double?,
    sign: Double?, place: String, half: (number: Double, pValue: Double) = (1e-9, 1e-9)
  ) -> Said {
    let isTurned = first > second
    return Said(
      contrast: isTurned ? "\(second) − \(first)" : "\(first) − \(second)", place: place,
      estimate: isTurned ? -estimate : estimate,
      interval: isTurned ? interval.map { $0.reversed().map { -$0 } } : interval, pValue: p,
      sign: sign.map { isTurned ? -$0 : $0 }, half: half)
  }

  /// A cell such as "+4.2 | 1.1 to 7.3 | p 0.012"; nil where nothing is said.
  private func said(
    _ first: String, _ second: String, _ cell: PrintedPage.Cell, place: String,
    p printed: String? = nil
  ) -> Said? {
    guard let estimate = PrintedPage.number(cell.text) else { return nil }
    let interval = cell.lines.lazy.compactMap(PrintedPage.interval).first
    let p = (printed ?? cell.lines.first { $0.hasPrefix("p ") }.map { String($0.dropFirst(2)) })
      .flatMap(pValue)
    #expect(!cell.isMarked || (p?.value ?? 1) <= 0.05 + (p?.half ?? 0), "\(place)")
    return turned(
      first, second, estimate.value / 100, interval?.map { $0.value / 100 }, p: p?.value,
      sign: cell.isMarked ? 1 : nil, place: place,
      half: (number: (interval?[0].half ?? estimate.half) / 100, pValue: p?.half ?? 0))
  }

  private func pValue(_ text: String) -> (value: Double, half: Double)? {
    text.hasPrefix("<") ? (0.0005, 0.0005 + 1e-9) : PrintedPage.number(text)
  }

  /// Claims: badge, figures and JSON.
  private func claims(_ page: PrintedPage, _ json: Object) throws -> [Said] {
    // What claims state of two methods at 0 or elsewhere, as the source writes it.
    let pairs = ["clm-1": ("a", "b"), "clm-2": ("b", "a"), "clm-3": ("a", "b")]
    var found: [Said] = []
    for claim in try #require(json["claims"] as? [Object]) {
      let label = try #require(claim["label"] as? String)
      let place = Comment(rawValue: label)
      let verdict = try #require(claim["verdict"] as? String)
      let contrast = try #require(claim["contrast"] as? Object)
      let box = try #require(page.block(label))
      let style = box.components(separatedBy: "\"")[1].replacingOccurrences(of: "claim ", with: "")
      let badge = PrintedPage.parts(of: box, from: "class=\"badge\"", to: "</p>").map {
        PrintedPage.text($0)
      }
      #expect(badge == [verdict], place)
      let isDecided = ["supported", "refuted", "equivalent"].contains(verdict)
      #expect(style == (isDecided || verdict == "inconclusive" ? verdict : "unevaluated"), place)
      let figures = self.figures(box)
      let isExact = claim["exact"] as? Bool == true
      let p = contrast["adjustedPValue"] as? Double
      if let p, let level = contrast["level"] as? Double {
        #expect(isDecided == (p <= level), place)
      } else {
        #expect(!isDecided || isExact, place)
      }
      let scale = label == "clm-4" ? 1.0 : 100
      if !isExact { try expect(figures, print: contrast, scale: scale, place) }
      guard let (first, second) = pairs[label] else { continue }
      let boundary = (contrast["boundaries"] as? [Double]) ?? []
      found += [
        said(
          "\(first)@e/16", "\(second)@e/16", contrast,
          verdict: label == "clm-2" ? turned(verdict) : verdict,
          at: boundary == [0] ? 0 : 1, place: label)
      ].compactMap(\.self)
    }
    return found
  }

  private func turned(_ verdict: String) -> String {
    ["supported": "refuted", "refuted": "supported"][verdict] ?? verdict
  }

  /// The figures of a claim by their names.
  private func figures(_ box: String) -> [String: String] {
    Dictionary(
      PrintedPage.parts(of: box, from: "<dt>", to: "</dd>").map { part in
        let sides = part.components(separatedBy: "</dt>").map(PrintedPage.text)
        return (sides[0], sides.last ?? "")
      }, uniquingKeysWith: { first, _ in first })
  }

  private func expect(
    _ figures: [String: String], print contrast: Object, scale: Double, _ place: Comment
  ) throws {
    if let estimate = contrast["estimate"] as? Double {
      let printed = try #require(figures["difference"].flatMap(PrintedPage.number), place)
      #expect(abs(printed.value - estimate * scale) <= printed.half, place)
    } else {
      #expect(figures["difference"] == nil, place)
    }
    let interval = figures.first { $0.key.hasSuffix(" interval") }?.value
    if let ends = contrast["interval"] as? Object {
      let printed = try #require(interval.flatMap(PrintedPage.interval), place)
      for (number, key) in zip(printed, ["lower", "upper"]) {
        let end = try #require(ends[key] as? Double)
        #expect(abs(number.value - end * scale) <= number.half, place)
      }
    } else {
      #expect(interval == nil, place)
    }
    let p = figures.first { $0.key.hasPrefix("p (family") }
    let size = p?.key.dropFirst("p (family of ".count).dropLast()
    if let stated = contrast["adjustedPValue"] as? Double {
      let printed = try #require(p.flatMap { pValue($0.value) }, place)
      #expect(abs(printed.value - stated) <= printed.half, place)
      #expect(size.flatMap { Int($0) } == contrast["familySize"] as? Int, place)
    } else {
      #expect(p == nil, place)
    }
  }

  /// Comparisons: every cell, the set of the best and the letters.
  private func comparisons(
    _ page: PrintedPage, _ json: Object, csv: String
  ) throws -> [Said] {
    var found: [Said] = []
    for comparison in try #require(json["comparisons"] as? [Object]) {
      let label = try #require(comparison["label"] as? String)
      let place =
        comparison["tasks"] == nil ? "e/16" : "e/16+f/16"
      let methods = try #require(comparison["methods"] as? [Object])
      let pairs = try #require(comparison["pairs"] as? [Object])
      found += judged(methods, pairs, place: place, label: label)
      let block = try #require(page.block(label))
      let table = try #require(PrintedPage.tables(block).first)
      let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0[0].text, $0) })
      for method in methods {
        let name = try #require(method["method"] as? String)
        let row = try #require(rows[name])
        try expect(row, of: table, print: method, label)
        if comparison["tasks"] == nil { expect(method, csv: csv, label) }
        for (column, cell) in zip(table.columns, row) {
          let other =
            column.hasPrefix("against ")
            ? String(column.dropFirst(8)) : column.hasPrefix("above ") ? "floor" : nil
          guard let other, other != name else { continue }
          found += [
            said("\(name)@\(place)", "\(other)@\(place)", cell, place: "\(label), printed")
          ].compactMap(\.self)
        }
      }
      try expectSet(of: comparison, in: PrintedPage.text(block), label)
    }
    return found
  }

  /// Every pair and every floor of JSON.
  private func judged(
    _ methods: [Object], _ pairs: [Object], place: String, label: String
  ) -> [Said] {
    let stated = pairs.compactMap { pair -> Said? in
      guard let first = pair["first"] as? String, let second = pair["second"] as? String,
        let verdict = pair["verdict"] as? String, let contrast = pair["contrast"] as? Object
      else { return nil }
      expectColour(verdict, contrast, label)
      return said(
        "\(first)@\(place)", "\(second)@\(place)", contrast, verdict: verdict, at: 0, place: label)
    }
    let floors = methods.compactMap { method -> Said? in
      guard let name = method["method"] as? String, let floor = method["aboveFloor"] as? Object,
        let verdict = floor["verdict"] as? String, let contrast = floor["contrast"] as? Object
      else { return nil }
      expectColour(verdict, contrast, label)
      return said(
        "\(name)@\(place)", "floor@\(place)", contrast, verdict: verdict, at: 0, place: label)
    }
    return stated + floors
  }

  private func expectColour(_ verdict: String, _ contrast: Object, _ label: String) {
    let isDecided = ["supported", "refuted", "equivalent"].contains(verdict)
    guard let p = contrast["adjustedPValue"] as? Double, let level = contrast["level"] as? Double
    else {
      #expect(!isDecided, "\(label)")
      return
    }
    #expect(isDecided == (p <= level), "\(label)")
  }

  /// Mean, rank and letters of a row.
  private func expect(
    _ row: [PrintedPage.Cell], of table: PrintedPage.Table, print method: Object, _ label: String
  ) throws {
    for (column, key, scale) in [("mean", "mean", 100.0), ("mean rank", "meanRank", 1)] {
      guard let place = table.columns.firstIndex(of: column) else { continue }
      let printed = PrintedPage.number(row[place].text)
      guard let stated = method[key] as? Double else {
        #expect(printed == nil, "\(label)")
        continue
      }
      let number = try #require(printed, "\(label)")
      #expect(abs(number.value - scale * stated) <= number.half, "\(label)")
    }
    if let place = table.columns.firstIndex(of: "group"), row[place].text != "—" {
      #expect(row[place].text == method["letters"] as? String, "\(label)")
    }
  }

  /// A mean is that of the CSV's rows, where no run diverged.
  private func expect(_ method: Object, csv: String, _ label: String) {
    guard let mean = method["mean"] as? Double, method["diverged"] as? Int == 0,
      let name = method["method"] as? String
    else { return }
    let wanted = ["e", name, "16", "ood", "accuracy"]
    let values = csv.components(separatedBy: "\r\n").compactMap { line -> Double? in
      let fields = line.components(separatedBy: ",")
      guard fields.count > 9, [0, 3, 4, 7, 8].map({ fields[$0] }) == wanted else { return nil }
      return Double(fields[9])
    }
    #expect(!values.isEmpty)
    #expect(abs(values.reduce(0, +) / Double(max(1, values.count)) - mean) < 1e-12, "\(label)")
  }

  /// The sentence about the set of the best.
  private func expectSet(of comparison: Object, in text: String, _ label: String) throws {
    let methods = try #require(comparison["methods"] as? [Object])
    let out = methods.filter { $0["mean"] is Double && $0["inSetOfBest"] as? Bool == false }
      .compactMap { $0["method"] as? String }
    guard methods.contains(where: { $0["mean"] is Double }) else { return }
    if comparison["atFloor"] as? Bool == true {
      #expect(text.contains("Not tested: no method is shown"), "\(label)")
      #expect((comparison["setOfBest"] as? [String])?.isEmpty == true)
      return
    }
    #expect(text.contains(" Out of it: ") == !out.isEmpty, "\(label)")
    let pairs = try #require(comparison["pairs"] as? [Object])
    for name in out {
      let better = pairs.filter {
        $0["second"] as? String == name && $0["verdict"] as? String == "supported"
      }.compactMap { $0["first"] as? String }
      #expect(better.contains { text.contains("\(name) (worse than \($0))") }, "\(label)")
    }
  }

  /// Recommendations: the evidence of the widest budget, and every choice of JSON.
  private func recommendations(_ page: PrintedPage, _ json: Object) throws -> [Said] {
    var found: [Said] = []
    for recommendation in try #require(json["recommendations"] as? [Object]) {
      let label = try #require(recommendation["label"] as? String)
      let choices = try #require(recommendation["choices"] as? [Object])
      for choice in choices {
        let shots = try #require(choice["shots"] as? Int)
        let candidates = try #require(choice["candidates"] as? [Object])
        let entries = candidates.compactMap { $0["judged"] as? Object }
        found += judged(
          entries, try #require(choice["pairs"] as? [Object]), place: "e/\(shots)", label: label)
        if let method = choice["method"] as? String {
          #expect((choice["setOfBest"] as? [String])?.contains(method) == true, "\(label)")
        }
      }
      guard let widest = choices.last, let shots = widest["shots"] as? Int else { continue }
      let block = try #require(page.block(label))
      #expect(PrintedPage.text(block).contains(try #require(widest["outcome"] as? String)))
      guard let table = PrintedPage.tables(block).last, table.columns.contains("so") else {
        continue
      }
      let first = table.rows[0][0].text
      for row in table.rows {
        let name = row[0].text
        let cells = Dictionary(zip(table.columns, row)) { first, _ in first }
        let entry = (widest["candidates"] as? [Object])?.compactMap { $0["judged"] as? Object }
          .first { $0["method"] as? String == name }
        let isInSet = try #require(entry?["inSetOfBest"] as? Bool)
        if let word = cells["so"]?.text, word != "not tested" {
          #expect(word == (isInSet ? "in the set of the best" : "worse"), "\(label)")
        }
        if let cell = cells["\(first) against it"], name != first {
          found += [
            said(
              "\(first)@e/\(shots)", "\(name)@e/\(shots)", cell, place: "\(label), printed",
              p: cells["p"]?.text)
          ].compactMap(\.self)
        }
      }
    }
    return found
  }

  /// The line above the text counts the claims as they are.
  private func banner(_ page: PrintedPage, _ json: Object) throws {
    let verdicts = try #require(json["claims"] as? [Object]).compactMap { $0["verdict"] as? String }
    let line = try #require(page.notices.first { $0.contains("Claims: ") })
    for verdict in Set(verdicts) {
      let count = verdicts.count { $0 == verdict }
      #expect(line.contains("\(count) \(verdict)"), "\(line)")
    }
    #expect(line.contains("refuted") == verdicts.contains("refuted"))
  }
}
