import Testing

@testable import Plot

@Suite("Styles") struct StyleTests {
  @Test(
    "every method's colour stands out from both pages",
    arguments: StyleBook.allFamilies.map(\.name))
  func contrast(name: String) {
    let style = StyleBook().style(for: name)
    for theme in Theme.allCases {
      #expect(style.color(theme).contrast(with: theme.background) >= 3)
      let text = style.color(theme).readable(on: theme.background)
      #expect(text.contrast(with: theme.background) >= 4.5)
    }
  }

  @Test("methods differ in colour and in marker")
  func distinct() {
    let styles = StyleBook.families.map(\.style)
    #expect(Set(styles.map(\.light)).count == styles.count)
    #expect(Set(styles.map(\.dark)).count == styles.count)
    #expect(Set(styles.map(\.marker)).count == styles.count)
  }

  @Test("every named method has a style that no other has")
  func fixed() {
    let styles = StyleBook.allFamilies.map(\.style)
    #expect(Set(styles).count == styles.count)
  }

  @Test(
    "ranks of one family keep apart, with a book of names or without", arguments: [true, false])
  func ranks(named: Bool) {
    let names = [1, 2, 4, 8, 64].map { "lora-r\($0)" }
    let book = StyleBook(names: named ? names : [])
    let styles = names.map(book.style(for:))
    #expect(Set(styles.map(\.marker)).count == names.count)
    #expect(Set(styles.map(\.light)).count == names.count)
    let lightness = styles.map(\.light.perceptual.lightness)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 > $1 }, "more rank, more ink")
    for style in styles {
      #expect(style.light.contrast(with: Theme.light.background) > 2.4)
      #expect(style.dark.contrast(with: Theme.dark.background) > 2.4)
    }
  }

  @Test("a name is looked up in the most specific family")
  func families() {
    let book = StyleBook()
    #expect(book.style(for: "pbft-head").light != book.style(for: "pbft").light)
    #expect(book.style(for: "pbft-head-x").light.perceptual.hue != 0)
    #expect(book.style(for: "lora-plus").marker != book.style(for: "lora").marker)
    #expect(book.style(for: "lorax") == StyleBook().style(for: "lorax"))
  }

  @Test("a book gives unknown names styles of their own")
  func unknown() {
    let names = (0..<20).map { "method \($0)" }
    let styles = names.map(StyleBook(names: names).style(for:))
    #expect(Set(styles).count == names.count)
    #expect(Set(styles.prefix(4).map(\.light)).count == 4, "hues are used up before they repeat")
  }

  @Test("parts of memory have fixed colours, others take what is left")
  func parts() {
    let book = StyleBook()
    let all = book.partStyles(for: ["weights", "something", "gradients"])
    #expect(all[0] == book.partStyles(for: ["weights"])[0])
    #expect(Set(all).count == 3)
    #expect(book.partStyles(for: (0..<30).map { "p\($0)" }).count == 30)
  }

  @Test(
    "a colour survives the way to OKLCH and back",
    arguments: [0x000000, 0xffffff, 0xad16ab, 0x0c70e0])
  func roundTrip(hex: UInt32) {
    let color = Color(hex)
    #expect(Color(color.perceptual) == color)
  }
}
