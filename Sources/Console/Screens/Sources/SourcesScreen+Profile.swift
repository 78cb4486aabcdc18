import Warehouse

extension SourcesScreen {
  /// The fields of the profile that is shown.
  var profileFields: [FieldProfile] { shownProfile.value?.fields ?? [] }

  /// The refusals of the profile that is shown.
  var profileRefusals: [ProfiledRefusal] { shownProfile.value?.refusals ?? [] }

  /// What the profile is of.
  func profileNote(_ context: Context, isShort: Bool) -> Line {
    if let since = shownProfile.since {
      let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
      let clock = Quantity.clock(context.moment.uptime - since)
      return Line("\(picture) reading a sample \(clock), Esc cancels", .active)
    }
    guard let profile = shownProfile.value else { return Line() }
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
    if let error = shownProfile.error { return Line("✗ " + error.message, .failure) }
    if shownProfile.isLoading { return Line("reading …", .muted) }
    if shownProfile.value != nil { return Line("the sample holds no record", .muted) }
    return Line("p", .key.bold)
      + Line(" reads a sample of all files: types, widths, refusals", .muted)
  }

  /// The records that would be refused, with the places.
  func drawRefusals(in inner: Rect, of frame: inout Frame) {
    let refusals = profileRefusals
    guard !refusals.isEmpty else {
      let isKnown = shownProfile.value != nil
      let words = isKnown ? "✓ no record of the sample" : "not known yet"
      frame.write(
        Line(words, isKnown ? .success : .muted), row: inner.row, column: inner.column,
        width: inner.columns)
      return
    }
    let root =
      isBrowsing ? bucketProfile.place.rootLength : source.listing.value?.rootLength ?? 0
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
