import Warehouse

extension SourcesScreen {
  /// The fields of the profile that is shown.
  var profileFields: [FieldProfile] { source.profile.value?.fields ?? [] }

  /// The refusals of the profile that is shown.
  var profileRefusals: [ProfiledRefusal] { source.profile.value?.refusals ?? [] }

  /// What the profile is of.
  func profileNote(_ context: Context, isShort: Bool) -> Line {
    if case .loading(let since) = source.profile.phase {
      let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
      let clock = Quantity.clock(context.moment.uptime - since)
      return Line("\(picture) reading a sample \(clock), Esc cancels", .active)
    }
    guard let profile = source.profile.value else { return Line() }
    return Line(isShort ? profile.shortSample : profile.sample, .muted)
  }

  /// The table of the fields.
  func fieldTable(_ inner: Rect, _ context: Context) -> Table {
    let isWide = inner.columns >= 104
    let columns = FieldColumns(room: inner.columns)
    let fields = profileFields
    return Table(
      columns: columns.all, count: fields.count, position: self.fields, pane: Part.fields.pane,
      isFocused: focus == .fields, placeholder: noProfile
    ) { index in
      guard fields.indices.contains(index) else { return .init(cells: []) }
      return .init(cells: fields[index].cells(isWide: isWide))
    }
  }

  private var noProfile: Line {
    if let error = source.profile.error { return Line("✗ " + error.message, .failure) }
    if source.profile.isLoading { return Line("reading …", .muted) }
    if source.profile.value != nil { return Line("the sample holds no record", .muted) }
    return Line("p", .key.bold)
      + Line(" reads a sample of all files: types, widths, refusals", .muted)
  }

  /// The records that would be refused, with the places.
  func drawRefusals(in inner: Rect, of frame: inout Frame) {
    let refusals = profileRefusals
    guard !refusals.isEmpty else {
      let isKnown = source.profile.value != nil
      let words = isKnown ? "✓ no record of the sample" : "not known yet"
      frame.write(
        Line(words, isKnown ? .success : .muted), row: inner.row, column: inner.column,
        width: inner.columns)
      return
    }
    let root = source.listing.value?.rootLength ?? 0
    Table(
      columns: [
        .init(title: "File", width: .flexible(2), clipping: .start),
        .init(title: "Line", width: .fixed(12), alignment: .right),
        .init(title: "Column", width: .fixed(14)),
        .init(title: "Reason", width: .flexible(3)),
      ],
      count: refusals.count, position: self.refusals, pane: Part.refusals.pane,
      isFocused: focus == .refusals
    ) { index in
      guard refusals.indices.contains(index) else { return .init(cells: []) }
      let refusal = refusals[index]
      return .init(cells: [
        Line(String(decoding: refusal.place.file.utf8.dropFirst(root), as: UTF8.self)),
        Line(refusal.place.shortText), Line(refusal.column ?? "record", .muted),
        Line(refusal.reason, .failure),
      ])
    }.draw(in: inner, of: &frame)
  }

  // MARK: Opening and copying

  /// What Enter shows in full; nil when nothing is selected.
  func viewer(_ context: Context) -> TextViewer? {
    switch focus {
    case .sources: return source.listing.value.map { SourcesScreen.viewer(of: $0, kind) }
    case .files, .buckets: return nil
    case .record: return record.record.map { viewer(of: $0) }
    case .fields:
      let index = fields.selection(count: profileFields.count)
      return profileFields.indices.contains(index) ? profileFields[index].viewer : nil
    case .refusals: return selectedRefusal.map { SourcesScreen.viewer(of: $0) }
    }
  }

  private var selectedRefusal: ProfiledRefusal? {
    let index = refusals.selection(count: profileRefusals.count)
    return profileRefusals.indices.contains(index) ? profileRefusals[index] : nil
  }

  /// What is copied; nil when nothing is selected.
  var copied: String? {
    switch focus {
    case .sources: return source.listing.value?.path
    case .files: return selectedFile?.path
    case .buckets: return walk?.selected?.address ?? walk?.level.place.text
    case .record: return record.record?.rawText
    case .fields:
      let index = fields.selection(count: profileFields.count)
      return profileFields.indices.contains(index)
        ? profileFields[index].viewer.copy : nil
    case .refusals: return selectedRefusal?.rawText
    }
  }

  private static func viewer(of listing: SourceListing, _ kind: SourceKind) -> TextViewer {
    let lines = FactList.lines(
      listing.inventory.facts(place: listing.path, origin: listing.origin, listing.isSample))
    return TextViewer(title: "Source of the \(kind.rawValue)", lines: lines, copy: listing.path)
  }

