/// Makes a COPY ready: looks at what lies in the bucket, and writes what COPY is to be told in files.
///
/// All of it blocks.
struct CopyPreparation: Sendable {
  let table: StagingTable
  let settings: RunSettings
  /// Where files are written.
  let folder: CopyFolder
  /// Hears of the files that are written.
  let written: WrittenObjects
  let cancellation: Cancellation

  /// The plan, and what there is to read.
  struct Result: Sendable {
    var plan: CopyPlan
    var listing: ObjectListing
    /// Worth a line each.
    var notes: [String] = []
  }

  /// Lists the source, looks into some of its files, and writes manifest and JSONPaths.
  ///
  /// - Throws: `.input` where COPY could not read the source as the program would.
  func prepare() throws(WarehouseError) -> Result {
    let kind = SourceKind(table)
    if let restaged = try RestagedSource.required(kind, settings, cancellation) {
      return try prepare(restaged)
    }
    guard case .s3(let bucket, let prefix) = DataLocation(s3: settings.source(of: table)),
      let aws = settings.aws
    else { throw Self.notInBucket(settings.source(of: table)) }
    let s3 = S3Client(aws)
    let store = S3Store(s3, bucket: bucket, prefix: prefix)
    let listing = try store.list(cancellation)
    guard !listing.isEmpty else {
      throw WarehouseError(
        .input, "could not find any JSON file under s3://\(bucket)/\(prefix)",
        hint: "Files are .json or .jsonl, or .gz or .zst of either.")
    }
    let members = try sniff(listing, in: store)
    let region = try aws.region(ofBucket: bucket)
    var result = Result(
      plan: CopyPlan(
        table: table, input: .prefix(""), fields: .columns,
        compression: try compression(of: listing), roleARN: settings.copy.roleARN, region: region,
        maxRejects: settings.maxRejects),
      listing: listing)
    let work = try workPlace(s3, region: region, notes: &result.notes)
    if let work {
      let url = "s3://\(work.bucket)/\(work.prefix)"
      result.plan.input = .manifest("\(url)\(table.name).manifest")
      try put(
        CopyManifest.text(listing), "\(table.name).manifest", work, s3, &result)
    } else {
      result.plan.input = .prefix(try wholePrefix(listing, bucket: bucket, prefix: prefix))
    }
    result.plan.fields = try fields(s3, work, &result)
    try result.plan.requireMembers()
    try requireApart(result.plan)
    result.notes += try members.notes(
      for: result.plan.fields, source: settings.source(of: table))
    return result
  }

  /// What was restaged has a manifest already, and files of one kind without arrays.
  private func prepare(_ restaged: RestagedSource) throws(WarehouseError) -> Result {
    guard case .s3(let bucket, _) = DataLocation(s3: restaged.manifest), let aws = settings.aws
    else { throw Self.notInBucket(restaged.manifest) }
    let s3 = S3Client(aws)
    let region = try aws.region(ofBucket: bucket)
    var result = Result(
      plan: CopyPlan(
        table: table, input: .manifest(restaged.manifest), fields: .columns,
        compression: restaged.compression.compression, roleARN: settings.copy.roleARN,
        region: region, maxRejects: settings.maxRejects),
      listing: restaged.listing)
    let work = try workPlace(s3, region: region, notes: &result.notes)
    result.plan.fields = try fields(s3, work, &result)
    try result.plan.requireMembers()
    return result
  }

  /// The plan as it will be, as far as it is known without a look.
  static func outline(_ table: StagingTable, _ settings: RunSettings) -> CopyPlan {
    let source = settings.source(of: table)
    var plan = CopyPlan(
      table: table, input: .prefix(source.hasSuffix("/") ? source : source + "/"),
      fields: .columns, compression: .none, roleARN: settings.copy.roleARN,
      region: try? settings.aws?.region, maxRejects: settings.maxRejects)
    var work: String?
    if case .s3(let bucket, let prefix) = settings.copy.work {
      work = "s3://\(bucket)/\(prefix)\(settings.copy.owner.map { $0 + "/" } ?? "")run-N/"
    }
    if let work { plan.input = .manifest("\(work)\(table.name).manifest") }
    if let restage = settings.restage {
      plan.input = .manifest(RestageManifest.outline(SourceKind(table), under: restage.output))
      plan.compression = restage.compression.compression
    }
    guard table == .events else { return plan }
    switch settings.copy.eventPaths {
    case .auto: plan.fields = .members
    case .file(let location):
      // What it names is not known before it is read: most such files name every member.
      plan.fields = .paths(location.text, members: usualMembers)
    case nil: plan.fields = work.map { .ownPaths("\($0)\(table.name).jsonpaths") } ?? .members
    }
    return plan
  }

