import Warehouse

extension Command {
  /// `sources`: what lies in the source folders and in buckets.
  static let sources = Command(
    name: "sources", usage: "[events|songs|s3://…]",
    summary: "says what lies in the source folders, before anything is loaded",
    details: """
      Lists what LOG_DATA and SONG_DATA name: files, sizes, dates, and what is left out. With
      --profile it reads a sample, chosen across all files and inside large ones: for each field its
      types, nulls and widths against the staging column, and the records that loading would refuse,
      with file, line and reason. No warehouse is needed.

      With an address it lists what lies there in buckets, page by page: s3:// the buckets,
      s3://bucket/prefix/ the folders and objects below it. With --profile and --as it reads a sample
      of what lies there, as if it were the source of the events or the songs.
      """,
    options: [
      Option(name: "--profile", value: nil, help: "read a sample, and say what it is like"),
      Option(
        name: "--as", value: "events|songs",
        help: "what the records at an address are, for --profile"),
      Option(name: "--files", value: nil, help: "list the files"),
      Option(
        name: "--anonymous", value: nil,
        help: "ask for buckets without keys, as everybody may"),
      Option(name: "--json", value: nil, help: "an object a source or an entry, one a line"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    if let word = invocation.arguments.words.first, word.hasPrefix("s3") {
      return try await listBucket(word, invocation)
    }
    let kinds = try kinds(invocation.arguments.words.first)
    let configuration = try invocation.configuration()
    var failure: WarehouseError?
    for (index, kind) in kinds.enumerated() {
      do throws(WarehouseError) {
        if index > 0, !invocation.isJSON { invocation.output.line() }
        try await report(
          try ConfiguredSource(
            kind, configuration, invocation.stateFolder, aws: client(invocation)),
          invocation)
      } catch {
        // The other source is told all the same.
        guard kinds.count > 1, error.kind != .cancelled else { throw error }
        invocation.output.talk("\(kind.rawValue): \(error.description)")
        failure = failure ?? error
      }
    }
    return failure.map { ExitStatus($0) } ?? .done
  }

  private static func kinds(_ word: String?) throws(WarehouseError) -> [SourceKind] {
    guard let word else { return SourceKind.allCases }
    guard let kind = SourceKind(rawValue: word) else {
      throw WarehouseError(
        .usage, "there is no source \"\(word)\"",
        hint: "The sources are events and songs; an address reads like s3://bucket/prefix/.")
    }
    return [kind]
  }

  private static func client(_ invocation: Invocation) throws(WarehouseError) -> AWSClient {
    let settings = try invocation.configuration().aws
    let isAnonymous = invocation.arguments.has("--anonymous")
    return AWSClient(isAnonymous ? settings.unsigned : settings, notice: invocation.output.talk)
  }

  /// Lists a place in buckets; each page is told before the next is asked for.
  private static func listBucket(
    _ word: String, _ invocation: Invocation
  ) async throws(WarehouseError) -> ExitStatus {
    guard word.contains("://"), let place = BucketPlace(word) else {
      throw WarehouseError(
        .usage, "there is no source \"\(word)\"",
        hint: "The sources are events and songs; an address reads like s3://bucket/prefix/.")
    }
    let client = try client(invocation)
    if invocation.arguments.has("--profile") {
      let source = try ConfiguredSource(
        try recordKind(invocation), at: place, namedBy: "the command",
        try invocation.configuration(),
        aws: client)
      try await report(source, invocation)
      return .done
    }
    let browser = BucketBrowser(client)
    var token: String?
    repeat {
      let page = try await browser.page(of: place, after: token)
      for entry in page.entries {
        if invocation.isJSON {
          var json = JSONText()
          json.object(entry.jsonMembers)
          invocation.output.line(json.text)
        } else {
          show(entry, on: invocation.output)
        }
      }
      token = page.next
    } while token != nil
    return .done
  }

  private static func recordKind(_ invocation: Invocation) throws(WarehouseError) -> SourceKind {
    guard let kind = invocation.arguments.value("--as").flatMap(SourceKind.init) else {
      throw WarehouseError(
        .usage, "could not tell what the records there are",
        hint: "Say --as events or --as songs.")
    }
    return kind
  }

  private static func show(_ entry: BucketEntry, on output: Output) {
    guard case .object(let object) = entry else {
      return output.line(output.data(String(repeating: " ", count: 37) + entry.address))
    }
    show(ObjectListing([object]), on: output)
  }

  private static func report(
    _ source: ConfiguredSource, _ invocation: Invocation
  ) async throws(WarehouseError) {
    let listing = try await SourceListing(source)
    let profile =
      invocation.arguments.has("--profile") ? try await source.profile(listing.files) : nil
    let listsFiles = invocation.arguments.has("--files")
    if invocation.isJSON {
      write(source.kind, listing, profile, listsFiles, to: invocation.output)
      return
    }
    show(source.kind, listing, on: invocation.output)
    if listsFiles {
      invocation.output.line()
      show(listing.files, on: invocation.output)
    }
    if let profile { show(profile, root: listing.rootLength, on: invocation.output) }
  }

  // MARK: For people

  private static func show(_ kind: SourceKind, _ listing: SourceListing, on output: Output) {
    output.line(kind.rawValue)
    let facts = listing.inventory.facts(
      place: listing.path, origin: listing.origin, listing.isSample)
    for line in FactList.lines(facts) { output.line(output.data("  " + line.text)) }
    guard listing.files.isEmpty else { return }
    output.line("  no JSON file lies there: set \(kind.setting.rawValue) to a folder with some")
  }

  private static func show(_ files: ObjectListing, on output: Output) {
    for file in files {
      let size = String(repeating: " ", count: max(0, 12 - String(file.size).count))
      output.line(
        output.data("\(size)\(file.size)  \(file.modified.text)  \(file.path)"))
    }
  }

  private static func show(_ profile: SourceProfile, root: Int, on output: Output) {
    output.line()
    output.line("profile of \(profile.sample)")
    let names = [
      "field", "types", "nulls", "missing", "distinct", "least", "greatest", "widest", "column",
      "verdict",
    ]
    let numbers: Set = ["nulls", "missing", "widest"]
    let columns = names.map {
      ResultColumn(name: $0, kind: numbers.contains($0) ? .integer : .text)
    }
    let rows: [[String?]] = profile.fields.map { field in
      [
        field.name, field.typeText, String(field.nullCount), String(field.missingCount),
        field.distinct.text, short(field.minimum), short(field.maximum),
        String(field.widestBytes), field.declaration, field.verdict.text,
      ]
    }
    RowPrinter(format: .table, output: output).print(ResultSet(columns: columns, rows: rows))
    output.line()
    guard profile.refusedCount > 0 else {
      output.line("no record of it would be refused")
      return
    }
    output.line(
      "\(Quantity.counted(profile.refusedCount, "record")) of it would be refused"
        + (profile.refusals.count < profile.refusedCount ? ", among them:" : ":"))
    for refusal in profile.refusals {
      let column = refusal.column.map { ", column \($0)" } ?? ""
      output.line(
        output.data(
          "  \(refusal.place.file), \(refusal.place.longText)\(column): \(refusal.reason)"))
    }
  }

  private static func short(_ value: String?) -> String {
    var text = CellText(value ?? "", limit: 24)
    text.closeWithEllipsis(limit: 24, glyphs: .unicode)
    return text.plainText
  }

  // MARK: For machines

  private static func write(
    _ kind: SourceKind, _ listing: SourceListing, _ profile: SourceProfile?, _ listsFiles: Bool,
    to output: Output
  ) {
    var members: [(String, JSONValue)] = [
      ("source", .string(kind.rawValue)), ("path", .string(listing.path)),
      ("set_by", .string(listing.origin)), ("is_sample", .boolean(listing.isSample)),
    ]
    members += listing.inventory.jsonMembers
    if listsFiles {
      members.append(("objects", .array(listing.files.map { .object($0.jsonMembers) })))
    }
    if let profile { members.append(("profile", .object(profile.jsonMembers))) }
    var json = JSONText()
    json.object(members)
    output.line(json.text)
  }
}