  private func viewer(of record: SampledRecord) -> TextViewer {
    let place = "line \(Quantity.count(record.line)), byte \(Quantity.count(record.byteOffset))"
    let lines =
      [Line(place, .muted), Line()] + RecordText.lines(record)
      + [Line(), Line("As it stands", .accent.bold)] + TextPane.lines(record.rawText)
    return TextViewer(
      title: FileSystem.name(of: self.record.object?.path ?? ""), lines: lines,
      copy: record.rawText)
  }

  private static func viewer(of refusal: ProfiledRefusal) -> TextViewer {
    let facts = [
      Fact("file", refusal.place.file), Fact("place", refusal.place.longText),
      Fact("column", refusal.column ?? "the whole record"),
      Fact("reason", Line(refusal.reason, .failure)),
    ]
    return TextViewer(
      title: "Would be refused",
      lines: FactList.lines(facts) + [Line()] + TextPane.lines(refusal.rawText),
      copy: refusal.rawText)
  }
}

/// The columns of the table of fields, as many as there is room for.
private struct FieldColumns {
  let all: [Table.Column]

  init(room: Int) {
    let isWide = room >= 104
    let hasRange = room >= 128
    all = [
      .init(title: "Field", width: .fixed(room < 60 ? 13 : 17)),
      .init(title: "Types", width: .fixed(isWide ? 18 : 10)),
      .init(title: "Nulls", width: .fixed(room < 60 ? 0 : 7), alignment: .right),
      .init(title: "Missing", width: .fixed(isWide ? 7 : 0), alignment: .right),
      .init(title: "Distinct", width: .fixed(room < 60 ? 0 : 9), alignment: .right),
      .init(title: "Widest", width: .fixed(isWide ? 6 : 0), alignment: .right),
      .init(title: isWide ? "Column" : "Bytes", width: .fixed(isWide ? 25 : 13)),
      .init(title: "Least … greatest", width: hasRange ? .flexible() : .fixed(0)),
      .init(title: "", width: hasRange ? .fixed(14) : .flexible()),
    ]
  }
}

extension FieldProfile {
  fileprivate func cells(isWide: Bool) -> [Line] {
    let isText = textLimit != nil
    let width = widestBytes > 0 ? Quantity.count(widestBytes) : ""
    let fits = (textLimit ?? .max) > widestBytes
    let short = textLimit.map { "\(width.isEmpty ? "–" : width) of \(Quantity.count($0))" } ?? ""
    return [
      Line(name, isAbsent ? .muted : .bold), Line(typeText),
      Line(nullCount > 0 ? Quantity.count(nullCount) : "", .muted),
      Line(missingCount > 0 ? Quantity.count(missingCount) : "", .warning),
      Line(distinct.text), Line(isText ? width : "", fits ? .plain : .failure),
      isWide ? Line(declaration, .muted) : Line(short, fits ? .muted : .failure),
      Line(range, .muted), verdict,
    ]
  }

  /// The types of its values, the most frequent first: "text", "text, integer".
  var typeText: String {
    let ranked = types.filter { $0.key != .null }.sorted {
      ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue)
    }
    if ranked.isEmpty { return isAbsent ? "–" : "null" }
    return ranked.map { $0.key.rawValue }.joined(separator: ", ")
  }

  private var range: String {
    guard let minimum, let maximum else { return "" }
    return minimum == maximum ? minimum : "\(minimum.prefix(20)) … \(maximum.prefix(20))"
  }

  /// What takes it: `BIGINT, TIMESTAMP`.
  var declaration: String {
    guard !columns.isEmpty else { return "" }
    let types = columns.map(\.type.declaration).joined(separator: ", ")
    return types + (isRequired ? " NOT NULL" : "")
  }

  /// What loading would say.
  var verdict: Line {
    if refusedCount > 0 { return Line("✗ \(Quantity.count(refusedCount)) refused", .failure) }
    if columns.isEmpty { return Line("· not loaded", .muted) }
    return isAbsent ? Line("! never there", .warning) : Line("✓ fits", .success)
  }

  /// Everything about it.
  fileprivate var viewer: TextViewer {
    var facts = [Fact("verdict", verdict)]
    let kinds = MemberType.allCases.compactMap { type in
      types[type].map { "\(type.rawValue) \(Quantity.count($0))" }
    }
    facts.append(Fact("values", kinds.isEmpty ? "none" : kinds.joined(separator: ", ")))
    facts.append(Fact("missing in", Quantity.counted(missingCount, "record")))
    if emptyCount > 0 { facts.append(Fact("empty", Quantity.counted(emptyCount, "text"))) }
    facts.append(Fact("distinct", distinct.text))
    if let minimum { facts.append(Fact("least", shown(minimum))) }
    if let maximum { facts.append(Fact("greatest", shown(maximum))) }
    if let place = widestPlace {
      facts.append(Fact("widest", Quantity.counted(widestBytes, "byte")))
      facts.append(Fact("  in", place.file))
      facts.append(Fact("  at", place.longText))
    }
    for column in columns {
      facts.append(
        Fact(
          "column",
          "\(column.name) \(column.type.declaration)\(column.isRequired ? " NOT NULL" : "")"))
    }
    if columns.isEmpty { facts.append(Fact("column", "none: it is not loaded")) }
    let lines = FactList.lines(facts)
    return TextViewer(
      title: "Field \(name)", lines: lines, copy: lines.map(\.text).joined(separator: "\n"))
  }

  /// A value, with its time when it goes into a timestamp.
  private func shown(_ value: String) -> String {
    guard columns.contains(where: { $0.type == .timestamp }), let time = Int64(value),
      time >= 0, time < 253_402_300_800_000
    else { return value }
    return "\(value) = \(Timestamp(milliseconds: time).text)"
  }
}

