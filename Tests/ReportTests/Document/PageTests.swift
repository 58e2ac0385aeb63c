import Foundation
import Report
import Testing

@Suite("Page")
struct PageTests {
  @Test("the whole page keeps its recorded HTML")
  func wholePage() throws {
    try Snapshot.check(DemoPage.page().html.text, "demo-page.html")
  }
}
