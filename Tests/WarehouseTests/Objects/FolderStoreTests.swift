import Glibc
import Testing

@testable import Warehouse

/// A folder of its own that is gone when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/sparkify-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { TemporaryFolder.remove(path) }

  func write(_ name: String, _ text: String = "{}") throws {
    let file = "\(path)/\(name)"
    try FileSystem.makeFolder(FileSystem.parent(of: file))
    try FileSystem.write(Array(text.utf8), to: file)
  }

  func list() throws -> [String] {
    try FolderStore(path).list(Cancellation()).map { String($0.path.dropFirst(path.count + 1)) }
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return _ = unlink(path) }
    for name in (try? FileSystem.names(in: path)) ?? [] { remove("\(path)/\(name)") }
    rmdir(path)
  }
}

@Suite struct FolderStoreTests {
  @Test("All JSON files below a folder are listed, in the byte order of their paths")
  func order() throws {
    let folder = try TemporaryFolder()
    for name in ["b/x.json", "b.json", "b-1.json", "B/y.json", "a/c/d.json", "é.json", "b/a.json"] {
      try folder.write(name)
    }
    let paths = try folder.list()
    #expect(
      paths == ["B/y.json", "a/c/d.json", "b-1.json", "b.json", "b/a.json", "b/x.json", "é.json"])
    #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("What is no data is left out and counted")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    let data = [
      "a.json", "b.jsonl", "c.json.gz", "d.JSONL.ZST", "e.gz", "f.2018.gz", "g.zst", "h.JSON",
    ]
    let hidden = [".x.json", "_SUCCESS", "_tmp/a.json", "_tmp/b.json", ".ipynb_checkpoints/a.json"]
    let others = ["a.csv", "a.csv.gz", "a.tar.gz", "json", "gz", "a.json.bak", "README"]
    for name in data + hidden + others { try folder.write(name) }
    let listing = try FolderStore(folder.path).list(Cancellation())
    #expect(try folder.list().sorted() == data.sorted())
    #expect(listing.hiddenCount == 4)
    #expect(listing.otherCount == others.count)
    #expect(listing.map(\.compression).filter { $0 == .gzip }.count == 3)
    #expect(listing.map(\.compression).filter { $0 == .zstd }.count == 2)
  }

  @Test("Sizes and dates are those of the files")
  func facts() throws {
    let folder = try TemporaryFolder()
    for number in 0..<1200 {
      try folder.write("\(number).json", String(repeating: "x", count: number))
    }
    let listing = try FolderStore(folder.path).list(Cancellation())
    #expect(listing.count == 1200)
    #expect(listing.totalBytes == 1200 * 1199 / 2)
    for object in listing {
      #expect("\(object.size).json" == FileSystem.name(of: object.path))
      #expect(abs(Timestamp.now().milliseconds - object.modified.milliseconds) < 600_000)
    }
  }

  @Test("Links are followed, and loops of them end")
  func links() throws {
    let folder = try TemporaryFolder()
    let elsewhere = try TemporaryFolder()
    try elsewhere.write("z.json")
    try folder.write("a/x.json")
    symlink("..", "\(folder.path)/a/up")
    symlink("a", "\(folder.path)/again")
    symlink(folder.path, "\(folder.path)/self")
    symlink(elsewhere.path, "\(folder.path)/other")
    symlink("a/x.json", "\(folder.path)/link.json")
    let listing = try FolderStore(folder.path).list(Cancellation())
    #expect(try folder.list() == ["a/x.json", "link.json", "other/z.json"])
    #expect(listing.repeatedFolderCount == 3)
  }

  @Test("Links to nothing are left out and counted, and the rest is listed")
  func brokenLinks() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.json")
    for (target, name) in [("gone.json", "b.json"), ("c.json", "c.json"), ("a.json/x", "d")] {
      symlink(target, "\(folder.path)/\(name)")
    }
    let listing = try FolderStore(folder.path).list(Cancellation())
    #expect(try folder.list() == ["a.json"])
    #expect(listing.brokenLinkCount == 3)
    #expect(listing.summary.hasSuffix("; 3 links to nothing left out"))
    #expect(SourceInventory(listing).brokenLinkCount == 3)
  }

  @Test("Names that are no UTF-8 are left out and counted, and the rest is listed")
  func undecodable() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.json")
    let names: [[CChar]] = [[0x62, -1, 0x2E, 0x6A, 0x73, 0x6F, 0x6E, 0], [-61, 0]]
    let paths = names.map { Array("\(folder.path)/".utf8CString.dropLast()) + $0 }
    for path in paths { close(open(path, O_CREAT | O_WRONLY, 0o644)) }
    defer { for path in paths { unlink(path) } }
    let listing = try FolderStore(folder.path).list(Cancellation())
    #expect(try folder.list() == ["a.json"])
    #expect(listing.undecodableCount == 2)
    #expect(listing.summary.hasSuffix("; 2 whose names are not UTF-8 left out"))
  }

  @Test("Pipes are not waited for")
  func pipes() throws {
    let folder = try TemporaryFolder()
    mkfifo("\(folder.path)/p.json", 0o600)
    #expect(try folder.list() == [])
    #expect(throws: WarehouseError.self) {
      try FolderStore("\(folder.path)/p.json").list(Cancellation())
    }
  }

  @Test("A file is a source too, whatever it is called")
  func oneFile() throws {
    let folder = try TemporaryFolder()
    for name in ["a.txt", "_b.json", "c.json.gz"] { try folder.write(name) }
    for name in ["a.txt", "_b.json", "c.json.gz"] {
      let listing = try FolderStore("\(folder.path)/\(name)").list(Cancellation())
      #expect(listing.map(\.path) == ["\(folder.path)/\(name)"])
      #expect(listing.first?.size == 2)
      #expect(listing.first?.compression == (name.hasSuffix("gz") ? .gzip : Compression.none))
    }
  }

  @Test("A path that does not exist is named, with a hint")
  func missing() throws {
    let error = #expect(throws: WarehouseError.self) {
      try FolderStore("/no/such/folder").list(Cancellation())
    }
    #expect(error?.kind == .input)
    #expect(error?.message == "could not read /no/such/folder")
    #expect(error?.detail == "No such file or directory")
    #expect(error?.hint?.isEmpty == false)
  }

  @Test("A link to nowhere that is the source itself is named, and so is an archive of files")
  func unusable() throws {
    let folder = try TemporaryFolder()
    symlink("nowhere", "\(folder.path)/x.json")
    let error = #expect(throws: WarehouseError.self) {
      try FolderStore("\(folder.path)/x.json").list(Cancellation())
    }
    #expect(error?.message == "could not read \(folder.path)/x.json")
    try folder.write("all.tar.gz")
    let other = #expect(throws: WarehouseError.self) {
      try FolderStore("\(folder.path)/all.tar.gz").list(Cancellation())
    }
    #expect(other?.hint == "Unpack it, and name the folder.")
  }

  @Test("Listing stops when it is cancelled")
  func cancelled() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.json")
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: WarehouseError.cancelled) { try FolderStore(folder.path).list(cancellation) }
  }
}
