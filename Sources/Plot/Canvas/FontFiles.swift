import Foundation

/// The installed font files that texts are drawn with.
struct FontFiles: Hashable, Sendable {
  private let regular: String
  private let medium: String
  private let semibold: String

  /// The first complete family found: Inter, else DejaVu Sans, which has no medium weight.
  static let installed: FontFiles? = {
    let inter = [
      "/usr/share/fonts/opentype/inter/Inter-", "/usr/share/fonts/truetype/inter/Inter-",
    ]
    let families =
      inter.flatMap { stem in
        ["otf", "ttf"].map { kind in
          FontFiles(
            regular: "\(stem)Regular.\(kind)", medium: "\(stem)Medium.\(kind)",
            semibold: "\(stem)SemiBold.\(kind)")
        }
      } + [
        FontFiles(
          regular: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
          medium: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
          semibold: "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
      ]
    return families.first { family in
      [family.regular, family.medium, family.semibold].allSatisfy {
        FileManager.default.isReadableFile(atPath: $0)
      }
    }
  }()

  func path(_ weight: TextStyle.Weight) -> String {
    switch weight {
    case .regular: regular
    case .medium: medium
    case .semibold: semibold
    }
  }
}
