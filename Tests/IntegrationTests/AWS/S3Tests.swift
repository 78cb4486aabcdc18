import Testing

@testable import Warehouse

/// S3 against moto, which a check of every signature stands before.
@Suite("S3")
struct S3Tests {
  private static let oddKeys = [
    "plain.json", "a b+c=d%e&f?g#h.json", "ünï/日本/🎵.json", "dots/./../x.json", "tab\there.json",
    "quote\"'<>&;.json", "(star)*!@$,:.json", "%2F%2f%zz.json", "trailing /x .json", "~-_.json",
  ]

  @Test("any key survives: written, listed, read and removed")
  func keys() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("odd-keys")
    for key in Self.oddKeys { try aws.s3.put(Array(key.utf8), to: key, in: "odd-keys") }
    let page = try aws.s3.page(of: "odd-keys", prefix: "")
    #expect(Set(page.objects.map(\.key)) == Set(Self.oddKeys))
    for key in Self.oddKeys {
      #expect(try aws.s3.get(key, in: "odd-keys").bytes == Array(key.utf8), "\(key)")
    }
    try aws.s3.delete(Self.oddKeys[0], in: "odd-keys")
    try aws.s3.delete(Array(Self.oddKeys.dropFirst()), in: "odd-keys")
    #expect(try aws.s3.page(of: "odd-keys", prefix: "").objects.isEmpty)
    #expect(try aws.s3.buckets().contains("odd-keys"))
  }

  @Test("a listing goes on over pages, shows folders, and leaves out what is hidden or no JSON")
  func listing() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("pages")
    let names = (0..<25).map { "log/\($0.padded(2)).json" }
    for name in names + ["log/_x/a.json", "log/.b.json", "log/c.txt", "log/", "other/d.json"] {
      try aws.s3.put(name.hasSuffix("/") ? [] : [1], to: name, in: "pages")
    }
    var (keys, token, pages): ([String], String?, Int) = ([], nil, 0)
    repeat {
      let page = try aws.s3.page(of: "pages", prefix: "log/0", after: token, limit: 3)
      keys += page.objects.map(\.key)
      token = page.next
      pages += 1
    } while token != nil
    #expect(keys == Array(names.prefix(10)))
    #expect(pages == 4)
    #expect(try aws.s3.page(of: "pages", prefix: "", delimiter: "/").folders == ["log/", "other/"])
    let listing = try S3Store(aws.s3, bucket: "pages", prefix: "log/").list(Cancellation())
    #expect(listing.map(\.path) == names.map { "s3://pages/" + $0 })
    #expect(listing.hiddenCount == 2)
    #expect(listing.otherCount == 1)
    let error = #expect(throws: WarehouseError.self) {
      try S3Store(aws.s3, bucket: "pages", prefix: "lag/").list(Cancellation())
    }
    #expect(error?.kind == .input)
  }

  @Test("a large object goes up in parts and comes back in parts, the same")
  func large() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("large")
    let bytes = (0..<(11 << 20) + 7).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try aws.s3.upload(MemoryStream(bytes), to: "x.json", in: "large", partBytes: 5 << 20)
    let store = S3Store(aws.s3, bucket: "large", prefix: "x.json")
    let object = try #require(try store.list(Cancellation()).first)
    #expect(object.size == bytes.count)
    let stream = try store.open(object)
    var read: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 100_000)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try stream.read(into: $0) }
      if count == 0 { break }
      read += chunk[..<count]
    }
    #expect(read == bytes)
    #expect(try aws.s3.get("x.json", in: "large", range: 5..<10).bytes == Array(bytes[5..<10]))
    #expect(throws: WarehouseError.self) {
      try aws.s3.get("x.json", in: "large", range: 5..<10, etag: "\"other\"")
    }
  }

  @Test("an upload in parts that fails leaves no part, whatever fails and however")
  func failedUpload() async throws {
    let aws = try await AWSStandIn.own()
    try aws.makeBucket("parts")
    let s3 = S3Client(AWSClient(aws.settings, retry: RetryPolicy(attempts: 2)))
    let bytes = [UInt8](repeating: 7, count: (5 << 20) + 1)
    for operation in ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"] {
      for kind in ["500", "reset", "reset-body", "bare", "short", "403"] {
        let (key, what) = ("\(operation)-\(kind)", Comment("\(operation) \(kind)"))
        try aws.inject(kind, "^s3:\(operation)$", times: 100)
        let error = { () -> WarehouseError? in
          do throws(WarehouseError) {
            try s3.upload(MemoryStream(bytes), to: key, in: "parts", partBytes: 5 << 20)
            return nil
          } catch { return error }
        }()
        try aws.control("faults")
        let listed = try aws.s3.page(of: "parts", prefix: key).objects.map(\.size)
        #expect(listed == (error == nil ? [bytes.count] : []) || operation.hasPrefix("Com"), what)
        // An upload whose beginning was not heard has no name: it is looked for.
        if operation == "CreateMultipartUpload" { try s3.abortUploads(of: "parts", prefix: key) }
        #expect(try s3.uploads(of: "parts", prefix: "") == [], what)
      }
    }
  }

  @Test(
    "a bucket that is open to everybody is read without keys, and a closed one says that it is not")
  func anonymous() async throws {
    let aws = try await AWSStandIn.shared()
    for bucket in ["open-to-all", "not-open"] {
      try aws.makeBucket(bucket)
      try aws.s3.put(Array("{}".utf8), to: "log/a.json", in: bucket)
    }
    try aws.control("public", .array([.string("open-to-all")]))
    let s3 = S3Client(AWSClient(aws.settings.unsigned))
    let listing = try S3Store(s3, bucket: "open-to-all", prefix: "log/").list(Cancellation())
    #expect(listing.map(\.path) == ["s3://open-to-all/log/a.json"])
    #expect(try s3.get("log/a.json", in: "open-to-all").bytes == Array("{}".utf8))
    let closed = #expect(throws: WarehouseError.self) { try s3.page(of: "not-open", prefix: "") }
    #expect(closed?.hint == "This is not open to everybody: ask with keys that may do it.")
    #expect(throws: WarehouseError.self) { try s3.put([1], to: "x", in: "open-to-all") }
    let environment = [
      "AWS_ENDPOINT_URL": aws.endpoint, "AWS_REGION": "us-west-2",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    let seen = try await Program.run(
      ["sources", "s3://open-to-all/log/", "--anonymous"], environment: environment)
    #expect(seen.output.contains("a.json"), "\(seen.all)")
    let unseen = try await Program.run(
      ["sources", "s3://not-open/log/", "--anonymous"], environment: environment)
    #expect(unseen.status == 1)
    #expect(unseen.errors.contains("This is not open to everybody"), "\(unseen.all)")
  }

  @Test("parts of one large object are fetched side by side, in order, and of that object alone")
  func sideBySide() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("sides")
    let bytes = (0..<(12 << 20) + 7).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try aws.s3.put(bytes, to: "x.json", in: "sides")
    let store = S3Store(aws.s3, bucket: "sides", prefix: "x.json", ahead: 4)
    let object = try #require(try store.list(Cancellation()).first)
    try aws.inject("reset-body", "^GET /sides/x.json", times: 3)
    var chunk = [UInt8](repeating: 0, count: 300_000)
    func rest(of stream: any ByteStream) throws -> [UInt8] {
      var read: [UInt8] = []
      while true {
        let count = try chunk.withUnsafeMutableBytes { try stream.read(into: $0) }
        if count == 0 { return read }
        read += chunk[..<count]
      }
    }
    #expect(try rest(of: store.open(object)) == bytes)
    let changing = try store.open(object)
    _ = try chunk.withUnsafeMutableBytes { try changing.read(into: $0) }
    try aws.s3.put(bytes.reversed(), to: "x.json", in: "sides")
    let error = #expect(throws: WarehouseError.self) { try rest(of: changing) }
    #expect(error?.serviceCode == "PreconditionFailed")
    #expect(S3Store.ahead(objects: 1, readers: nil) == 8)
    #expect(S3Store.ahead(objects: 10, readers: nil) == 3)
    #expect(S3Store.ahead(objects: .max, readers: 64) == 1)
  }

  @Test("wrong keys are told as such")
  func wrongKeys() async throws {
    var settings = try await AWSStandIn.shared().settings
    settings.secretKey = Secret("wrong")
    let error = #expect(throws: WarehouseError.self) {
      try S3Client(AWSClient(settings)).page(of: "any", prefix: "")
    }
    #expect(error?.serviceCode == "SignatureDoesNotMatch")
    #expect(error?.kind == .configuration)
    // AWS repeats the request, and we do not.
    #expect(error?.description.contains("x-amz-date") == false)
  }

  @Test("a place is browsed level by level, and the records of an object are shown")
  func browsing() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("browsed")
    let song = Record.song("S1", artist: "A1", title: "T", name: "N", duration: 1.5)
    for key in ["song_data/A/a.json", "song_data/.x/b.json", "song_data_old/c.json", "z.txt"] {
      try aws.s3.put(Array("\(song)\n\(song)".utf8), to: key, in: "browsed")
    }
    let browser = BucketBrowser(AWSClient(aws.settings))
    let buckets = try await browser.page(of: .account)
    #expect(buckets.entries.contains(.bucket("browsed")))
    let top = try await browser.page(of: try #require(BucketPlace("s3://browsed")))
    #expect(
      top.entries.map(\.address)
        == ["s3://browsed/song_data/", "s3://browsed/song_data_old/", "s3://browsed/z.txt"])
    #expect(top.entries.map(\.isLeftOut) == [false, false, true])
    let folder = try await browser.page(of: try #require(BucketPlace("s3://browsed/song_data/A/")))
    guard case .object(let object)? = folder.entries.first else {
      Issue.record("\(folder)")
      return
    }
    let records = try await browser.records(of: object, skipping: 1, limit: 5)
    #expect(records.map(\.line) == [2])
    #expect(records.first?.members.first { $0.name == "song_id" }?.text == "S1")
  }

  @Test("a bucket's profile is the folder's, and of a large object only parts are fetched")
  func profile() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("profiled")
    let source = try SourceFolder.small(users: 60)
    let events = String(decoding: try FileSystem.read(source.events + "/a.json"), as: UTF8.self)
    let many = String(repeating: events + "\n", count: 40)
    for (name, text) in [("a.json", events), ("b.json", many), ("c.json", many)] {
      try source.write(text, to: "log_data/" + name)
      try aws.s3.put(Array(text.utf8), to: "log_data/" + name, in: "profiled")
    }
    let store = S3Store(aws.s3, bucket: "profiled", prefix: "log_data/", isForLooking: true)
    var options = ProfileOptions()
    options.duration = .seconds(600)
    options.bytes = 1 << 20
    let near = try FolderStore(source.events).profile(
      FolderStore(source.events).list(Cancellation()), for: .events, options: options)
    options.readers = 8
    let far = try store.profile(store.list(Cancellation()), for: .events, options: options)
    #expect(far.recordCount == near.recordCount)
    #expect(far.fields.map(\.name) == near.fields.map(\.name))
    #expect(far.fields.map(\.types) == near.fields.map(\.types))
    #expect(!far.isWhole)
    #expect(far.bytesRead < far.totalBytes / 2)
  }

  @Test("the real data makes the same star from a bucket", arguments: RealData.cases)
  func realData(folder: String) async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("real")
    for (path, prefix) in [(RealData.events, "log_data/"), (RealData.smallSongs, "song_data/")] {
      for file in try FolderStore(path).list(Cancellation()) {
        let key = prefix + file.path.dropFirst(path.count + 1)
        try aws.s3.put(FileSystem.read(file.path, limit: 64 << 20), to: key, in: "real")
      }
    }
    let fromFolder = try await TestWarehouse()
    let report = await fromFolder.run(events: RealData.events, songs: RealData.smallSongs)
    #expect(report.outcome == .succeeded)
    let fromBucket = try await TestWarehouse()
    let pipeline = Pipeline(
      settings: RunSettings(
        eventSource: "s3://real/log_data/", songSource: "s3://real/song_data/",
        startedBy: "test@here", aws: AWSClient(aws.settings)),
      open: { _ throws(WarehouseError) in try await fromBucket.open() }, observe: { _ in })
    #expect(await pipeline.run(.all) == .succeeded)
    #expect(try await fromBucket.star() == fromFolder.star())
  }

  @Test("the program looks into buckets with keys of the environment, and never shows them")
  func program() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("seen")
    for key in ["log_data/a.json", "log_data_old/b.json", "log_data/_c.json"] {
      try aws.s3.put(Array("{\"page\":\"Home\"}".utf8), to: key, in: "seen")
    }
    var environment = [
      "AWS_ACCESS_KEY_ID": "AKIDTESTS", "AWS_SECRET_ACCESS_KEY": "secret/of+the=tests",
      "AWS_ENDPOINT_URL": aws.endpoint, "AWS_REGION": "us-west-2",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    let set = ["--set", "S3.LOG_DATA=s3://seen/log_data"]
    let listed = try await Program.run(
      ["sources", "events", "--files"] + set, environment: environment)
    #expect(listed.status == 0, "\(listed.errors)")
    #expect(listed.output.contains("left out  1 that begin with . or _ (_c.json)"))
    #expect(listed.output.contains("1 of them in log_data_old"))
    let browsed = try await Program.run(
      ["sources", "s3://seen/", "--json"], environment: environment)
    #expect(
      browsed.events.map { $0["path"] as? String }
        == ["s3://seen/log_data/", "s3://seen/log_data_old/"])
    let profile = ["sources", "s3://seen/log_data/", "--profile", "--json"]
    let profiled = try await Program.run(
      profile + ["--as", "events"], environment: environment)
    let found = try #require(profiled.events.first?["profile"] as? [String: Any])
    #expect(found["records"] as? Int == 1, "\(found)")
    let unsaid = try await Program.run(profile, environment: environment)
    #expect(unsaid.status == 2)
    #expect(unsaid.errors.contains("Say --as events or --as songs."))
    let checked = try await Program.run(["config", "check"] + set, environment: environment)
    #expect(checked.output.contains("s3://seen is asked with"))
    #expect(checked.output.contains("\(aws.endpoint)/seen/"))
    #expect(checked.output.contains("those of the configuration"))
    environment["AWS_SECRET_ACCESS_KEY"] = "hidden-and-wrong"
    for arguments in [["sources", "s3://seen/"], ["sources", "events"], ["config", "check"]] {
      let wrong = try await Program.run(arguments + set, environment: environment)
      #expect(!wrong.all.contains("hidden-and-wrong"))
      #expect(!wrong.all.contains("AKIDTESTS"))
      #expect(arguments[0] == "config" || wrong.errors.contains("SignatureDoesNotMatch"))
    }
  }

  @Test("a load from a bucket makes the star that a load from the folder makes")
  func load() async throws {
    let aws = try await AWSStandIn.shared()
    let source = try SourceFolder.small(users: 40)
    try aws.makeBucket("source")
    try aws.s3.put(FileSystem.read(source.events + "/a.json"), to: "log_data/a.json", in: "source")
    let songs = String(decoding: try FileSystem.read(source.songs + "/a.json"), as: UTF8.self)
    for (index, song) in songs.split(separator: "\n").enumerated() {
      try aws.s3.put(Array(song.utf8), to: "song_data/A/\(index).json", in: "source")
    }
    let fromFolder = try await TestWarehouse()
    #expect(await fromFolder.run(source).outcome == .succeeded)
    let fromBucket = try await TestWarehouse()
    let pipeline = Pipeline(
      settings: RunSettings(
        eventSource: "s3://source/log_data", songSource: "s3://source/song_data/",
        startedBy: "test@here", aws: AWSClient(aws.settings)),
      open: { _ throws(WarehouseError) in try await fromBucket.open() }, observe: { _ in })
    #expect(await pipeline.run(.all) == .succeeded)
    #expect(try await fromBucket.star() == fromFolder.star())
    #expect(
      try await fromBucket.rows("SELECT DISTINCT path FROM sparkify.source_files ORDER BY 1")
        == ["s3://source/log_data/a.json"]
        + (0..<40).map { "s3://source/song_data/A/\($0).json" }.sorted())
  }
}
