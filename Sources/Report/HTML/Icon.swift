/// Small drawings that say without colour what a badge or alert means.
///
/// Each is drawn in a 16 × 16 box with the text's own colour and hidden from screen readers, which
/// read the words beside it.
enum Icon: String, CaseIterable {
  case check = "M3 8.5l3.2 3.2L13 4.8"
  case cross = "M4 4l8 8M12 4l-8 8"
  case question = "M5.6 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.7M8 12.6v.1"
  case dash = "M3.5 8h9"
  case information = "M8 7.3v4M8 4.6v.1M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z"
  case bulb = "M6 12h4M6.5 14.3h3M5.8 9.7a4.3 4.3 0 1 1 4.4 0V12H5.8z"
  case bubble = "M2 2.5h12v8.5H8L5 14v-3H2zM8 4.5v2.8M8 9v.1"
  case triangle = "M8 2L14.5 13.5H1.5zM8 6.5v3.2M8 11.7v.1"
  case octagon = "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3L1.5 10.7V5.3zM8 4.7v4M8 11v.1"

  init(_ alert: DocumentAlert) {
    switch alert {
    case .note: self = .information
    case .tip: self = .bulb
    case .important: self = .bubble
    case .warning: self = .triangle
    case .caution: self = .octagon
    }
  }

  var html: HTML {
    "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"\(rawValue)\"/></svg>"
  }
}
