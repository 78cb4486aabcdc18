import Testing

@Suite("Imports")
struct ImportTests {
  /// The C modules, and the folders that may import each.
  private static let owners: [String: [String]] = [
    "CLibPQ": ["Sources/Warehouse/Postgres/"],
    "CSimdJSON": ["Sources/Warehouse/JSON/"],
    "CZlib": ["Sources/Warehouse/Objects/", "Sources/Warehouse/Restage/"],
    "CZstd": ["Sources/Warehouse/Objects/", "Sources/Warehouse/Restage/"],
    "CCurl": ["Sources/Warehouse/AWS/"],
    "CCrypto": ["Sources/Warehouse/AWS/"],
    "CSSL": ["Sources/Warehouse/Reachability/"],
    "CNcurses": ["Sources/Console/Terminal/"],
    "CTerminal": ["Sources/Console/Terminal/"],
  ]

  private static let system: Set = ["Swift", "Glibc", "Dispatch", "Synchronization"]

  /// Where the essentials of Foundation, and its reader of XML, may be used.
  private static let essentials = ["Sources/Warehouse/Config/", "Sources/Warehouse/AWS/"]

  private static let swiftFiles = SourceTree.files("Sources").filter { $0.hasSuffix(".swift") }

  /// Why `file` must not import `module`; nil when it may.
  private static func objection(_ module: String, in file: String) -> String? {
    let isWidget =
      file.hasPrefix("Sources/Console/Screens/") || file.hasPrefix("Sources/Console/Widgets/")
    if let owners = owners[module] {
      return owners.contains(where: file.hasPrefix) ? nil : "it belongs to \(owners)"
    }
    switch module {
    case "Console":
      return file.hasPrefix("Sources/Sparkify/") ? nil : "only the program imports the console"
    case "Warehouse":
      if file.hasPrefix("Sources/Warehouse/") { return "that is its own module" }
      return file.hasPrefix("Sources/Console/Terminal/")
        ? "the terminal knows nothing of the warehouse" : nil
    case "Glibc": return isWidget ? "screens and widgets only draw" : nil
    case "FoundationEssentials", "FoundationXML":
      return essentials.contains(where: file.hasPrefix) ? nil : "it belongs to \(essentials)"
    default: return system.contains(module) ? nil : "no module of ours"
    }
  }

  @Test("never cross the parts' borders, and Foundation is in none")
  func borders() {
    #expect(Self.swiftFiles.count > 100)
    for file in Self.swiftFiles {
      for module in SourceTree.imports(file) {
        let objection = Self.objection(module, in: file)
        #expect(objection == nil, "\(file) imports \(module)")
      }
    }
  }

  @Test("are found by this test in every form there is")
  func forms() {
    #expect(Self.objection("Foundation", in: "Sources/Warehouse/Config/X.swift") != nil)
    #expect(Self.objection("Console", in: "Sources/Warehouse/X.swift") != nil)
    #expect(Self.objection("CLibPQ", in: "Sources/Console/App/X.swift") != nil)
    #expect(Self.objection("CNcurses", in: "Sources/Console/Widgets/X.swift") != nil)
    #expect(Self.objection("Glibc", in: "Sources/Console/Screens/A/X.swift") != nil)
    #expect(Self.objection("Warehouse", in: "Sources/Console/Terminal/X.swift") != nil)
    #expect(Self.objection("Warehouse", in: "Sources/Console/App/X.swift") == nil)
    #expect(SourceTree.imports("Tests/ArchitectureTests/SourceTree.swift") == ["Foundation"])
  }
}

@Suite("Files")
struct FileTests {
  @Test("of SQL are named subject-verb, with the engine where it matters, each name once")
  func sqlNames() {
    let folder = "Sources/Warehouse/SQL"
    let files = SourceTree.files(folder)
    #expect(!files.isEmpty)
    for file in files {
      let name = file.dropFirst(folder.count + 1)
      let isRight =
        name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)+(\.(postgres|redshift))?\.sql/) != nil
      #expect(isRight, "\(file)")
    }
    #expect(Set(files.map { $0.lowercased() }).count == files.count)
  }

  @Test("of Swift keep to their part: SQL/ holds none, and no type is a manager")
  func swiftNames() {
    let names = SourceTree.files("Sources").filter { $0.hasSuffix(".swift") }
    #expect(!names.contains { $0.hasPrefix("Sources/Warehouse/SQL/") })
    for word in ["Manager", "Helper", "Util", "Common"] {
      let found = names.filter { $0.contains(word) }
      #expect(found.isEmpty, "\(found)")
    }
  }

  @Test("hold no path of the machine that they were written on")
  func machinePaths() {
    let top = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "Package.swift"]
    let folders = ["Sources", "Tests", "docs", "scripts", "queries", ".ci"]
    for file in top + folders.flatMap(SourceTree.files) {
      guard let text = SourceTree.text(file) else { continue }
      #expect(SourceTree.machinePaths(in: text) == [], "\(file)")
    }
  }
}