extension DistinctCount {
  /// `1,234`, or `10,000+` when there may be more.
  var text: String {
    switch self {
    case .exactly(let count): Quantity.count(count)
    case .atLeast(let count): Quantity.count(count) + "+"
    }
  }
}

extension SourcePlace {
  /// The line, or the byte where the line is not known.
  var shortText: String {
    line.map { Quantity.count($0) } ?? "byte \(Quantity.short(Double(byteOffset)))"
  }

  /// Line and byte.
  var longText: String {
    (line.map { "line \(Quantity.count($0)), " } ?? "") + "byte \(Quantity.count(byteOffset))"
  }
}

extension SourceProfile {
  /// What was looked at, in words.
  var sample: String {
    let records = Quantity.counted(recordCount, "record")
    if isWhole { return "all \(records) of \(Quantity.counted(fileCount, "file"))" }
    let files = "\(Quantity.count(filesRead)) of \(Quantity.counted(fileCount, "file"))"
    return "a sample: \(records), \(Quantity.bytes(bytesRead)) of \(files)"
      + (isCutByTime ? ", until time was over" : "")
  }

  /// The same in few words.
  var shortSample: String {
    isWhole
      ? "all \(Quantity.counted(recordCount, "record"))"
      : "sample of \(Quantity.counted(recordCount, "record"))"
  }
}

extension SourceInventory {
  /// The figures with their labels.
  func facts(place: String, origin: String, _ isSample: Bool) -> [Fact] {
    var facts = [
      Fact("place", place), Fact("set by", isSample ? "nothing: it is the sample data" : origin),
      Fact("files", Quantity.count(fileCount)),
      Fact("in all", "\(Quantity.bytes(totalBytes)) (\(Quantity.count(totalBytes)) bytes)"),
    ]
    if let sizes {
      facts.append(
        Fact(
          "sizes", "\(Quantity.bytes(sizes.lowerBound)) to \(Quantity.bytes(sizes.upperBound))"))
    }
    if let dates {
      facts.append(
        Fact("changed", "\(dates.lowerBound.minuteText) to \(dates.upperBound.minuteText) UTC"))
    }
    for kind in Compression.allCases {
      if let count = compressed[kind] { facts.append(Fact("\(kind)", Quantity.count(count))) }
    }
    if hiddenCount > 0 {
      let more = hiddenCount > hiddenNames.count ? ", …" : ""
      facts.append(
        Fact(
          "left out",
          "\(Quantity.count(hiddenCount)) that begin with . or _ "
            + "(\(hiddenNames.joined(separator: ", "))\(more))"))
    }
    if otherCount > 0 {
      facts.append(Fact("left out", "\(Quantity.count(otherCount)) of other kinds"))
    }
    if undecodableCount > 0 {
      facts.append(
        Fact("left out", "\(Quantity.count(undecodableCount)) whose names are not UTF-8"))
    }
    if siblingCount > 0 {
      facts.append(
        Fact(
          "beware",
          "\(Quantity.count(siblingCount)) of them in "
            + "\(siblingNames.joined(separator: ", ")): end the prefix with / to leave them out"))
    }
    return facts
  }
}
