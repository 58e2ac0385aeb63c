import Testing

@Test("the Engine room builds") func engineBuilds() {}
