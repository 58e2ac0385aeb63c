import Testing

/// Everything that starts processes, one after another, so that no test starves another.
@Suite(.serialized) enum Commands {}
