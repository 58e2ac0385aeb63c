/// The blocks of a study: GitHub-flavoured Markdown plus embedded blocks.
package enum DocumentBlock: Hashable, Sendable {
  case heading(DocumentHeading)
  case paragraph([DocumentInline])
  indirect case quote([DocumentBlock])
  indirect case alert(DocumentAlert, [DocumentBlock])
  indirect case list(DocumentList)
  case code(language: String?, text: String)
  case table(DocumentTable)
  case thematicBreak
  case html(String)
  case embedded(EmbeddedBlock)
}
