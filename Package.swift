// swift-tools-version: 6.1
import PackageDescription

let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "ftreport",
  products: [.executable(name: "ftreport", targets: ["ftreport"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CCMark",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(name: "CGD", providers: [.apt(["libgd-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Formats",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: house),
    .target(name: "Engine", dependencies: ["COpenBLAS"], swiftSettings: house),
    .target(name: "Plot", dependencies: ["CGD"], swiftSettings: house),
    .target(
      name: "Experiments",
      dependencies: [
        "CZlib", "Engine", "Formats",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [.copy("Resources"), .embedInCode("Tasks/Catalog/Published")],
      swiftSettings: house),
    .target(
      name: "Report",
      dependencies: [
        "CCMark", "Engine", "Experiments", "Formats", "Plot",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "ftreport",
      dependencies: [
        "Engine", "Experiments", "Formats", "Plot", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "Benchmarks", dependencies: ["Engine"], path: "Benchmarks",
      exclude: ["RESULTS.md", "huggingface.py", "results.py", "run", "scenarios.py"],
      swiftSettings: house),
    .target(
      name: "TestSupport", dependencies: ["Engine"], path: "Tests/Support", swiftSettings: house),
    .testTarget(name: "FormatsTests", dependencies: ["Formats"], swiftSettings: house),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "PlotTests", dependencies: ["Plot"], exclude: ["__Snapshots__"], swiftSettings: house),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Engine", "Experiments", "Formats", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["__Snapshots__"], swiftSettings: house),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Engine", "Experiments", "Formats", "Plot", "Report", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["__Snapshots__"], swiftSettings: house),
    .testTarget(
      name: "CommandTests", dependencies: ["ftreport", "TestSupport"], swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
