import Foundation
import Testing

@testable import Engine

@Suite("Angles of rotary positions")
struct RotaryTests {
  /// A configuration and what Transformers makes of it; `Tests/Parity/reference/rotary.py` wrote it.
  private struct Recorded {
    let configuration: ConfigurationFields
    let frequencies: [Double]
    let scale: Double
  }

  private func recorded() throws -> [Recorded] {
    let url = ParityFixture.root.appendingPathComponent("rotary.json")
    let parsed = try JSONParser.parse(contentsOf: url)
    return (parsed.array ?? []).compactMap { entry in
      guard let members = entry.object, let configuration = members["config"]?.object,
        let frequencies = members["frequencies"]?.array, let scale = members["scale"]?.number
      else { return nil }
      return Recorded(
        configuration: ConfigurationFields(configuration, file: "rotary.json"),
        frequencies: frequencies.compactMap(\.number), scale: scale)
    }
  }

  @Test("every type of scaling gives Transformers' angles to 1e-6")
  func angles() throws {
    let all = try recorded()
    #expect(all.count == 22)
    for (index, expected) in all.enumerated() {
      let model = try ModelConfiguration.description(of: expected.configuration)
      let rotary = try #require(model.attention(ofLayer: 0).rotary)
      #expect(rotary.frequencies.count == expected.frequencies.count)
      for (found, frequency) in zip(rotary.frequencies, expected.frequencies) {
        #expect(abs(found - frequency) < 1e-6 * frequency, "configuration \(index)")
      }
      #expect(abs(rotary.scale - expected.scale) < 1e-6, "configuration \(index)")
    }
  }
}
