import Testing

@testable import Warehouse

@Suite("The profile of a source")
struct ProfileTests {
  private func profile(
    _ files: [(String, String)], _ change: (inout ProfileOptions) -> Void = { _ in }
  ) throws -> SourceProfile {
    let store = MemoryStore(files: files.map { (path: $0.0, bytes: Array($0.1.utf8)) })
    var options = ProfileOptions()
    options.duration = .seconds(600)
    change(&options)
    return try store.profile(
      try store.list(Cancellation()), for: smallTable, options: options)
  }

  private func field(_ name: String, of text: String) throws -> FieldProfile {
    try #require(try profile([("a.json", text)]).fields.first { $0.name == name })
  }

  @Test(
    "tells the types of a field's values",
    arguments: [
      (#"{"s":"x"}"#, [MemberType.text: 1]), (#"{"s":1}"#, [.integer: 1]),
      (#"{"s":1.5}"#, [.number: 1]), (#"{"s":null}"#, [.null: 1]), (#"{"s":true}"#, [.boolean: 1]),
      (#"{"s":[1]}"#, [.nested: 1]), (#"{"s":{"a":1}}"#, [.nested: 1]),
      ("{\"s\":\"x\"}\n{\"s\":2}\n{\"s\":\"y\"}", [.text: 2, .integer: 1]),
      (#"{"a":1}"#, [:]),
    ] as [(String, [MemberType: Int])])
  func types(_ text: String, _ expected: [MemberType: Int]) throws {
    #expect(try field("s", of: text).types == expected)
  }

  @Test("counts nulls, missing members, empty text and different values apart")
  func counts() throws {
    let s = try field(
      "s", of: "{\"s\":\"x\"}\n{\"s\":null}\n{}\n{\"s\":\"\"}\n{\"s\":\"x\"}\n{\"a\":1}")
    #expect(s.nullCount == 1)
    #expect(s.missingCount == 2)
    #expect(s.emptyCount == 1)
    #expect(s.distinct == .exactly(2))
    #expect((s.minimum, s.maximum) == ("x", "x"))
  }

  @Test("stops counting different values at the limit, and says so")
  func distinctLimit() throws {
    let text = (0..<50).map { "{\"a\":\($0)}" }.joined(separator: "\n")
    for (limit, expected) in [(50, DistinctCount.exactly(50)), (49, .atLeast(49))] {
      let fields = try profile([("a.json", text)]) { $0.distinctLimit = limit }.fields
      #expect(fields.first { $0.name == "a" }?.distinct == expected)
    }
  }

  @Test(
    "orders numbers as numbers and text by its bytes",
    arguments: [
      (#"{"d":9}{"d":10}{"d":-1.5}"#, "d", "-1.5", "10"),
      (#"{"s":"b"}{"s":"a"}{"s":""}{"s":"é"}"#, "s", "a", "é"),
      (#"{"s":"b"}{"s":7}"#, "s", "b", "b"),
    ])
  func extremes(_ text: String, _ name: String, _ least: String, _ greatest: String) throws {
    let field = try field(name, of: text)
    #expect(field.minimum == least)
    #expect(field.maximum == greatest)
  }

  @Test("says where the longest value stands, in bytes, and what its column holds")
  func widest() throws {
    let profile = try profile([
      ("a.json", "{\"s\":\"x\"}\n{\"s\":\"ééé\"}"), ("b.json", "{\"s\":\"xyz\"}"),
    ])
    let s = try #require(profile.fields.first { $0.name == "s" })
    #expect(s.widestBytes == 6)
    #expect(s.widestPlace == SourcePlace(file: "a.json", line: 2, byteOffset: 10))
    #expect(s.textLimit == 8)
  }

  @Test(
    "names what would be refused, with file, line and reason",
    arguments: [
      ("{\"s\":\"123456789\"}", 1, "s", "text of 9 bytes; the column holds 8"),
      ("{\"a\":1}\n{\"a\":\"x\"}", 2, "a", "not a number"),
      ("{\"a\":1}\n\n{\"a\":1.5}", 3, "a", "has a fraction, and the column holds whole numbers"),
      ("{\"a\":1}\n{\"a\":", 2, nil, "broken JSON: the record is not complete"),
      ("{\"a\":1}\n[1,2]\n", 2, nil, "not an object: a bare value"),
    ] as [(String, Int, String?, String)])
  func refusals(_ text: String, _ line: Int, _ column: String?, _ reason: String) throws {
    let profile = try profile([("a.json", text)])
    let refusal = try #require(profile.refusals.first)
    #expect(refusal.place.file == "a.json")
    #expect(refusal.place.line == line)
    #expect(refusal.column == column)
    #expect(refusal.reason == reason)
    let field = profile.fields.first { $0.columns.contains { $0.name == column } }
    #expect(field?.refusedCount == (column == nil ? nil : 1))
  }

  @Test("says what loading would say: as many records, as many refused")
  func sameAsLoading() throws {
    let text = (0..<500).map { index in
      index % 7 == 0 ? "{\"a\":\"no\"}" : index % 11 == 0 ? "{broken" : "{\"a\":\(index)}"
    }.joined(separator: "\n")
    let store = MemoryStore(files: [("a.json", Array(text.utf8))])
    let loaded = try load(store)
    let profile = try profile([("a.json", text)])
    #expect(profile.isWhole)
    #expect(profile.recordCount == loaded.rows.count + loaded.rejects.count)
    #expect(profile.refusedCount == loaded.rejects.count)
  }

  @Test("lists members that are not loaded, and members that never come")
  func extraAndAbsent() throws {
    let profile = try profile([("a.json", #"{"a":1,"colour":"red"}"#)])
    #expect(profile.extraFields.map(\.name) == ["colour"])
    #expect(profile.absentFields.map(\.name) == ["b", "d", "s", "t"])
    #expect(profile.fields.map(\.name) == ["a", "colour", "b", "d", "s", "t"])
  }

  @Test("of no files is empty")
  func empty() throws {
    let profile = try profile([])
    #expect(profile.recordCount == 0)
    #expect(profile.isWhole)
  }

  @Test("of many files reads some of all of them, the same every time")
  func manyFiles() throws {
    let files = (0..<1000).map { ("\(1000 + $0).json", "{\"a\":\($0)}") }
    let first = try profile(files) { $0.files = 50 }
    #expect(first == (try profile(files) { $0.files = 50 }))
    #expect(first.filesRead == 50)
    #expect(!first.isWhole)
    let a = try #require(first.fields.first { $0.name == "a" })
    #expect(Int(a.minimum ?? "").map { $0 < 20 } == true)
    #expect(Int(a.maximum ?? "").map { $0 >= 980 } == true)
  }

  @Test("of a large file reads parts of all of it, and finds the lines of what it refuses")
  func largeFile() throws {
    // Every record is 32 bytes; some are refused.
    let lines = (0..<200_000).map { index in
      let number = String(1_000_000 + index)
      return index % 1000 == 999
        ? "{\"a\":\"no\(number)\",\"s\":\"abcdefg\"}" : "{\"a\":  \(number)  ,\"s\":\"abcdefg\"}"
    }
    let text = lines.joined(separator: "\n")
    let profile = try profile([("a.json", text)]) { $0.bytes = 1 << 20 }
    #expect(!profile.isWhole)
    #expect(profile.bytesRead <= 1 << 20)
    #expect(profile.recordCount > 10_000)
    let a = try #require(profile.fields.first { $0.name == "a" })
    #expect(Int(a.maximum ?? "").map { $0 > 1_150_000 } ?? true)
    #expect(!profile.refusals.isEmpty)
    for refusal in profile.refusals {
      let line = try #require(refusal.place.line)
      #expect(lines[line - 1] == refusal.rawText)
    }
  }

  @Test("of a large file without lines between its records reads it from the start")
  func oneLine() throws {
    let text = "[" + (0..<40_000).map { "{\"a\":\($0)}" }.joined(separator: ",") + "]"
    let profile = try profile([("a.json", text)]) { $0.bytes = 128 << 10 }
    #expect(profile.recordCount > 1000)
    #expect(profile.refusedCount == 0)
  }

  @Test("is the same however many parts are fetched ahead")
  func width() throws {
    let rows = (0..<30_000).map { "{\"a\":\($0),\"s\":\"\(String($0, radix: 36))\"}" }
    let small = (0..<300).map { ("s/\($0).json", rows[$0 * 10...$0 * 10 + 3].joined()) }
    let files = [("large.json", rows.joined(separator: "\n"))] + small
    let one = try profile(files) { $0.bytes = 256 << 10 }
    let many = try profile(files) {
      $0.bytes = 256 << 10
      $0.readers = 16
    }
    #expect(one.recordCount > 300)
    #expect(one == many)
  }

  @Test("ends when time is over, and says so")
  func time() throws {
    let profile = try profile([("a.json", "{\"a\":1}")]) { $0.duration = .zero }
    #expect(profile.isCutByTime)
    #expect(!profile.isWhole)
  }

  @Test("can be cancelled")
  func cancelling() throws {
    let cancellation = Cancellation()
    let store = MemoryStore(files: [("a.json", Array("{}".utf8))])
    let listing = try store.list(cancellation)
    cancellation.cancel()
    #expect(throws: WarehouseError.cancelled) {
      try store.profile(listing, for: smallTable, cancellation: cancellation)
    }
  }

  @Test("is bounded for a record with very many members")
  func manyMembers() throws {
    let members = (0..<5000).map { "\"m\($0)\":1" }.joined(separator: ",")
    let profile = try profile([("a.json", "{\(members)}")])
    #expect(profile.extraFields.count <= 500)
  }

  @Test(
    "of the real events says what is known of them",
    .enabled(if: FileSystem.isFolder("../shared/data/sparkify")))
  func realEvents() throws {
    let store = FolderStore("../shared/data/sparkify/log_data")
    var options = ProfileOptions()
    options.duration = .seconds(600)
    let profile = try store.profile(
      try store.list(Cancellation()), for: .events, options: options)
    #expect(profile.recordCount == 8056)
    #expect(profile.refusedCount == 0)
    #expect(profile.extraFields.isEmpty && profile.absentFields.isEmpty)
    let song = try #require(profile.fields.first { $0.name == "song" })
    #expect(song.nullCount == 1236)
    #expect(song.widestBytes == 159)
    #expect(song.distinct == .exactly(5189))
    let registration = try #require(profile.fields.first { $0.name == "registration" })
    #expect(registration.types == [.number: 7770, .null: 286])
  }
}

@Suite("The listing of a source")
struct SourceInventoryTests {
  private static let listing = ObjectListing(
    [("a.json", 5, 1), ("B.json.gz", 30, 3), ("c.json", 10, 2)].map { path, size, date in
      SourceObject(
        path: path, size: size, modified: Timestamp(milliseconds: date),
        compression: SourceName.compression(path) ?? .none)
    })

  @Test("adds up to figures")
  func figures() {
    let inventory = SourceInventory(Self.listing)
    #expect(inventory.fileCount == 3)
    #expect(inventory.totalBytes == 45)
    #expect(inventory.sizes == 5...30)
    #expect(
      inventory.dates == Timestamp(milliseconds: 1)...Timestamp(milliseconds: 3))
    #expect(inventory.compressed == [.gzip: 1])
  }

  @Test("finds paths by a part of them, in capitals or not")
  func filtering() {
    func found(_ text: String) -> [Int32] {
      Self.listing.indexes(containing: text, among: [0, 1, 2], ignoringFirst: 0)
    }
    #expect(found("") == [0, 1, 2])
    #expect(found("JSON") == [0, 1, 2])
    #expect(found("b.") == [1])
    #expect(found("x") == [])
    #expect(
      Self.listing.indexes(containing: "a", among: [0, 1, 2], ignoringFirst: 1) == [])
  }

  @Test("tells the names that are left out")
  func hidden() throws {
    let folder = try ScratchFolder()
    for name in ["_SUCCESS", ".ipynb_checkpoints", "a.json", "b.txt"] {
      try FileSystem.write([0x7B, 0x7D], to: folder.path + "/" + name)
    }
    let listing = try FolderStore(folder.path).list(Cancellation())
    let inventory = SourceInventory(listing)
    #expect(inventory.hiddenCount == 2)
    #expect(Set(inventory.hiddenNames) == ["_SUCCESS", ".ipynb_checkpoints"])
    #expect(inventory.otherCount == 1)
  }
}
