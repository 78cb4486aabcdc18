import Glibc
import Synchronization
import Testing

@testable import Warehouse

@Suite struct SampleFolderTests {
  private static func options(songs: Int = 20, events: Int = 500) -> SampleOptions {
    var options = SampleOptions()
    options.songs = songs
    options.events = events
    return options
  }

  private func inode(_ path: String) -> UInt64 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  @Test("the same sample is not made again, and another one replaces it")
  func again() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/deep/sample"
    let first = try Sample.write(Self.options(), to: path)
    #expect(!first.wasThere)
    let made = inode(path)
    var second = try Sample.write(Self.options(), to: path + "/")
    #expect(second.wasThere)
    #expect(inode(path) == made)
    second.wasThere = false
    #expect(second == first)
    let other = try Sample.write(Self.options(events: 501), to: path)
    #expect(!other.wasThere && other.events == 501)
    #expect(try FileSystem.names(in: folder.path + "/deep") == ["sample"])
    #expect(
      try FileSystem.names(in: path)
        == [".sparkify-sample", "log_data", "log_json_path.json", "song_data"])
  }

  @Test("an empty folder is used, and one with other things in it is refused and left alone")
  func strangers() throws {
    let folder = try ScratchFolder()
    try FileSystem.makeFolder(folder.path + "/empty")
    #expect(try Sample.write(Self.options(), to: folder.path + "/empty").events == 500)
    try folder.write("mine", to: "full/notes.txt")
    try folder.write("mine", to: "file")
    try folder.write("mine", to: "empty/notes.txt")
    for name in ["full", "file", "empty"] {
      let error = #expect(throws: WarehouseError.self) {
        try Sample.write(Self.options(events: 400), to: "\(folder.path)/\(name)")
      }
      #expect(error?.kind == .usage)
    }
    #expect(try folder.read("full/notes.txt") == "mine")
    #expect(try folder.read("file") == "mine")
    #expect(try folder.read("empty/notes.txt") == "mine")
    #expect(FileSystem.exists(folder.path + "/empty/log_data"))
    #expect(try FileSystem.names(in: folder.path) == ["empty", "file", "full"])
  }

  @Test("cancelling leaves nothing behind, and what stood there as it was")
  func cancelled() async throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/sample"
    _ = try Sample.write(Self.options(), to: path)
    let before = inode(path)
    let calls = Mutex(0)
    let task = Task {
      try Sample.write(Self.options(songs: 20, events: 20_000), to: path) { progress in
        calls.withLock { $0 += 1 }
        if progress.events > 0 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: WarehouseError.cancelled) { try await task.value }
    #expect(calls.withLock { $0 } == 2)
    #expect(inode(path) == before)
    #expect(try FileSystem.names(in: folder.path) == ["sample"])
  }

  @Test("what a dead process left is removed, and what a living one builds is not")
  func abandoned() throws {
    let folder = try ScratchFolder()
    try folder.write("x", to: "sample.2147483646.new/log_data/x")
    try folder.write("x", to: "sample.2147483646.old/log_data/x")
    try folder.write("x", to: "sample.1.new/x")
    try folder.write("x", to: "other.2147483646.new/x")
    _ = try Sample.write(Self.options(), to: folder.path + "/sample")
    #expect(
      try FileSystem.names(in: folder.path)
        == ["other.2147483646.new", "sample", "sample.1.new"])
  }

  @Test("progress rises to the end, with totals that are known")
  func progress() throws {
    let folder = try ScratchFolder()
    let seen = Mutex<[SampleProgress]>([])
    let summary = try Sample.write(
      Self.options(songs: 1_100, events: 3_000), to: folder.path + "/sample"
    ) { progress in seen.withLock { $0.append(progress) } }
    let all = seen.withLock { $0 }
    #expect(all.map(\.songs) == all.map(\.songs).sorted())
    #expect(all.map(\.events) == all.map(\.events).sorted())
    #expect(all.map(\.bytes) == all.map(\.bytes).sorted())
    #expect(all.last?.songs == 1_100 && all.last?.events == 3_000)
    #expect(all.allSatisfy { $0.totalSongs == 1_100 && $0.totalEvents == 3_000 })
    #expect(all.count == 3 + summary.logFiles)
  }
}
