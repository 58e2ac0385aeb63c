extension StyleBook {
  /// A method's name with the style it has everywhere.
  struct Family {
    let name: String
    let style: SeriesStyle
  }

  /// The methods of the study.
  static let families: [Family] = [
    Family(name: "vanilla", style: style(0x283234, 0xdbe7e6, .circle)),
    Family(name: "pbft", style: style(0x0c70e0, 0x2b93ff, .square)),
    Family(name: "pbft-head", style: style(0x0099c4, 0x65d3ff, .diamond)),
    Family(name: "icl", style: style(0xcb2a08, 0xe8602a, .triangle)),
    Family(name: "zero-shot", style: style(0x857f7c, 0xa0a4af, .ring)),
    Family(name: "adaptive", style: style(0x2a6862, 0x65df9e, .wedge)),
    Family(name: "lora", style: style(0xad16ab, 0xcb66ca, .star)),
    Family(name: "context-distillation", style: style(0xc07a00, 0xfcb509, .plus)),
  ]

  /// The other named methods: relatives of one idea share its hue and differ in the marker.
  static let relatives: [Family] = [
    Family(name: "rslora", style: style(0xad16ab, 0xcb66ca, .circle)),
    Family(name: "lora-plus", style: style(0xad16ab, 0xcb66ca, .plus)),
    Family(name: "dora", style: style(0xad16ab, 0xcb66ca, .diamond)),
    Family(name: "qlora", style: style(0xad16ab, 0xcb66ca, .square)),
    Family(name: "adapter-houlsby", style: indigo(.square)),
    Family(name: "adapter-pfeiffer", style: indigo(.diamond)),
    Family(name: "tapt", style: indigo(.star)),
    Family(name: "setfit", style: indigo(.circle)),
    Family(name: "bitfit", style: brown(.triangle)),
    Family(name: "prompt-tuning", style: pink(.circle)),
    Family(name: "prefix-tuning", style: pink(.wedge)),
    Family(name: "ia3", style: green(.circle)),
    Family(name: "linear-probe", style: green(.cross)),
    Family(name: "context-distillation-lora", style: style(0xc07a00, 0xfcb509, .star)),
  ]

  static let allFamilies = families + relatives

  /// Styles for every other name: four more hues, each with every marker.
  static let spares: [SeriesStyle] = MarkerShape.allCases.flatMap {
    [indigo($0), brown($0), pink($0), green($0)]
  }

  private static func indigo(_ marker: MarkerShape) -> SeriesStyle {
    style(0x4f4bd1, 0x8da2fd, marker)
  }

  private static func brown(_ marker: MarkerShape) -> SeriesStyle {
    style(0x7c4035, 0xb67767, marker)
  }

  private static func pink(_ marker: MarkerShape) -> SeriesStyle {
    style(0xbf1768, 0xf1847e, marker)
  }

  private static func green(_ marker: MarkerShape) -> SeriesStyle {
    style(0x207923, 0xb5a700, marker)
  }

  /// The parts of a memory chart, in the order of ``parts``.
  static let partNames = [
    "weights", "gradients", "optimizer", "activations", "workspace", "key/value",
  ]

  /// Fills of moderate strength that stay apart when they touch.
  static let parts: [SeriesStyle] = [
    style(0x4a6382, 0x6d8bb0, .square), style(0xe0a030, 0xe3b158, .square),
    style(0xc4543f, 0xd9715c, .square), style(0x3f9c8c, 0x55b8a6, .square),
    style(0x9a84c4, 0xa795d6, .square), style(0x86b3d6, 0x9cc9ea, .square),
    style(0x8a8f98, 0x8a94a2, .square), style(0x7a9a35, 0x9cbf4f, .square),
  ]

  private static func style(_ light: UInt32, _ dark: UInt32, _ marker: MarkerShape) -> SeriesStyle {
    SeriesStyle(light: Color(light), dark: Color(dark), marker: marker)
  }
}
