import Testing

@testable import Console
@testable import Warehouse

@Suite("The Sources screen")
struct SourcesScreenTests {
  private static func listing(
    _ kind: SourceKind, _ names: [String], hidden: Int = 0
  ) -> SourceListing {
    var files = ObjectListing(
      names.enumerated().map { index, name in
        SourceObject(
          path: "/d/\(kind)/\(name)", size: 1000 * (index + 1),
          modified: Timestamp(milliseconds: 1_543_608_000_000 - Int64(index) * 86_400_000),
          compression: .none)
      })
    files.hiddenCount = hidden
    return SourceListing(
      path: "/d/\(kind)", origin: "S3.LOG_DATA, dwh.cfg:2", isSample: false, files: files,
      inventory: SourceInventory(files))
  }

  private static func record(_ line: Int, refusal: String? = nil) -> SampledRecord {
    SampledRecord(
      line: line, byteOffset: line * 10, rawText: "{\"page\":\"Home\"}",
      members: [
        SampledMember(name: "page", type: .text, text: "It\u{19}s", byteCount: 4),
        SampledMember(name: "ts", type: .integer, text: "\(line)", byteCount: 1),
        SampledMember(name: "tags", type: .nested, text: "[1,{\"a\":2}]", byteCount: 11),
      ], refusedColumn: refusal == nil ? nil : "page", refusal: refusal)
  }

  private static let profile: SourceProfile = {
    var profile = SourceProfile()
    var page = FieldProfile(name: "page", columns: [StagingTable.events.columns[10]])
    page.types = [.text: 8, .null: 2]
    page.widestBytes = 70
    page.refusedCount = 2
    page.distinct = .atLeast(10_000)
    var extra = FieldProfile(name: "colour", columns: [])
    extra.types = [.integer: 10]
    profile.fields = [page, extra]
    profile.recordCount = 10
    profile.refusedCount = 2
    profile.refusals = [
      ProfiledRefusal(
        place: SourcePlace(file: "/d/events/a.json", line: 7, byteOffset: 700), column: "page",
        reason: "text of 70 bytes; the column holds 64", rawText: "{}")
    ]
    (profile.fileCount, profile.filesRead, profile.isWhole) = (2, 2, true)
    return profile
  }()

  /// The screen, its two sources listed and a page of records there.
  private func harness(
    columns: Int = 80, rows: Int = 16, connected: Bool = true
  ) -> Harness {
    var harness = Harness(columns: columns, rows: rows, connected: connected)
    harness.press("6")
    harness.answer(
      .sources(.listed(.songs, 1, .success(Self.listing(.songs, ["A/t.json"])))))
    harness.answer(
      .sources(
        .listed(.events, 1, .success(Self.listing(.events, ["a.json", "b.json"], hidden: 2)))))
    answerRecords(&harness)
    return harness
  }

  private func answerRecords(_ harness: inout Harness) {
    for effect in harness.effects {
      guard case .sources(.records(_, let id, of: _, skipping: let skipped)) = effect else {
        continue
      }
      harness.answer(
        .sources(
          .records(
            id,
            .success(
              RecordPage(
                skipped: skipped, records: [Self.record(1), Self.record(2, refusal: "too long")],
                hasMore: true)))))
    }
  }

