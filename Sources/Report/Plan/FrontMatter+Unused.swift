import Formats

extension FrontMatter {
  /// Keys that a later version will act on, so that nobody relies on them today.
  var unusedKeys: [(key: String, position: SourcePosition)] {
    var keys: [(key: String, position: SourcePosition)] = []
    if let first = bibliography.first { keys.append(("bibliography", first.position)) }
    if let theme { keys.append(("theme", theme.position)) }
    if let place = publication?.destination?.position ?? publication?.address?.position {
      keys.append(("publish", place))
    }
    return keys
  }
}
