import Glibc
import Testing

@testable import Warehouse

@Suite("Finding the server's programs")
struct ServerBinariesTests {
  /// Folders `root/<version>/bin` with programs that only tell their version.
  private func root(versions: [String]) throws -> String {
    let root = try TemporaryFolder.make()
    for version in versions {
      let folder = "\(root)/\(version)/bin"
      try FileSystem.makeFolder(folder)
      for name in ["postgres", "initdb"] {
        try TemporaryFolder.makeProgram(
          "\(folder)/\(name)", script: "echo 'postgres (PostgreSQL) \(version).4 (Somewhere)'")
      }
    }
    return root
  }

  private func search(_ root: String) -> ServerBinaries.Search {
    ServerBinaries.Search(setting: nil, path: [], roots: [(root, "", "/bin")])
  }

  @Test("takes the newest for a new cluster, and for an old one its own version")
  func newestOrFitting() throws {
    let root = try root(versions: ["9", "14", "16", "17beta1"])
    #expect(try ServerBinaries.find(search(root), forData: nil).version == 17)
    #expect(try ServerBinaries.find(search(root), forData: 14).folder == root + "/14/bin")
  }

  @Test("names the package when there is no server")
  func none() async throws {
    let folder = try TemporaryFolder.make()
    let cluster = EmbeddedCluster(stateFolder: folder, search: search(folder))
    let error = try await failure { () throws(WarehouseError) in
      try await cluster.ensureRunning()
    }
    #expect(error.kind == .system)
    #expect(error.message == "could not find the PostgreSQL server")
    #expect(error.hint?.contains(#""apt-get install postgresql""#) == true)
  }

  @Test("names the version's own package when the data is of a version that is gone")
  func otherVersion() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    try FileSystem.write(Array("12\n".utf8), to: folder + "/cluster/data/PG_VERSION", mode: 0o644)
    let cluster = EmbeddedCluster(
      stateFolder: folder, search: search(try root(versions: ["14", "15"])))
    let error = try await failure { () throws(WarehouseError) in
      try await cluster.ensureRunning()
    }
    #expect(error.message == "could not find PostgreSQL 12, which made the embedded warehouse")
    #expect(error.detail == "found instead: PostgreSQL 14, 15")
    #expect(error.hint?.contains(#""apt-get install postgresql-12""#) == true)
  }

  @Test("a folder that was named is the only one that counts")
  func named() throws {
    let root = try root(versions: ["14"])
    var search = search(root)
    search.setting = root
    let wrong = #expect(throws: WarehouseError.self) {
      try ServerBinaries.find(search, forData: nil)
    }
    #expect(wrong?.kind == .configuration)
    #expect(wrong?.message == "could not find the PostgreSQL server in \(root)")
    search.setting = root + "/14/bin"
    #expect(try ServerBinaries.find(search, forData: nil).version == 14)
    let other = #expect(throws: WarehouseError.self) {
      try ServerBinaries.find(search, forData: 13)
    }
    #expect(other?.kind == .configuration)
    #expect(other?.detail == "the embedded warehouse was made by PostgreSQL 13")
  }

  @Test("finds this machine's server")
  func thisMachine() throws {
    let binaries = try ServerBinaries.find(.system(setting: nil), forData: nil)
    #expect(FileSystem.isExecutable(binaries.initdb))
    #expect(binaries.version >= 13)
  }
}