  @Test("asks for files and records as it is shown, without any warehouse")
  func asking() {
    var harness = Harness(connected: false)
    #expect(
      harness.press("6") == [.sources(.list(.events, 1)), .sources(.list(.songs, 1))])
    let listing = Self.listing(.events, ["a.json"])
    #expect(
      harness.answer(.sources(.listed(.events, 1, .success(listing))))
        == [.sources(.records(.events, 3, of: listing.files[0], skipping: 0))])
  }

  @Test("shows sources, files and the record")
  func frame() {
    #expect(
      harness().text == """
         1 Cluster  2 Pipeline  3 Tables  4 Queries  5 SQL  6 Sources  7 Runs   ● ready
        ┌─ Sources ──────────────────────┐┌─ Record 1 ──────────────────────── line 1 ─┐
        │ ▸ events  2 files, 3.0 kB      ││ {                                          │
        │   songs   1 file, 1.0 kB       ││   "page": "It\\u0019s",                     │
        └────────────────────────────────┘│   "ts": 1,                                 │
        ┌─ Files /d/events ────────── 2 ─┐│   "tags": [                                │
        │ Path ↓                    Size ││     1,                                     │
        │ a.json                  1.0 kB ││     {                                      │
        │ b.json                  2.0 kB ││       "a": 2                               │
        │                                ││     }                                      │
        │                                ││   ]                                        │
        │                                ││ }                                          │
        │                                ││                                            │
        │                                ││                                            │
        └─ left out: 2 that begin with …─┘└────────────────────────────────────────────┘
         p profile  b buckets  n next  s sort  Enter open  ? help  : command  q quit
        """)
  }

  @Test("goes through the records, and reads on where the page ends")
  func records() {
    var harness = harness()
    harness.press("n")
    #expect(harness.text.contains("✗ would be refused: page: too long"))
    #expect(harness.row(1).contains("Record 2"))
    guard case .sources(.records(.events, _, of: let file, skipping: 2))? = harness.press("n").first
    else {
      Issue.record("\(harness.effects)")
      return
    }
    #expect(file.path == "/d/events/a.json")
    answerRecords(&harness)
    #expect(harness.row(1).contains("Record 3"))
    guard case .sources(.records(.events, _, of: _, skipping: 0))? = harness.press("N").first else {
      Issue.record("\(harness.effects)")
      return
    }
    answerRecords(&harness)
    #expect(harness.row(1).contains("Record 2"))
    harness.press("N", "N")
    #expect(harness.model.notice == .info("there is no record before it"))
  }

  @Test("reads the records of the file that is selected")
  func otherFile() {
    var harness = harness()
    let effects = harness.press("j")
    #expect(effects.count == 1)
    guard case .sources(.records(.events, _, of: let file, skipping: 0))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(file.path == "/d/events/b.json")
  }

  @Test("filters and sorts the files")
  func filtering() {
    var harness = harness()
    harness.press("s")
    #expect(harness.row(7).contains("b.json"))
    harness.press("s", "s", "/")
    harness.type("B.")
    harness.press(.enter)
    #expect(harness.row(5).contains("/ B.: 1"))
    #expect(harness.row(7).contains("b.json"))
    harness.press(.escape)
    #expect(harness.row(8).contains("b.json"))
  }

  @Test("shows the profile with what would be refused, and everything about a field")
  func profile() {
    var harness = harness(columns: 100, rows: 20)
    guard case .sources(.profile(.events, let id, _))? = harness.press("p").first else {
      Issue.record("\(harness.effects)")
      return
    }
    #expect(harness.text.contains("reading a sample 00:00, Esc cancels"))
    harness.answer(.sources(.profiled(.events, id, .success(Self.profile))))
    #expect(harness.row(1).contains("Sources › events › Profile"))
    #expect(harness.row(1).contains("all 10 records"))
    #expect(harness.row(3).contains("70 of 64"))
    #expect(harness.row(3).contains("10,000+"))
    #expect(harness.row(3).contains("✗ 2 refused"))
    #expect(harness.row(4).contains("· not loaded"))
    #expect(harness.text.contains("text of 70 bytes; the column holds 64"))
    harness.press(.enter)
    #expect(harness.text.contains("page VARCHAR(64) NOT NULL"))
    harness.press(.escape, .right, .enter)
    #expect(harness.text.contains("line 7, byte 700"))
    harness.press(.escape, .escape)
    #expect(harness.text.contains("┌─ Files"))
    #expect(harness.press("p") == [])
  }

  @Test("Esc cancels a profile, and its late answer changes nothing")
  func cancelling() {
    var harness = harness()
    guard case .sources(.profile(.events, let id, _))? = harness.press("p").first else {
      Issue.record("\(harness.effects)")
      return
    }
    // The listings, which may still go on, are wanted all the same.
    #expect(harness.press(.escape) == [.sources(.cancelProfile)])
    harness.answer(.sources(.profiled(.events, id, .success(Self.profile))))
    #expect(harness.model.sources.profileFields.isEmpty)
    #expect(harness.text.contains("┌─ Files"))
  }

  @Test("Ctrl-C cancels a profile, and asks to quit only after that")
  func interruptedProfile() {
    var harness = harness()
    harness.press("p")
    #expect(harness.press(.control("c")) == [.sources(.cancelProfile)])
    harness.press(.control("c"))
    #expect(harness.text.contains("Leave sparkify?"))
  }

  @Test("leaving the screen stops the reading of records; listings and profiles go on")
  func leaving() {
    var harness = Harness(columns: 80, rows: 16)
    harness.press("6")
    #expect(!harness.press("7").contains(.sources(.cancelReading)))
    harness.answer(
      .sources(.listed(.events, 1, .success(Self.listing(.events, ["a.json", "b.json"])))))
    guard case .sources(.records(.events, _, of: _, skipping: 0))? = harness.press("6").first
    else {
      Issue.record("it did not ask: \(harness.effects)")
      return
    }
    #expect(harness.press("7").contains(.sources(.cancelReading)))
    guard case .sources(.profile(.events, let id, _))? = harness.press("6", "p").first else {
      Issue.record("it did not ask")
      return
    }
    harness.press("7")
    harness.answer(.sources(.profiled(.events, id, .success(Self.profile))))
    harness.press("6")
    #expect(harness.model.sources.profileFields.count == 2)
    #expect(harness.model.sources.source.profile.value != nil)
  }

  @Test("wants the clock while it waits")
  func clock() {
    var harness = Harness()
    harness.press("6")
    #expect(harness.model.clockInterval == .milliseconds(100))
    #expect(self.harness().model.clockInterval == nil)
  }

  @Test("says which setting to change where nothing lies")
  func empty() {
    var harness = Harness(columns: 80, rows: 20)
    harness.press("6")
    harness.answer(.sources(.listed(.events, 1, .success(Self.listing(.events, [])))))
    let text = harness.text
    #expect(text.contains("! no JSON file lies in /d/events"))
    #expect(text.contains("S3.LOG_DATA, dwh.cfg:2 names this"))
    #expect(text.contains("! no JSON files"))
    harness.press("p")
    #expect(harness.model.notice == .info("there are no files to read"))
  }

  @Test("says why a source cannot be listed, and lists it again on R")
  func missing() {
    var harness = Harness(columns: 100, rows: 20)
    harness.press("6")
    let error = WarehouseError(
      .input, "could not read /d/events", detail: "No such file or directory",
      hint: "Name a folder.")
    harness.answer(.sources(.listed(.events, 1, .failure(error))))
    #expect(harness.text.contains("→ Name a folder."))
    harness.answer(.tick(Harness.moment))
    #expect(harness.effects == [])
    harness.answer(.sources(.listed(.songs, 1, .failure(error))))
    #expect(
      harness.press("R") == [.sources(.list(.events, 3)), .sources(.list(.songs, 3))])
  }

  @Test("keeps the selected file when the files are listed again")
  func keptSelection() {
    var harness = harness()
    harness.press("j")
    answerRecords(&harness)
    guard case .sources(.list(.events, let id))? = harness.press("R").first else {
      Issue.record("\(harness.effects)")
      return
    }
    harness.answer(
      .sources(
        .listed(.events, id, .success(Self.listing(.events, ["0.json", "a.json", "b.json"])))))
    #expect(harness.model.sources.selectedFile?.path == "/d/events/b.json")
  }

  @Test("takes the mouse: a click selects, one more opens")
  func mouse() {
    var harness = harness()
    harness.answer(.click(.item("files", 1)))
    #expect(harness.model.sources.selectedFile?.path == "/d/events/b.json")
    harness.answer(.click(.item("files", 1)))
    #expect(harness.model.sources.focus == .record)
    harness.answer(.click(.item("sources", 1)))
    #expect(harness.model.sources.kind == .songs)
  }

  @Test("a hundred thousand files are filtered and drawn from numbers")
  func manyFiles() {
    var harness = Harness(columns: 80, rows: 24)
    harness.press("6")
    let names = (0..<100_000).map { "A/B/TR\(1_000_000 + $0).json" }
    harness.answer(.sources(.listed(.events, 1, .success(Self.listing(.events, names)))))
    harness.press("G")
    #expect(harness.model.sources.selectedFile?.path == "/d/events/A/B/TR1099999.json")
    harness.press("/")
    harness.type("9777")
    #expect(harness.row(5).contains("/ 9777: 20"))
  }
}

