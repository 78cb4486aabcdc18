import Warehouse

extension SourcesScreen {
  /// From this many rows on, the profile stands below the record.
  private static let high = 26

  /// The boxes of the parts that are shown.
  private func boxes(_ context: Context) -> [Part: Rect] {
    let body = context.body
    if isProfileOpen {
      let listed = profileRefusals.isEmpty ? 1 : min(profileRefusals.count + 1, body.rows / 3)
      let rows = body.splitRows([.flexible(), .fixed(listed + 2)])
      return [.fields: rows[0], .refusals: rows[1]]
    }
    let left = min(64, max(34, body.columns * 2 / 5))
    let sides = body.splitColumns([.fixed(left), .flexible()])
    if isBrowsing { return [.buckets: sides[0], .record: sides[1]] }
    let lists = sides[0].splitRows([.fixed(4), .flexible()])
    var boxes: [Part: Rect] = [.sources: lists[0], .files: lists[1], .record: sides[1]]
    if body.rows >= SourcesScreen.high {
      let rows = sides[1].splitRows([.flexible(3), .flexible(2)])
      (boxes[.record], boxes[.fields]) = (rows[0], rows[1])
    }
    return boxes
  }

  /// The parts that are shown, in the order of the keys.
  func parts(_ context: Context) -> [Part] {
    let boxes = boxes(context)
    return Part.allCases.filter { boxes[$0] != nil }
  }

  /// The rows that a part shows of its list or text.
  func height(of part: Part, _ context: Context) -> Int {
    let inner = (boxes(context)[part] ?? context.body).inset(rows: 1, columns: 2)
    switch part {
    case .sources, .record: return inner.rows
    case .files, .buckets, .fields, .refusals: return Table.height(in: inner)
    }
  }

  func draw(into frame: inout Frame, _ context: Context) {
    let boxes = boxes(context)
    for part in Part.allCases {
      guard let box = boxes[part] else { continue }
      let isFocused = part == focus
      let inner = frame.box(
        box, title: title(of: part, isFocused), trailing: note(of: part, box, context),
        style: Style(role: isFocused ? .focus : .border))
      draw(part, in: inner, of: &frame, context)
      frame.label(box.line(box.rows - 1), title: footNote(of: part, box))
    }
  }

  private func draw(
    _ part: Part, in inner: Rect, of frame: inout Frame, _ context: Context
  ) {
    switch part {
    case .sources: sourceTable(inner, context).draw(in: inner, of: &frame)
    case .files: fileTable(inner, context).draw(in: inner, of: &frame)
    case .buckets: bucketTable(inner).draw(in: inner, of: &frame)
    case .record:
      TextPane(lines: recordLines(context), top: record.top, pane: part.pane)
        .draw(in: inner, of: &frame)
    case .fields: fieldTable(inner, context).draw(in: inner, of: &frame)
    case .refusals: drawRefusals(in: inner, of: &frame)
    }
  }

  // MARK: Titles

  private func title(of part: Part, _ isFocused: Bool) -> Line {
    let style: Style = isFocused ? .accent.bold : .accent
    switch part {
    case .sources: return Line("Sources", style)
    case .files:
      // The filter is told beside the title, which must leave room for it.
      let path = source.files.filter.isEmpty ? source.listing.value?.path : nil
      return Line("Files", style) + Line(path.map { " " + $0 } ?? "", .muted)
    case .buckets: return Line("Buckets", style) + bucketTitle
    case .record:
      return Line("Record", style)
        + Line(record.record == nil ? "" : " \(Quantity.count(record.index + 1))", style)
    case .fields:
      guard isProfileOpen else { return Line("Profile", style) }
      let place =
        isBrowsing
        ? "\(bucketProfile.place.text) as \(bucketProfile.kind.rawValue)"
        : "Sources › \(kind.rawValue)"
      return Line(place + " › ", .muted) + Line("Profile", style)
    case .refusals: return Line("Would be refused", style)
    }
  }

  private func note(of part: Part, _ box: Rect, _ context: Context) -> Line {
    switch part {
    case .sources: return Line()
    case .files: return fileNote
    case .buckets: return bucketNote(context, isShort: box.columns < 46)
    case .record:
      guard let record = record.record else { return Line() }
      let line = "line \(Quantity.count(record.line))"
      let size = Quantity.bytes(record.rawText.utf8.count)
      return Line(box.columns < 50 ? line : "\(line) · \(size)", .muted)
    case .fields: return profileNote(context, isShort: box.columns < 100)
    case .refusals:
      guard let profile = shownProfile.value, profile.refusedCount > 0 else { return Line() }
      let shown = profile.refusals.count
      return Line(
        shown < profile.refusedCount
          ? "\(Quantity.count(shown)) of \(Quantity.count(profile.refusedCount)) shown"
          : Quantity.counted(shown, "record"), .muted)
    }
  }

  private var fileNote: Line {
    guard let listing = source.listing.value else { return Line() }
    let shown = source.files.places.count
    if !source.files.filter.isEmpty {
      return Line("/ \(source.files.filter): \(Quantity.count(shown))", .warning)
    }
    return Line(Quantity.count(listing.inventory.fileCount), .muted)
  }

  /// What was left out, on the lower edge.
  private func footNote(of part: Part, _ box: Rect) -> Line {
    if part == .buckets { return bucketFootNote(columns: box.columns) }
    guard part == .files, let inventory = source.listing.value?.inventory else { return Line() }
    let words = inventory.siblingText ?? inventory.leftOut
    if !words.isEmpty { return Line(words, .warning) }
    // Where the list has no room for the dates.
    return box.inset(rows: 1, columns: 2).columns < Self.columnsForDates
      ? Line(selectedFile.map { "changed \($0.modified.minuteText)" } ?? "", .muted) : Line()
  }

