import Glibc
import Testing

@testable import Warehouse

/// The public data set, where a copy of it lies beside the package.
private let dataSet = "../shared/data/sparkify"

@Suite(.enabled(if: FileSystem.isFolder(dataSet))) struct RealDataTests {
  @Test("All events load, from 30 files without a newline at their ends")
  func events() throws {
    let loaded = try load(FolderStore("\(dataSet)/log_data"), table: .events, consumers: 2)
    #expect(loaded.rejects == [])
    #expect(loaded.rows.count == 8056)
    #expect(Set(loaded.values("source_file")).count == 30)
    #expect(loaded.values("user_id").filter { $0 == nil }.count == 286)
    #expect(loaded.values("page").filter { $0 == "NextSong" }.count == 6820)
    #expect(Set(loaded.values("ts")).count == 8023)
    let times = loaded.values("start_time").compactMap { $0.flatMap { Int($0) } }
    // 2018-11-01T20:57:10.796 and 2018-11-30T19:54:24.796, in microseconds from 2000.
    #expect(times.min() == (1_541_105_830_796 - 946_684_800_000) * 1000)
    #expect(times.max() == (1_543_607_664_796 - 946_684_800_000) * 1000)
  }

  @Test("The small and the full set of songs load")
  func songs() throws {
    let small = try load(FolderStore("\(dataSet)/song_data"), table: .songs)
    #expect(small.rejects == [] && small.rows.count == 71)
    let full = try load(FolderStore("\(dataSet)/s3/song_data.jsonl"), table: .songs, consumers: 2)
    #expect(full.rejects == [] && full.rows.count == 14_896)
    #expect(Set(full.values("song_id")).count == 14_896)
    #expect(full.values("year").filter { $0 == "0" }.count == 4762)
    // Numbers in text columns stand as they do in the file.
    #expect(full.values("artist_name").contains("112"))
    #expect(full.values("artist_location").contains(""))
  }

  @Test("The full set as one file, in blocks and as 14,896 files is the same")
  func manyFiles() throws {
    let full = try load(FolderStore("\(dataSet)/s3/song_data.jsonl"), table: .songs)
    let cut = try load(FolderStore("\(dataSet)/s3/song_data.jsonl"), table: .songs, consumers: 2) {
      $0.blockBytes = 10_000
    }
    #expect(cut == full)
    let folder = try TemporaryFolder()
    try unpack("\(dataSet)/s3/song_data_tree.tar.gz", into: folder.path)
    let store = FolderStore(folder.path)
    let listing = try store.list(Cancellation())
    #expect(listing.count == 14_896)
    let single = try load(store, table: .songs, consumers: 2)
    #expect(single.rejects == [])
    #expect(songs(single) == songs(full))
  }

  /// The rows without where they came from, in the order of their keys.
  private func songs(_ loaded: Loaded) -> [[String: String]] {
    loaded.rows
      .map { $0.filter { $0.key != "source_line" && $0.key != "source_file" } }
      .sorted { ($0["song_id"] ?? "") < ($1["song_id"] ?? "") }
  }

  private func unpack(_ archive: String, into folder: String) throws {
    var process = pid_t()
    let arguments = ["tar", "-xzf", archive, "-C", folder]
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    try #require(posix_spawnp(&process, "tar", nil, nil, &pointers, environ) == 0)
    var status: Int32 = 0
    try #require(waitpid(process, &status, 0) == process && status == 0)
  }
}