@Suite("Browsing buckets")
struct BucketBrowsingTests {
  private static func object(_ path: String, _ size: Int) -> BucketEntry {
    .object(
      SourceObject(
        path: path, size: size, modified: Timestamp(milliseconds: 1_543_608_000_000),
        compression: .none))
  }

  private func page(_ harness: inout Harness, _ entries: [BucketEntry], next: String? = nil) {
    for effect in harness.effects {
      guard case .sources(.bucketPage(_, let id, after: _, unsigned: _)) = effect else { continue }
      harness.answer(.sources(.bucketPage(id, .success(BucketPage(entries: entries, next: next)))))
      return
    }
    Issue.record("no page was asked for: \(harness.effects)")
  }

  /// The screen at the buckets of the account.
  private func harness(columns: Int = 80, rows: Int = 12) -> Harness {
    var harness = Harness(columns: columns, rows: rows, connected: false)
    harness.press("6", "b")
    page(&harness, [.bucket("lake"), .bucket("scratch")])
    return harness
  }

  @Test("goes from buckets to folders to objects, and shows the record of what is selected")
  func levels() {
    var harness = harness()
    harness.press(.enter)
    page(&harness, [.folder("s3://lake/log_data/"), .folder("s3://lake/song_data/")])
    harness.press(.enter)
    #expect(
      harness.effects.contains {
        if case .sources(
          .bucketPage(.folder(bucket: "lake", prefix: "log_data/"), _, after: nil, unsigned: false)) =
          $0
        {
          true
        } else {
          false
        }
      })
    page(
      &harness,
      [
        Self.object("s3://lake/log_data/a.json", 1000), Self.object("s3://lake/log_data/b.json", 9),
        Self.object("s3://lake/log_data/_SUCCESS", 0),
      ])
    guard
      case .sources(.bucketRecords(let id, of: let file, skipping: 0, unsigned: false))? =
        harness.effects.first
    else {
      Issue.record("\(harness.effects)")
      return
    }
    #expect(file.path == "s3://lake/log_data/a.json")
    let record = SampledRecord(
      line: 1, byteOffset: 0, rawText: "{\"page\":\"Home\"}",
      members: [SampledMember(name: "page", type: .text, text: "Home", byteCount: 4)],
      refusedColumn: nil, refusal: nil)
    harness.answer(
      .sources(.records(id, .success(RecordPage(skipped: 0, records: [record], hasMore: false)))))
    #expect(
      harness.text == """
         sparkify    1  2  3  4  5  6 Sources  7                           ◐ connecting
        ┌─ Buckets s3://lake/log_data/ ──┐┌─ Record 1 ──────────────────────── line 1 ─┐
        │ Name                      Size ││ {                                          │
        │ a.json                  1.0 kB ││   "page": "Home"                           │
        │ b.json                     9 B ││ }                                          │
        │ _SUCCESS                   0 B ││                                            │
        │                                ││                                            │
        │                                ││                                            │
        │                                ││                                            │
        │                                ││                                            │
        └─ 1.0 kB; left out: 1 ──────────┘└────────────────────────────────────────────┘
         p profile  b buckets  a no keys  Enter open  ? help  : command  q quit
        """)
    #expect(harness.press("y") == [.copy("s3://lake/log_data/a.json")])
    harness.press(.escape)
    #expect(harness.row(1).contains("Buckets s3://lake/ "))
    harness.press(.escape, .escape)
    #expect(harness.text.contains("┌─ Files"))
  }

  @Test("asks for the next page when the selection comes near the end, and for none before")
  func paging() {
    var harness = harness()
    harness.press(.enter)
    let many = (0..<1000).map { Self.object("s3://lake/\(1000 + $0).txt", 1) }
    page(&harness, many, next: "t")
    #expect(harness.text.contains("1,000+"))
    #expect(harness.press("j") == [])
    #expect(
      harness.press("G").contains {
        if case .sources(.bucketPage(_, _, after: "t", unsigned: false)) = $0 {
          true
        } else {
          false
        }
      })
    page(&harness, [Self.object("s3://lake/z.txt", 1)])
    #expect(harness.text.contains(" 1,001 "))
    #expect(harness.press("G") == [])
  }

  @Test("an error says what else can be tried: no keys, or an address")
  func error() {
    var harness = Harness(columns: 80, rows: 12, connected: false)
    harness.press("6", "b")
    guard
      case .sources(.bucketPage(.account, let id, after: nil, unsigned: false))? =
        harness.effects.last
    else {
      Issue.record("\(harness.effects)")
      return
    }
    harness.answer(
      .sources(.bucketPage(id, .failure(WarehouseError(.server, "could not list the buckets")))))
    #expect(harness.text.contains("✗ could not list the buckets"))
    #expect(harness.text.contains("a looks without keys, as everybody may"))
    #expect(
      harness.press("a").contains {
        if case .sources(.bucketPage(.account, _, after: nil, unsigned: true)) = $0 {
          true
        } else {
          false
        }
      })
    #expect(harness.row(1).contains("without keys"))
    harness.press("o")
    harness.type("s3://noaa-ghcn/csv/")
    #expect(
      harness.press(.enter).contains {
        if case .sources(
          .bucketPage(.folder(bucket: "noaa-ghcn", prefix: "csv/"), _, after: nil, unsigned: true)) =
          $0
        {
          true
        } else {
          false
        }
      })
    harness.press("o")
    harness.type("http://x")
    harness.press(.enter)
    #expect(harness.text.contains("An address reads like s3://bucket/prefix/."))
  }

  @Test("an answer that comes after somebody went on changes nothing")
  func late() {
    var harness = harness()
    harness.press(.enter)
    guard
      case .sources(.bucketPage(_, let id, after: nil, unsigned: false))? = harness.effects.first
    else {
      Issue.record("\(harness.effects)")
      return
    }
    harness.press(.escape)
    harness.answer(.sources(.bucketPage(id, .success(BucketPage(entries: [.bucket("late")])))))
    #expect(!harness.text.contains("late"))
    #expect(harness.text.contains("scratch/"))
  }

  @Test("what cannot be done there says why")
  func refusals() {
    var harness = harness()
    harness.press("s")
    #expect(harness.model.notice == .info("a bucket lists by name"))
    harness.press("o")
    harness.type("s3://")
    harness.press(.enter)
    page(&harness, [])
    harness.press("p")
    #expect(harness.text.contains("go into a bucket first"))
  }

  @Test("shows only the names that contain a text, and goes on listing until enough are found")
  func filtering() {
    var harness = harness()
    harness.press(.enter)
    let many = (0..<1000).map { Self.object("s3://lake/\(1000 + $0).json", 1) }
    page(&harness, many, next: "t")
    harness.press("j", "j", "/")
    harness.type("99")
    // 1099, 1199 … and 1990 to 1999: too few for a screen, so that the next page is asked for.
    #expect(harness.row(1).contains("/ 99: 19 of 1,000+"))
    page(&harness, [Self.object("s3://lake/z99.json", 1)])
    #expect(harness.row(1).contains("/ 99: 20 of 1,001 "))
    harness.press(.enter, "G")
    #expect(harness.press("y") == [.copy("s3://lake/z99.json")])
    harness.press(.escape)
    #expect(harness.row(1).contains(" 1,001 "))
    #expect(harness.press("y") == [.copy("s3://lake/z99.json")])
  }

  @Test("a filter that finds nothing looks through so many pages, and further when one moves on")
  func patience() {
    var harness = harness()
    harness.press(.enter)
    // Many enough that no more are wanted without a filter.
    page(&harness, (0..<300).map { Self.object("s3://lake/\(1000 + $0).json", 1) }, next: "1")
    harness.press("/", "z")
    var pages = 0
    while !harness.effects.isEmpty, pages < 100 {
      pages += 1
      page(&harness, [Self.object("s3://lake/b\(pages).json", 1)], next: "\(pages + 1)")
    }
    #expect(pages == 20)
    #expect(harness.text.contains("no name so far contains that"))
    harness.press(.enter, .down)
    #expect(!harness.effects.isEmpty)
  }

  @Test("profiles what lies below any address, as records of a kind that is asked for")
  func profile() {
    var harness = harness(columns: 110, rows: 20)
    harness.press(.enter)
    page(&harness, [.folder("s3://lake/log_data/"), .folder("s3://lake/song_data/")])
    harness.press("j", "p")
    #expect(harness.text.contains("What are the records below s3://lake/song_data/?"))
    let place = BucketPlace.folder(bucket: "lake", prefix: "song_data/")
    #expect(
      harness.press("s")
        == [.sources(.profileBucket(2, place, as: .songs, unsigned: false))])
    #expect(harness.row(1).contains("s3://lake/song_data/ as songs › Profile"))
    var profile = SourceProfile()
    (profile.recordCount, profile.fileCount, profile.isWhole) = (71, 71, true)
    harness.answer(.sources(.bucketProfiled(2, .success(profile))))
    #expect(harness.text.contains("all 71 records of 71 files"))
    #expect(
      harness.press("R") == [.sources(.profileBucket(3, place, as: .songs, unsigned: false))])
    #expect(harness.press(.control("c")) == [.sources(.cancelBucketProfile)])
    harness.press(.escape)
    #expect(harness.row(1).contains("Buckets s3://lake/ "))
    // It is there again without being read again.
    #expect(harness.press("p") == [])
    #expect(harness.text.contains("all 71 records of 71 files"))
  }
}
