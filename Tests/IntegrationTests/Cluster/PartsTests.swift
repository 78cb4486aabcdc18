import Glibc
import Testing

@testable import Warehouse

@Suite("Parts of the cluster")
struct PartsTests {
  @Test("Removing a tree removes links and leaves what they point at")
  func removeTree() throws {
    let folder = try TemporaryFolder.make()
    try FileSystem.makeFolder(folder + "/tree/a/b")
    try FileSystem.makeFolder(folder + "/kept")
    try FileSystem.write([1], to: folder + "/kept/file")
    try FileSystem.write([1], to: folder + "/tree/a/b/file")
    #expect(symlink(folder + "/kept", folder + "/tree/a/link") == 0)
    try FileSystem.removeTree(folder + "/tree")
    try FileSystem.removeTree(folder + "/tree")
    #expect(try FileSystem.names(in: folder) == ["kept"])
    #expect(FileSystem.exists(folder + "/kept/file"))
  }

  @Test("Disk usage counts files at any depth")
  func diskUsage() throws {
    let folder = try TemporaryFolder.make()
    let empty = FileSystem.diskUsage(folder)
    try FileSystem.makeFolder(folder + "/a/b")
    try FileSystem.write([UInt8](repeating: 1, count: 1 << 20), to: folder + "/a/b/file")
    #expect(FileSystem.diskUsage(folder) >= empty + 1 << 20)
    #expect(FileSystem.diskUsage(folder + "/none") == 0)
  }

  @Test("A program's output is kept to its end, and its exit status told")
  func subprocess() throws {
    let said = try Subprocess.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"])
    #expect(said.status == 3)
    #expect(said.output == "out\nerr")
    let killed = try Subprocess.run(["/bin/sh", "-c", "kill -9 $$"])
    #expect(killed.status == 137)
    let much = try Subprocess.run(
      ["/bin/sh", "-c", "yes | head -c 100000; echo last"], outputLimit: 100)
    #expect(much.output.utf8.count <= 100)
    #expect(much.output.hasSuffix("last"))
    let missing = #expect(throws: WarehouseError.self) { try Subprocess.run(["/nonexistent"]) }
    #expect(missing?.kind == .system)
  }

  @Test("A program gets no secrets of the environment, no blocked signals and no open files")
  func subprocessIsClean() throws {
    let folder = try TemporaryFolder.make()
    let leaked = open(folder, O_RDONLY)
    defer { close(leaked) }
    let seen = try Subprocess.run(
      ["/bin/sh", "-c", "env; grep -E 'SigBlk|SigIgn' /proc/self/status; ls -l /proc/self/fd"])
    let names = seen.output.split(separator: "\n").compactMap { $0.split(separator: "=").first }
    #expect(
      Set(names.filter { $0.allSatisfy { $0.isUppercase || $0 == "_" } })
        .isSubset(of: ["PATH", "LD_LIBRARY_PATH", "LC_ALL", "PWD", "OLDPWD", "_", "SHLVL"]))
    #expect(seen.output.contains("SigBlk:\t0000000000000000"))
    // The two that are the C library's own; it ignores them in every child.
    #expect(seen.output.contains(/SigIgn:\t0000000[01]80000000|SigIgn:\t0000000000000000/))
    #expect(!seen.output.contains(folder))
  }

  @Test("Cancelling the task ends a program that runs for ever")
  func subprocessCancelled() async {
    let task = Task { try Subprocess.run(["/bin/sh", "-c", "trap '' TERM; sleep 600"]) }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
  }

  @Test("Root's cluster lies where its server's account can get to it")
  func closedStateFolder() throws {
    let folder = try TemporaryFolder.make()
    let open = try ClusterLayout(stateFolder: folder)
    #expect(open.folder == folder + "/cluster")
    #expect(chmod(folder, 0o700) == 0)
    let closed = try ClusterLayout(stateFolder: folder)
    if geteuid() == 0 {
      #expect(closed.folder.hasPrefix("/var/lib/sparkify/"))
      #expect(try ClusterLayout(stateFolder: folder) == closed)
      // One that is there already stays.
      try FileSystem.makeFolder(folder + "/cluster/data")
      #expect(try ClusterLayout(stateFolder: folder).folder == folder + "/cluster")
    } else {
      #expect(closed == open)
    }
  }

  @Test(
    "The write-ahead log is compressed with LZ4 only by servers that take that setting",
    arguments: [(13, true, "on"), (14, true, "on"), (15, false, "on"), (15, true, "lz4")])
  func logCompression(version: Int, hasLZ4: Bool, method: String) throws {
    let folder = try TemporaryFolder.make()
    let tuning = ServerTuning(
      layout: try ClusterLayout(stateFolder: folder), account: try ServerAccount.current(),
      version: version, hasLZ4: hasLZ4)
    #expect(tuning.text.contains("\nwal_compression = \(method)\n"))
  }

  @Test("A private folder is refused when somebody else may use it")
  func foreignFolder() throws {
    let folder = try TemporaryFolder.make()
    let account = try ServerAccount.serving(folder + "/none")
    try ClusterLayout.makePrivateFolder(folder + "/mine", for: account)
    try ClusterLayout.makePrivateFolder(folder + "/mine", for: account)
    #expect(chmod(folder + "/mine", 0o755) == 0)
    #expect(throws: WarehouseError.self) {
      try ClusterLayout.makePrivateFolder(folder + "/mine", for: account)
    }
    #expect(symlink("/tmp", folder + "/link") == 0)
    #expect(throws: WarehouseError.self) {
      try ClusterLayout.makePrivateFolder(folder + "/link", for: account)
    }
  }

  @Test("A lock file of a server is read as far as it is written")
  func postmasterFile() throws {
    let folder = try TemporaryFolder.make()
    func file(_ text: String) throws -> PostmasterFile? {
      try FileSystem.write(Array(text.utf8), to: folder + "/postmaster.pid")
      return PostmasterFile(in: folder)
    }
    #expect(try file("") == nil)
    #expect(try file("-17\n/data\n") == nil)
    #expect(try file("17\n/data\n1541100000\n5432\n\n") != nil)
    let whole = try file("17\n/data\n1541100000\n5433\n/tmp/s\n\n 123 456\nready   \n")
    #expect(whole?.processID == 17)
    #expect(whole?.port == 5433)
    #expect(whole?.socketFolder == "/tmp/s")
    #expect(whole?.isReady == true)
    #expect(PostmasterFile(in: folder + "/none") == nil)
  }
}