  /// The members of an event in the order of the public file, which is that of the alphabet.
  private static let usualMembers = [
    "artist", "auth", "firstName", "gender", "itemInSession", "lastName", "length", "level",
    "location", "method", "page", "registration", "sessionId", "song", "status", "ts", "userAgent",
    "userId",
  ]

  static func notInBucket(_ source: String) -> WarehouseError {
    WarehouseError(
      .configuration, "could not load \(source) into Redshift",
      detail: "Redshift reads files from S3 alone",
      hint: "Set S3.LOG_DATA and S3.SONG_DATA, or RESTAGE.OUTPUT, to s3:// addresses.")
  }

  // MARK: What lies there

  /// How many files are looked into, and how many records of each.
  private static let looked = (files: 4, records: 200)

  /// Looks at the beginning of some files: COPY takes objects one after the other, and no array. The
  /// names and widths of the members that it meets.
  private func sniff(
    _ listing: ObjectListing, in store: S3Store
  ) throws(WarehouseError) -> MemberComparison {
    var members = MemberComparison(table)
    let step = max(1, (listing.count + Self.looked.files - 1) / Self.looked.files)
    for index in stride(from: 0, to: listing.count, by: step) {
      try cancellation.check()
      let object = listing[index]
      if object.size == 0 { continue }
      let stream = try store.openContent(object, cancellation)
      guard let first = try Self.firstByte(of: stream), first == UInt8(ascii: "[") else {
        members.take(
          try store.sample(
            object, limit: Self.looked.records, maxRecordBytes: settings.maxRecordBytes,
            cancellation: cancellation), of: object.path)
        continue
      }
      throw WarehouseError(
        .input, "could not load \(object.path)",
        detail: "its records stand in an array, which Redshift's COPY does not read",
        hint: "Restage the source, which takes arrays apart, and load what that makes.")
    }
    return members
  }

