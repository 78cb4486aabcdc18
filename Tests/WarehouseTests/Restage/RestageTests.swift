import Synchronization
import Testing

@testable import Warehouse

@Suite("Restaging")
struct RestageTests {
  @Test("keeps every record as it stands, each on a line of its own")
  func verbatim() throws {
    let odd =
      #"{"ts":1541121934796123456789,"n":1.0E12,"s":"\u00e9\ud83c\udfb5 é","z":{"b":[1, 2],"a":null},"a":-0.0}"#
    let restaging = try Restaging([
      "a/one.json": odd + "\n",
      "b/pretty.json": "{\n  \"a\": 1,\r\n\t\"b\": \"x  y\\n\"\n}\n{\"c\":2}{\"d\":3}",
      "c/array.json": "[{\"e\":4},\n {\"f\":5}\n]",
      "d/lines.jsonl": "{\"g\":6}\n\n  {\"h\":7}  \r\n",
      "_hidden.json": "{\"i\":8}",
      "other.txt": "{\"j\":9}",
    ])
    let report = try restaging.run { $0.files = 1 }
    #expect(
      try restaging.lines(report.events) == [
        odd, "{\"a\": 1,\"b\": \"x  y\\n\"}", #"{"c":2}"#, #"{"d":3}"#, #"{"e":4}"#, #"{"f":5}"#,
        #"{"g":6}"#, #"{"h":7}"#,
      ])
    #expect(report.events.records == 8)
    #expect(report.rejects == [])
  }

  @Test("reads what it writes: gzip and zstd", arguments: RestageCompression.allCases)
  func compressed(compression: RestageCompression) throws {
    let records = Self.records(5000)
    let first = try Restaging(["a.json": records.joined(separator: "\n")])
    let once = try first.run { $0.compression = compression }
    let packed = try once.events.files.map { try FileSystem.read($0.location) }
    let second = try Restaging(
      events: Dictionary(
        uniqueKeysWithValues: packed.enumerated().map {
          ("\($0)\(compression.nameEnding)", $1)
        }))
    let twice = try second.run { $0.compression = compression }
    #expect(try second.lines(twice.events).sorted() == records.sorted())
    #expect(twice.events.compression == compression)
  }

  @Test("gives the same bytes for the same files, however many threads read")
  func sameBytes() throws {
    let records = Self.records(20_000)
    var files = ["large.json": records[..<15_000].joined(separator: "\n")]
    for index in 0..<200 {
      let start = 15_000 + index * 25
      files["small/\(index).json"] = records[start..<start + 25].joined(separator: "\n")
    }
    let restaging = try Restaging(files)
    let one = try restaging.run("run-1", readers: 1)
    let many = try restaging.run("run-2", readers: 32)
    let written = try restaging.written()
    let parts = written.keys.filter { $0.hasPrefix("run-1/events/part") }
    #expect(parts.count == 2)
    for part in parts {
      #expect(written[part] == written["run-2" + part.dropFirst(5)])
    }
    #expect(try restaging.lines(one.events) == restaging.lines(many.events))
    #expect(try restaging.lines(one.events).sorted() == records.sorted())
  }

  @Test("makes k times as many files as there are slices, equal in size")
  func equal() throws {
    let restaging = try Restaging(["a.json": Self.records(40_000).joined(separator: "\n")])
    let report = try restaging.run { $0.slices = 8 }
    let sizes = report.events.files.map(\.bytes)
    #expect(sizes.count == 8)
    #expect((sizes.max() ?? 0) * 10 < (sizes.min() ?? 0) * 12)
    var settings = RestageSettings(output: .path("/x"))
    settings.slices = 4
    #expect(settings.fileCount(forBytes: 1 << 20) == 4)
    #expect(settings.fileCount(forBytes: 9 << 30) == 12)
    #expect(settings.fileCount(forBytes: .max) == RestageSettings.mostFiles)
    settings.files = 5
    #expect(settings.fileCount(forBytes: 9 << 30) == 5)
  }

  @Test("takes records that are longer than what is read at a time")
  func long() throws {
    let long = (0..<6).map { "{\"s\":\"\(String(repeating: "\($0)", count: 700_000))\"}" }
    let restaging = try Restaging([
      "a.json": long[..<3].joined(separator: "\n"), "b.json": long[3...].joined(),
    ])
    let report = try restaging.run { $0.files = 2 }
    #expect(try restaging.lines(report.events).sorted() == long)
  }

  @Test("puts what is no record into quarantine, with its place, and keeps those around it")
  func quarantine() throws {
    let restaging = try Restaging([
      "a.json": "{\"a\":1}\n{\"a\":\n{\"a\":2}\n{\"s\":\"\u{1}\"}\n{\"a\":3}",
      "b.json": "7\n{\"a\":4}",
    ])
    let report = try restaging.run()
    #expect(
      try restaging.lines(report.events).sorted() == (1...4).map { "{\"a\":\($0)}" })
    #expect(report.events.rejects == 3)
    let text = try #require(try restaging.written()["run-1/events/_quarantine.jsonl"])
    let kept = text.split(separator: 0x0A).compactMap { JSONValue(parsing: Array($0)) }
    #expect(kept.map { $0["line"]?.number } == [2, 4, 1])
    #expect(kept[0]["file"]?.text == restaging.events + "/a.json")
    #expect(kept[0]["reason"]?.text == "broken JSON: the record is not complete")
    #expect(kept[2]["record"]?.text == "7")
    #expect(report.rejects.count == 3)
  }

  @Test("leaves nothing behind when there are more rejects than allowed")
  func tooManyRejects() throws {
    let restaging = try Restaging(["a.json": "{\"a\":1}\n{\"a\":\n{\"a\":2}"])
    let error = #expect(throws: WarehouseError.self) { try restaging.run(maxRejects: 0) }
    #expect(error?.kind == .input)
    #expect(error?.detail == "MAX_REJECTS is 0")
    #expect(try restaging.written() == [:])
    #expect(try FileSystem.names(in: restaging.output) == [])
  }

  @Test("lists every file in a manifest, with its size, as an address")
  func manifest() throws {
    let restaging = try Restaging(["a.json": Self.records(1000).joined(separator: "\n")])
    let report = try restaging.run("run-a b")
    let written = try restaging.written()
    let text = try #require(written["run-a b/events/_manifest.json"])
    let entries = try #require(JSONValue(parsing: text)?["entries"]?.elements)
    let address = "file://\(restaging.output)/run-a%20b/events/part-0000.jsonl.gz"
    #expect(entries.first?["url"]?.text == address)
    #expect(entries.allSatisfy { $0["mandatory"]?.flag == true })
    let files = try #require(RestageManifest.files(in: text))
    #expect(files == report.events.files)
    for file in files { #expect(try FileSystem.read(file.location).count == file.bytes) }
    #expect(RestageManifest.files(in: Array("{}".utf8)) == nil)
    #expect(RestageManifest.files(in: Array("{\"entries\":[{}]}".utf8)) == nil)
  }

  @Test("is found again: the newest that is whole and was made of the same source")
  func found() throws {
    let restaging = try Restaging(["a.json": "{\"a\":1}"])
    _ = try restaging.run("run-1")
    let second = try restaging.run("run-2")
    _ = try restaging.run("run-3")
    try FileSystem.remove(restaging.output + "/run-3/songs/_manifest.json")
    let search = RestageSearch(
      restage: RestageSettings(output: .path(restaging.output)), aws: nil,
      cancellation: Cancellation())
    #expect(try search.latest(.events, of: restaging.events) == second.events)
    #expect(try search.latest(.events, of: "/elsewhere") == nil)
    let nowhere = RestageSearch(
      restage: RestageSettings(output: .path(restaging.folder + "/none")), aws: nil,
      cancellation: Cancellation())
    #expect(try nowhere.latest(.events, of: restaging.events) == nil)
  }

  @Test("names what killed runs left behind, and leaves it alone")
  func leftovers() throws {
    let restaging = try Restaging(["a.json": "{\"a\":1}"])
    _ = try restaging.run("run-1")
    _ = try restaging.run("run-2")
    try FileSystem.remove(restaging.output + "/run-1/events/_manifest.json")
    let lines = Mutex<[String]>([])
    _ = try restaging.run("run-3", hearing: { _, line in lines.withLock { $0.append(line) } })
    let told = lines.withLock { $0.filter { $0.contains("was not finished") } }
    #expect(
      told == [
        "\(restaging.output)/run-1 was not finished: remove it, unless somebody works on it"
      ])
    #expect(FileSystem.exists(restaging.output + "/run-1/events/part-0000.jsonl.gz"))
  }

  @Test("never writes over anything")
  func noOverwriting() throws {
    let restaging = try Restaging(["a.json": "{\"a\":1}"])
    _ = try restaging.run("run-1")
    let before = try restaging.written()
    let error = #expect(throws: WarehouseError.self) { try restaging.run("run-1") }
    #expect(error?.detail == "something lies there already")
    #expect(try restaging.written() == before)
  }

  @Test("that is cancelled leaves nothing behind")
  func cancelled() throws {
    let restaging = try Restaging(["a.json": Self.records(1000).joined(separator: "\n")])
    let error = #expect(throws: WarehouseError.self) {
      try restaging.run(hearing: { run, line in
        if line.hasPrefix("events: 1,000 records") { run.cancel() }
      })
    }
    #expect(error?.kind == .cancelled)
    #expect(try FileSystem.names(in: restaging.output) == [])
  }

  @Test("of a source without a record is an error")
  func noRecords() throws {
    let restaging = try Restaging(["a.json": " \n"])
    let error = #expect(throws: WarehouseError.self) { try restaging.run() }
    #expect(error?.message == "could not find a record in \(restaging.events)")
  }

  @Test("names places that sort by time and differ")
  func names() {
    let names = (0..<10).map { _ in RestageRun.newName() }
    #expect(Set(names).count == 10)
    for name in names { #expect(name.wholeMatch(of: /run-\d{8}T\d{6}Z-[0-9a-f]{6}/) != nil) }
  }

  private static func records(_ count: Int) -> [String] {
    (0..<count).map { index in
      let text = String(UInt64(index) &* 0x9E37_79B9_7F4A_7C15, radix: 36)
      return "{\"index\":\(index),\"artist\":\"\(text)\",\"page\":\"NextSong\"}"
    }
  }
}