  // MARK: Sources

  private func sourceTable(_ inner: Rect, _ context: Context) -> Table {
    let kinds = SourceKind.allCases
    var position = ListPosition()
    position.select(kinds.firstIndex(of: kind) ?? 0, count: kinds.count, height: inner.rows)
    return Table(
      columns: [
        .init(title: "", width: .fixed(8)), .init(title: "", width: .flexible()),
        .init(title: "", width: .fixed(inner.columns > 40 ? 23 : 0)),
      ],
      count: kinds.count, position: position, pane: Part.sources.pane,
      isFocused: focus == .sources, hasHeader: false
    ) { index in
      guard kinds.indices.contains(index) else { return .init(cells: []) }
      let source = known[kinds[index]] ?? Source()
      return .init(cells: [
        Line(kinds[index] == kind ? "▸ " : "  ", .accent) + Line(kinds[index].rawValue, .bold),
        summary(of: source, context),
        Line(source.listing.value?.inventory.period ?? "", .muted),
      ])
    }
  }

  private func summary(of source: Source, _ context: Context) -> Line {
    if source.listing.isLoading {
      let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
      return Line(picture + " listing …", .active)
    }
    if let error = source.listing.error { return Line("✗ " + error.message, .failure) }
    guard let listing = source.listing.value else { return Line() }
    let count = Quantity.counted(listing.inventory.fileCount, "file")
    guard listing.inventory.fileCount > 0 else { return Line("! no JSON files", .warning) }
    return Line("\(count), \(Quantity.bytes(listing.inventory.totalBytes))")
      + Line(listing.isSample ? "  sample" : "", .muted)
  }

  // MARK: Files

  private static let columnsForDates = 46

  private func fileTable(_ inner: Rect, _ context: Context) -> Table {
    let list = source.files
    let isWide = inner.columns >= Self.columnsForDates
    let order = list.order
    func title(_ text: String, _ own: FileList.Order) -> String {
      own == order ? text + " ↓" : text
    }
    return Table(
      columns: [
        .init(title: title("Path", .path), width: .flexible(), clipping: .start),
        .init(title: title("Size", .size), width: .fixed(7), alignment: .right),
        .init(title: title("Changed (UTC)", .date), width: .fixed(isWide ? 16 : 0)),
      ],
      count: list.places.count, position: list.position, pane: Part.files.pane,
      isFocused: focus == .files, placeholder: noFiles
    ) { index in
      guard let listing = source.listing.value, list.places.indices.contains(index) else {
        return .init(cells: [])
      }
      let place = Int(list.places[index])
      guard listing.files.indices.contains(place) else { return .init(cells: []) }
      let file = listing.files[place]
      return .init(cells: [
        Line(String(decoding: file.path.utf8.dropFirst(listing.rootLength), as: UTF8.self)),
        Line(Quantity.bytes(file.size), .muted), Line(file.modified.minuteText, .muted),
      ])
    }
  }

  private var noFiles: Line {
    guard let listing = source.listing.value else { return Line("no files are known", .muted) }
    return Line(
      listing.files.isEmpty ? "no JSON file lies here" : "no path contains that", .muted)
  }

  // MARK: Record

  /// The room of the record's text.
  func recordRoom(_ context: Context) -> Rect {
    (boxes(context)[.record] ?? context.body).inset(rows: 1, columns: 2)
  }

  /// The record, or why there is none.
  func recordLines(_ context: Context) -> [Line] {
    if isBrowsing { return browsedLines }
    if let error = source.listing.error { return SourcesScreen.lines(error) }
    guard let listing = source.listing.value else { return [Line("listing …", .muted)] }
    if listing.files.isEmpty { return emptyLines(listing) }
    if let error = record.page.error { return SourcesScreen.lines(error) }
    if let shown = record.record { return RecordText.lines(shown) }
    if record.page.isLoading { return [Line("reading …", .muted)] }
    return [Line(record.object == nil ? "" : "there is no record in this file", .muted)]
  }

  private var browsedLines: [Line] {
    if let error = record.page.error { return SourcesScreen.lines(error) }
    if let shown = record.record { return RecordText.lines(shown) }
    return record.page.isLoading ? [Line("reading …", .muted)] : bucketLines
  }

  private func emptyLines(_ listing: SourceListing) -> [Line] {
    let leftOut = listing.inventory.leftOut
    return [
      Line("! no JSON file lies in \(listing.path)", .warning), Line(),
      Line("→ \(listing.origin) names this place: set it to a folder with .json files.", .accent),
    ] + (leftOut.isEmpty ? [] : [Line(), Line(leftOut, .muted)])
  }

  /// An error in the room of a pane.
  static func lines(_ error: WarehouseError) -> [Line] {
    var lines = [Line("✗ " + error.message, .failure)]
    if let detail = error.detail { lines += TextPane.lines(detail, .muted) }
    if let hint = error.hint { lines += [Line(), Line("→ " + hint, .accent)] }
    return lines
  }
}

extension SourcesScreen.Part {
  var pane: Pane {
    switch self {
    case .sources: "sources"
    case .files: "files"
    case .buckets: "buckets"
    case .record: "record"
    case .fields: "fields"
    case .refusals: "refusals"
    }
  }
}
