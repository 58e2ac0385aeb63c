import Testing

@Test("the Experiments room builds") func experimentsBuilds() {}
