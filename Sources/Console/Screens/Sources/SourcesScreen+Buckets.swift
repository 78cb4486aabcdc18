import Warehouse

extension SourcesScreen {
  // MARK: Actions

  /// Begins to browse, or ends it.
  mutating func toggleBrowsing() {
    isBrowsing.toggle()
    isProfileOpen = false
    focus = isBrowsing ? .buckets : .files
    record.close()
    guard isBrowsing, walk == nil else { return }
    walk = BucketWalk(at: nearestPlace)
  }

  /// Where the shown source lies when that is a bucket; else all buckets.
  private var nearestPlace: BucketPlace {
    guard let path = source.listing.value?.path, path.hasPrefix("s3://"),
      case .folder(let bucket, let prefix)? = BucketPlace(path)
    else { return .account }
    let place = BucketPlace.folder(bucket: bucket, prefix: prefix)
    return prefix.isEmpty || prefix.hasSuffix("/") ? place : place.parent ?? .account
  }

  /// The question for an address.
  var addressPrompt: Prompt {
    Prompt(
      purpose: .sources, title: "Go to",
      text: "An address such as s3://bucket/log_data/, or s3:// for all buckets.",
      current: walk?.level.place.text ?? "s3://")
  }

  /// Goes to an address that was typed. Returns what is wrong with it; nil when nothing is.
  mutating func go(to address: String) -> String? {
    guard let place = BucketPlace(address) else {
      return "An address reads like s3://bucket/prefix/."
    }
    if !isBrowsing { toggleBrowsing() }
    walk?.go(to: place)
    focus = .buckets
    record.close()
    return nil
  }

  /// One level back; out of the buckets from the top.
  mutating func leaveBucketLevel() {
    if focus != .buckets {
      focus = .buckets
    } else if walk?.goBack() != true {
      toggleBrowsing()
    }
    record.close()
  }

  /// Goes into what is selected, or to its record.
  mutating func openBucketEntry() {
    if walk?.enter() == true {
      record.close()
    } else if walk?.previewed != nil {
      focus = .record
    }
  }

  /// Whether Enter leads anywhere.
  var opensBucketEntry: Bool {
    guard let walk, let selected = walk.selected else { return false }
    if case .object = selected { return walk.previewed != nil }
    return true
  }

  // MARK: The picture

  var bucketTitle: Line {
    guard let walk else { return Line() }
    // The filter is told beside the title, which must leave room for it.
    let place = walk.level.filter.isEmpty ? " " + walk.level.place.text : ""
    return Line(place, .muted)
      + Line(walk.isUnsigned ? " without keys" : "", .warning)
  }

  func bucketNote(_ context: Context) -> Line {
    guard let walk else { return Line() }
    let level = walk.level
    let more = level.hasMore ? "+" : ""
    let spinner = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
    guard level.filter.isEmpty else {
      let found = "\(Quantity.count(level.shown.count)) of \(Quantity.count(level.entries.count))"
      return Line(walk.page.isLoading ? spinner + " " : "", .active)
        + Line("/ \(level.filter): \(found)\(more)", .warning)
    }
    if walk.page.isLoading { return Line(spinner + " listing", .active) }
    return Line(Quantity.count(level.entries.count) + more, .muted)
  }

  /// The figures, on the lower edge.
  func bucketFootNote(columns: Int) -> Line {
    guard let level = walk?.level, !level.entries.isEmpty else { return Line() }
    let figures = Line(level.totals.text(isPartial: level.hasMore), .muted)
    guard level.totals.leftOut > 0 else { return figures }
    let leftOut = "left out: \(Quantity.count(level.totals.leftOut))"
    return columns < 50
      ? Line("\(Quantity.bytes(level.totals.bytes)); ", .muted) + Line(leftOut, .warning)
      : figures + Line("; ", .muted) + Line(leftOut, .warning)
  }

  func bucketTable(_ inner: Rect) -> Table {
    let level = walk?.level
    let isWide = inner.columns >= 46
    return Table(
      columns: [
        .init(title: "Name", width: .flexible(), clipping: .start),
        .init(title: "Size", width: .fixed(7), alignment: .right),
        .init(title: "Changed (UTC)", width: .fixed(isWide ? 16 : 0)),
      ],
      count: level?.shown.count ?? 0, position: level?.position ?? ListPosition(),
      pane: Part.buckets.pane, isFocused: focus == .buckets, placeholder: noEntries
    ) { index in
      guard let level, let entry = level.entry(index) else { return .init(cells: []) }
      let name = entry.name(at: level.place)
      guard case .object(let object) = entry else {
        return .init(cells: [Line(name, entry.isLeftOut ? .muted : .accent), Line(), Line()])
      }
      return .init(cells: [
        Line(name, entry.isLeftOut ? .muted : .plain), Line(Quantity.bytes(object.size), .muted),
        Line(object.modified.minuteText, .muted),
      ])
    }
  }

  private var noEntries: Line {
    guard let walk else { return Line() }
    if walk.page.error != nil { return Line("✗ could not be listed", .failure) }
    if walk.page.isLoading { return Line("listing …", .muted) }
    guard !walk.level.filter.isEmpty, !walk.level.entries.isEmpty else {
      return Line("nothing lies here", .muted)
    }
    return Line(
      walk.level.hasMore ? "no name so far contains that; ↓ looks on" : "no name contains that",
      .muted)
  }

  /// What stands in the room of the record while there is none.
  var bucketLines: [Line] {
    guard let walk else { return [] }
    if let error = walk.page.error { return SourcesScreen.lines(error) + otherWays(error) }
    guard let entry = walk.selected else { return [] }
    if case .object(let object) = entry {
      return objectLines(object, isLeftOut: entry.isLeftOut)
    }
    return [
      Line(entry.address, .bold), Line(), Line("Enter", .key.bold) + Line(" goes into it", .muted),
      Line("y", .key.bold)
        + Line(" copies its address, for S3.LOG_DATA or S3.SONG_DATA", .muted),
      Line("p", .key.bold) + Line(" profiles a sample of what lies below it", .muted),
    ]
  }

  private func objectLines(_ object: SourceObject, isLeftOut: Bool) -> [Line] {
    if object.size == 0 { return [Line("it is empty", .muted)] }
    guard isLeftOut else { return [Line("there is no record in this object", .muted)] }
    return [
      Line("a load leaves it out", .warning), Line(),
      Line("Its name begins with . or _, or is not one of a JSON file.", .muted),
    ]
  }

  private func otherWays(_ error: WarehouseError) -> [Line] {
    guard error.kind != .cancelled else { return [] }
    return [
      Line(), Line("a", .key.bold) + Line(" looks without keys, as everybody may", .muted),
      Line("o", .key.bold) + Line(" goes to a bucket by its address", .muted),
    ]
  }
}
