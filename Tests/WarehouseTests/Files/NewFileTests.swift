import Glibc
import Testing

@testable import Warehouse

@Suite("A file that is written for a person")
struct NewFileTests {
  private func folder() throws -> String {
    var template = Array("/tmp/sparkify-file-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    return String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test(
    "is not there before it is whole, and leaves nothing when it never is",
    arguments: [false, true])
  func whole(isNamed: Bool) throws {
    let folder = try folder()
    defer { try? FileSystem.removeTree(folder) }
    let path = folder + "/a.csv"
    do {
      let file = try NewFile(path, isNamed: isNamed)
      try file.write("half")
      #expect(!FileSystem.exists(path))
      // Without a name nothing of it stays, whatever kills the program.
      if !isNamed { #expect(try FileSystem.names(in: folder) == []) }
    }
    #expect(try FileSystem.names(in: folder) == [])
    let file = try NewFile(path, isNamed: isNamed)
    try file.write("all")
    try file.finish()
    #expect(try FileSystem.read(path) == Array("all".utf8))
  }

  @Test(
    "takes no other's place, also when that came while it was written", arguments: [false, true])
  func taken(isNamed: Bool) throws {
    let folder = try folder()
    defer { try? FileSystem.removeTree(folder) }
    let path = folder + "/a.csv"
    do {
      let file = try NewFile(path, isNamed: isNamed)
      try file.write("mine")
      try FileSystem.write(Array("theirs".utf8), to: path)
      #expect(throws: WarehouseError.self) { try file.finish() }
    }
    #expect(throws: WarehouseError.self) { try NewFile(path, isNamed: isNamed) }
    #expect(try FileSystem.read(path) == Array("theirs".utf8))
    #expect(try FileSystem.names(in: folder) == ["a.csv"])
  }

  @Test(
    "replaces a file only when it is whole, behind a link too, and keeps its mode",
    arguments: [false, true])
  func replacing(isNamed: Bool) throws {
    let folder = try folder()
    defer { try? FileSystem.removeTree(folder) }
    let path = folder + "/a.csv"
    try FileSystem.write(Array("old".utf8), to: path, mode: 0o600)
    try #require(symlink("a.csv", folder + "/link.csv") == 0)
    let file = try NewFile(folder + "/link.csv", replacing: true, isNamed: isNamed)
    try file.write("new")
    #expect(try FileSystem.read(path) == Array("old".utf8))
    try file.finish()
    #expect(try FileSystem.read(path) == Array("new".utf8))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(try FileSystem.names(in: folder).sorted() == ["a.csv", "link.csv"])
    #expect(throws: WarehouseError.self) { try NewFile("/dev/null", replacing: true) }
  }

  @Test("takes away what a program that was killed left, and nothing that is being written")
  func leftovers() throws {
    let folder = try folder()
    defer { try? FileSystem.removeTree(folder) }
    for name in [".a.csv.12", ".a.csv.x", ".b.csv.12", ".a.csv.77"] {
      try FileSystem.write(Array("half".utf8), to: folder + "/" + name)
    }
    let held = open(folder + "/.a.csv.77", O_RDWR)
    defer { close(held) }
    try #require(flock(held, LOCK_EX) == 0)
    let file = try NewFile(folder + "/a.csv", isNamed: true)
    try file.write("all")
    try file.finish()
    let names = try FileSystem.names(in: folder).filter { !$0.hasSuffix(".\(getpid())") }
    #expect(names.sorted() == [".a.csv.77", ".a.csv.x", ".b.csv.12", "a.csv"])
  }
}
