import Testing

@Test("the command builds") func commandBuilds() {}
