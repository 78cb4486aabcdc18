import Glibc
import Testing

@testable import Warehouse

@Suite("A disk that is full")
struct DiskFullTests {
  /// No account but root may mount the small disk that this takes, nor may root in every container.
  static let sizes = (try? SmallDisk(megabytes: 1)) == nil ? [] : [160]

  @Test("fails the run, and the star stays", arguments: sizes)
  func full(megabytes: Int) async throws {
    let stars = try await TwoStars.stars()
    let disk = try SmallDisk(megabytes: megabytes)
    let home = disk.path + "/home"
    let words = ["--home", home]
    let first = try await Program.run(["run"] + words + (try TwoStars.old.get().arguments))
    #expect(first.status == 0, "\(first.all)")

    let large = try SourceFolder.small(users: 1)
    let record = Record.event(agent: String(repeating: "x", count: 1500))
    let block = String(repeating: record + "\n", count: 1000)
    for number in 1...100 { try large.write(block, to: "log_data/\(number).json") }
    let failed = try await Program.run(["run"] + words + large.arguments)
    #expect(failed.status == 1, "\(failed.all)")
    // Room for its log is what a server cannot be without: it ends, and can tell us no more.
    let serverWords = [
      "No space left on device", "Check free disk space.", "lost the connection to the warehouse",
    ]
    #expect(serverWords.contains { failed.errors.contains($0) }, "\(failed.errors)")

    // A server whose log found no room cannot even start before there is some.
    try disk.grow(to: 600)
    let cluster = EmbeddedCluster(stateFolder: home)
    let warehouse = try await TestWarehouse(at: try await cluster.ensureRunning())
    #expect(try await warehouse.star() == stars.old)
    let states = try await warehouse.runStates()
    #expect(states == [.succeeded, .failed] || states == [.succeeded, .interrupted])
    let next = try await Program.run(["run"] + words + (try TwoStars.new.get().arguments))
    #expect(next.status == 0, "\(next.all)")
    let after = try await TestWarehouse(at: try await cluster.ensureRunning())
    #expect(try await after.star() == stars.new)
    await warehouse.session.close()
    await after.session.close()
    await cluster.leave()
  }

  @Test(
    "never leaves half a star, whichever stage finds no room",
    arguments: sizes.isEmpty ? [] : [StageID.loadSongplays, .check, .publish])
  func fullFrom(stage: StageID) async throws {
    let stars = try await TwoStars.stars()
    let disk = try SmallDisk(megabytes: 400)
    let home = disk.path + "/home"
    let words = ["--home", home]
    let cluster = EmbeddedCluster(stateFolder: home)
    let warehouse = try await TestWarehouse(at: try await cluster.ensureRunning())
    let new = try TwoStars.new.get()
    try await StageBlock.prepare(
      warehouse, before: stage, published: TwoStars.old.get(), building: new)
    await warehouse.session.close()
    try disk.fill()
    let full = try await Program.run(["run", "--from", stage.rawValue] + words + new.arguments)
    try disk.grow(to: 800)
    let after = try await TestWarehouse(at: try await cluster.ensureRunning())
    // A stage that needed no new page has gone well.
    #expect(try await after.star() == (full.status == 0 ? stars.new : stars.old), "\(full.all)")
    #expect(full.status == 0 || full.status == 1, "\(full.all)")
    let next = try await Program.run(["run"] + words + new.arguments)
    #expect(next.status == 0, "\(next.all)")
    #expect(try await after.star() == stars.new)
    await after.session.close()
    await cluster.leave()
  }
}

/// A file system of a few megabytes in memory, unmounted with its owner.
private final class SmallDisk {
  let path: String

  init(megabytes: Int) throws {
    path = try TemporaryFolder.make() + "/disk"
    try FileSystem.makeFolder(path)
    try Self.mount(["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "tmpfs", path])
  }

  deinit { _ = try? Subprocess.run(["/bin/umount", "-l", path]) }

  /// Takes all the room that is left.
  func fill() throws {
    let filled = try Subprocess.run(["/bin/dd", "if=/dev/zero", "of=\(path)/ballast", "bs=4096"])
    guard filled.output.contains("No space left") else {
      throw WarehouseError(.system, filled.output)
    }
  }

  func grow(to megabytes: Int) throws {
    try Self.mount(["-o", "remount,size=\(megabytes)m", path])
  }

  private static func mount(_ arguments: [String]) throws {
    let mounted = try Subprocess.run(["/bin/mount"] + arguments)
    guard mounted.status == 0 else { throw WarehouseError(.system, mounted.output) }
  }
}
