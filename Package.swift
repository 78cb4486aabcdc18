// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode, and a warning stops the build. So it does in C and C++.
let swiftSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "sparkify",
  products: [
    .executable(name: "sparkify", targets: ["Sparkify"]),
    .library(name: "Warehouse", targets: ["Warehouse"]),
  ],
  targets: [
    // C libraries of the distribution, each behind a module of its own. ncursesw and simdjson
    // have no `pkgConfig`: their .pc files hold -D flags, which SwiftPM refuses with a warning.
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "CSimdJSON", cSettings: [.treatAllWarnings(as: .error)],
      cxxSettings: [.treatAllWarnings(as: .error)], linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CTerminal", cSettings: [.treatAllWarnings(as: .error)]),

    .target(
      name: "Warehouse",
      dependencies: ["CCrypto", "CCurl", "CLibPQ", "CSSL", "CSimdJSON", "CZlib", "CZstd"],
      resources: [
        .embedInCode("SQL"), .embedInCode("Restage/Job/restage.py"),
        .embedInCode("Config/Example/dwh.cfg.example"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "Console",
      dependencies: ["Warehouse", "CNcurses", "CTerminal"],
      swiftSettings: swiftSettings),
    // The program itself: nothing but a call, so that tests can link all the rest.
    .executableTarget(
      name: "Sparkify", dependencies: ["Console"], swiftSettings: swiftSettings),

    .systemLibrary(
      name: "CVTerm", path: "Tests/CVTerm", pkgConfig: "vterm",
      providers: [.apt(["libvterm-dev"])]),
    // A pseudo-terminal with libvterm as its screen.
    .target(
      name: "PseudoTerminal", dependencies: ["CVTerm"], path: "Tests/PseudoTerminal",
      swiftSettings: swiftSettings),
    // The console on a scripted warehouse, for tests on a pseudo-terminal.
    .executableTarget(
      name: "ConsoleFixture", dependencies: ["Console", "Warehouse"],
      path: "Tests/ConsoleFixture", swiftSettings: swiftSettings),
    // Measures loads against the floors of the machine, and the screens: `make bench`.
    .executableTarget(
      name: "bench", dependencies: ["CCurl", "PseudoTerminal", "Warehouse"], path: "Tests/Bench",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "WarehouseTests", dependencies: ["Warehouse"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "ConsoleFixture", "Warehouse", "CTerminal", "CVTerm", "PseudoTerminal",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "IntegrationTests", dependencies: ["Warehouse", "Console", "PseudoTerminal"],
      swiftSettings: swiftSettings),
    .testTarget(name: "ArchitectureTests", swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// `make fuzz` builds the fuzz target; an ordinary build cannot link it, as libFuzzer brings `main`.
if Context.environment["SPARKIFY_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["Warehouse"], path: "Tests/Fuzz", swiftSettings: swiftSettings))
}
