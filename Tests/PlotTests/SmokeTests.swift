import Testing

@Test("the Plot room builds") func plotBuilds() {}
