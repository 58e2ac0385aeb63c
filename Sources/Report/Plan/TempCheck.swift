enum ReferenceCheck { static func diagnostics(_ r: ParsedReport) -> [Diagnostic] { [] } }
