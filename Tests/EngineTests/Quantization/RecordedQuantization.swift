@testable import Engine

/// What bitsandbytes 0.50.2 computes for `QuantizationSamples`, written by
/// `Tests/Parity/make_quantized.py`.
struct RecordedQuantization: Sendable {
  let rows: Int
  let columns: Int
  let format: QuantizedFormat
  /// The dequantized weights at evenly spaced places, the first and the last among them.
  let samples: [Float]
  /// FNV-1a over the bit patterns of all dequantized weights.
  let digest: UInt64

  static let all: [RecordedQuantization] = [
    .init(
      rows: 1, columns: 1, format: .int8,
      samples: [0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183],
      digest: 0x1c1b_6db1_7fbd_d7ef),
    .init(
      rows: 1, columns: 1, format: .nf4(doubleQuantization: false),
      samples: [0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183],
      digest: 0x1c1b_6db1_7fbd_d7ef),
    .init(
      rows: 1, columns: 1, format: .nf4(doubleQuantization: true),
      samples: [0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183, 0.0052788183],
      digest: 0x1c1b_6db1_7fbd_d7ef),
    .init(
      rows: 2, columns: 63, format: .int8,
      samples: [0.005242402, 0.0038126563, -0.009293349, -0.018810602, -0.0047948593],
      digest: 0x4f4a_7bd5_dbec_1213),
    .init(
      rows: 2, columns: 63, format: .nf4(doubleQuantization: false),
      samples: [0.004870224, 0.004870224, -0.008608038, -0.01849876, -0.0042649736],
      digest: 0x1f09_4874_a0b4_948c),
    .init(
      rows: 2, columns: 63, format: .nf4(doubleQuantization: true),
      samples: [0.004879604, 0.004879604, -0.008624617, -0.01849876, -0.0042649736],
      digest: 0xa28d_da10_c7be_efd7),
    .init(
      rows: 2, columns: 64, format: .int8,
      samples: [0.005242402, 0.0038126563, 0.005242402, 0.005901365, -0.041309554],
      digest: 0x1fa1_0546_baa9_55bb),
    .init(
      rows: 2, columns: 64, format: .nf4(doubleQuantization: false),
      samples: [0.004870224, 0.004870224, 0.004870224, 0.0075383065, -0.046842087],
      digest: 0x0482_4833_b0a5_cfe9),
    .init(
      rows: 2, columns: 64, format: .nf4(doubleQuantization: true),
      samples: [0.004879604, 0.004879604, 0.004879604, 0.0075383065, -0.046842087],
      digest: 0x4518_025c_7fc5_a1aa),
    .init(
      rows: 3, columns: 65, format: .int8,
      samples: [0.005242402, -0.010723095, -0.027293814, 0.03247574, 0.007530606],
      digest: 0x3b62_8cb6_772f_9c50),
    .init(
      rows: 3, columns: 65, format: .nf4(doubleQuantization: false),
      samples: [0.004870224, -0.011951371, -0.024595518, 0.033629972, 0.008775237],
      digest: 0x787b_0727_1446_8014),
    .init(
      rows: 3, columns: 65, format: .nf4(doubleQuantization: true),
      samples: [0.0048861345, -0.011990415, -0.024559332, 0.033629972, 0.008810407],
      digest: 0x3961_5bd8_2f26_dc47),
    .init(
      rows: 7, columns: 100, format: .int8,
      samples: [0.0052609798, 0.051302254, -0.072930634, -0.062111177, -0.09117284],
      digest: 0x28e3_7d41_d3c5_68b4),
    .init(
      rows: 7, columns: 100, format: .nf4(doubleQuantization: false),
      samples: [0.004870224, 0.043214153, -0.07245248, -0.05437279, -0.10246859],
      digest: 0xff92_400a_326b_3c67),
    .init(
      rows: 7, columns: 100, format: .nf4(doubleQuantization: true),
      samples: [0.004916477, 0.043280598, -0.072581455, -0.05417298, -0.10253037],
      digest: 0x4805_7633_78e9_f9bb),
    .init(
      rows: 24, columns: 768, format: .int8,
      samples: [0.004916672, 0.007713017, 0.0060117226, 0.015391437, 0.05211845],
      digest: 0x6eaf_9b2b_5814_a7ad),
    .init(
      rows: 24, columns: 768, format: .nf4(doubleQuantization: false),
      samples: [0.004870224, 0.0063400995, 0.0072479397, 0.0151969185, 0.05252247],
      digest: 0xe968_0d2d_ef3c_8aa6),
    .init(
      rows: 24, columns: 768, format: .nf4(doubleQuantization: true),
      samples: [0.0048698937, 0.006347287, 0.007199632, 0.015221168, 0.052550543],
      digest: 0x8a77_21dc_25ca_7864),
  ]
}
