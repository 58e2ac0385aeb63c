import Testing

@Test("the Report room builds") func reportBuilds() {}
