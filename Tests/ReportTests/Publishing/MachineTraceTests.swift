import Foundation
import Testing

@testable import Report

@Suite("Traces of the machine")
struct MachineTraceTests {
  private let traces = MachineTraces(
    environment: [
      "HF_TOKEN": "hf_abcDEF123456", "PATH": "/usr/bin:/bin", "LEVEL": "42", "COUNT": "12345678",
      "PROJECT": "lowresource-study",
    ], user: "lovelace", host: "analytical.example.org", folders: ["/home/lovelace"],
    roots: ["home", "usr", "data", "tmp"])

  private func found(_ text: String, source: String = "") -> [String] {
    traces.found(in: PublishedFile(path: "low.html", text: text), source: source)
      .map { "\($0.place): \($0.what)" }
  }

  @Test(
    "paths, names and the values of variables are found at their places",
    arguments: [
      ("<p>\n  /home/lovelace/x", "low.html:2:3: the path /home/lovelace"),
      ("by lovelace today", "low.html:1:4: the user's name, lovelace"),
      ("on analytical", "low.html:1:4: the machine's name, analytical"),
      ("Bearer hf_abcDEF123456.", "low.html:1:8: the value of the environment variable HF_TOKEN"),
      ("see \"/data/cola/train.tsv\"", "low.html:1:6: the path /data/cola/train.tsv"),
    ])
  func finds(text: String, expected: String) {
    #expect(found(text).contains(expected))
  }

  @Test(
    "other words, paths that every machine has and what the source says are no traces",
    arguments: [
      ("unlovelace lovelaced lovelace-2", ""), ("42 12345678", ""),
      ("/usr/bin/env and/or/data/x", ""),
      ("</data/x> https://a.org/data/x ../data/x", ""),
      ("the lowresource-study", "lowresource-study"),
      ("Ada lovelace", "authors: Ada lovelace"), ("/data/cola/x", "put it into `/data/cola/x`"),
    ])
  func ignores(text: String, source: String) {
    #expect(found(text, source: source) == [])
  }

  @Test("a path into the author's folders is a trace even where the source says it")
  func always() {
    #expect(
      found("/home/lovelace/x", source: "/home/lovelace/x") == [
        "low.html:1:1: the path /home/lovelace"
      ])
  }

  @Test("pictures are looked into, and their base 64 is not read as text")
  func pictures() {
    let hidden = Data("x /home/lovelace y".utf8).base64EncodedString()
    #expect(
      found("<img src=\"data:image/png;base64,\(hidden)\">").first?.contains("/home/lovelace")
        == true)
    #expect(found("<img src=\"data:image/png;base64,AAAA/lovelace/AAAA\">") == [])
  }

  @Test("names of accounts that many machines have are no traces")
  func shared() {
    let traces = MachineTraces(
      environment: [:], user: "root", host: "localhost", folders: ["/"], roots: [])
    let file = PublishedFile(path: "a", text: "root mean square on localhost / root")
    #expect(traces.found(in: file, source: "").isEmpty)
  }
}