  /// The first byte that is no white space and no byte order mark.
  private static func firstByte(of stream: any ByteStream) throws(WarehouseError) -> UInt8? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try stream.read(into: buffer)
      if count == 0 { return nil }
      let found = buffer.prefix(count).first {
        ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0)
      }
      if let found { return found }
    }
  }

  /// COPY reads files of one compression, which it does not find out by itself.
  private func compression(of listing: ObjectListing) throws(WarehouseError) -> Compression {
    let kinds = Set(listing.indices.map { listing.compression(at: $0) })
    guard kinds.count == 1, let kind = kinds.first else {
      throw WarehouseError(
        .input, "could not load \(settings.source(of: table))",
        detail: "some of its files are compressed in one way and some in another, "
          + "and COPY reads files of one kind",
        hint: "Restage the source, or keep its files apart.")
    }
    return kind
  }

  /// A prefix that means these files and no others.
  private func wholePrefix(
    _ listing: ObjectListing, bucket: String, prefix: String
  ) throws(WarehouseError) -> String {
    let source = "s3://\(bucket)/\(prefix)"
    guard listing.hiddenCount == 0, listing.otherCount == 0 else {
      throw WarehouseError(
        .input, "could not load \(source) by its prefix",
        detail: "COPY would also read \(listing.hiddenCount + listing.otherCount) objects there "
          + "that are no data",
        hint: "Set S3.WORK to a place where a list of the files can be written, or remove them.")
    }
    if prefix.isEmpty || prefix.hasSuffix("/") { return source }
    if listing.count == 1, listing[0].path == source { return source }
    guard listing.allSatisfy({ $0.path.hasPrefix(source + "/") }) else {
      throw WarehouseError(
        .input, "could not load \(source) by its prefix",
        detail: "keys go on after it without a slash: the prefix may mean more than one folder",
        hint: "End the prefix with a slash, or set S3.WORK.")
    }
    return source + "/"
  }

  // MARK: What is written

  private struct Work {
    let bucket: String
    let prefix: String
  }

  /// The place for files; nil when there is none, or one in another region than the data, where COPY
  /// would not look for them.
  private func workPlace(
    _ s3: S3Client, region: String, notes: inout [String]
  ) throws(WarehouseError) -> Work? {
    guard case .s3(let bucket, let prefix) = settings.copy.work else { return nil }
    // Asked once, so that a bucket of another region is found out before it is written to.
    _ = try s3.page(of: bucket, prefix: prefix, limit: 1, cancellation)
    let own = try s3.client.region(ofBucket: bucket)
    guard own == region else {
      notes.append(
        "\(bucket) lies in \(own) and the data in \(region): loading by prefix, without a manifest")
      return nil
    }
    if let line = try folder.removeLeftovers(under: prefix, in: bucket, s3, cancellation) {
      notes.append(line)
    }
    return Work(bucket: bucket, prefix: prefix + folder.prefix)
  }

  private func put(
    _ bytes: [UInt8], _ name: String, _ work: Work, _ s3: S3Client, _ result: inout Result
  ) throws(WarehouseError) {
    let key = work.prefix + name
    written.add(key)
    try s3.put(bytes, to: key, in: work.bucket, type: "application/json", cancellation)
    result.notes.append("wrote s3://\(work.bucket)/\(key), \(Quantity.bytes(bytes.count))")
  }

  private func fields(
    _ s3: S3Client, _ work: Work?, _ result: inout Result
  ) throws(WarehouseError) -> CopyPlan.Fields {
    guard table == .events else { return .columns }
    switch settings.copy.eventPaths {
    case .auto: return .members
    case .file(.s3(let bucket, let key)):
      let url = "s3://\(bucket)/\(key)"
      let bytes = try s3.get(key, in: bucket, cancellation).bytes
      try requireRegion(of: bucket, s3, result.plan, url)
      return .paths(url, members: try JSONPathsFile(parsing: bytes, url: url).members)
    case .file(.path(let path)):
      throw WarehouseError(
        .configuration, "could not use \(path) for COPY", detail: "Redshift reads from S3 alone",
        hint: "Set S3.LOG_JSONPATH to an s3:// address, to auto, or leave it blank.")
    case nil:
      guard let work else { return .members }
      let name = "\(table.name).jsonpaths"
      try put(JSONPathsFile(table).text, name, work, s3, &result)
      return .ownPaths("s3://\(work.bucket)/\(work.prefix)\(name)")
    }
  }

  /// COPY looks for the file of paths where the data lie: its REGION counts for both.
  private func requireRegion(
    of bucket: String, _ s3: S3Client, _ plan: CopyPlan, _ url: String
  ) throws(WarehouseError) {
    let own = try s3.client.region(ofBucket: bucket)
    guard let region = plan.region, own != region else { return }
    throw WarehouseError(
      .configuration, "could not use \(url) for COPY",
      detail: "it lies in \(own), and the data in \(region): COPY looks for both in one region",
      hint: "Copy it to a bucket in \(region) and correct S3.LOG_JSONPATH, or leave that blank and "
        + "set S3.WORK.")
  }

  /// A file of paths under the prefix of the data would be loaded as data.
  private func requireApart(_ plan: CopyPlan) throws(WarehouseError) {
    guard case .prefix(let prefix) = plan.input, case .paths(let url, _) = plan.fields,
      url.hasPrefix(prefix)
    else { return }
    throw WarehouseError(
      .configuration, "could not load \(prefix)",
      detail: "the JSONPaths file \(url) lies among the data and would be loaded with it",
      hint: "Move it elsewhere and correct S3.LOG_JSONPATH, or set S3.WORK.")
  }
}
