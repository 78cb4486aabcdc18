import Warehouse

/// What lies in the source folders and in buckets, before anything is loaded: files, records, a
/// profile.
struct SourcesScreen: Screen {
  /// A part of the screen that keys can go to.
  enum Part: CaseIterable, Sendable { case sources, files, buckets, record, fields, refusals }

  /// What is known of one source.
  struct Source: Equatable, Sendable {
    var listing = Loadable<SourceListing>()
    var profile = Loadable<SourceProfile>()
    var files = FileList()
    /// The path to select once the files are known: from an earlier session.
    var wantedPath: String?
  }

  /// So many records of a file are held at a time.
  static let pageLength = 100

  var kind = SourceKind.events
  var known: [SourceKind: Source] = [:]
  var focus = Part.files
  /// Whether the profile takes the whole screen.
  var isProfileOpen = false
  /// Whether buckets take the place of the sources.
  var isBrowsing = false
  /// The walk through buckets, which is there again when one comes back; nil before the first.
  var walk: BucketWalk?
  /// The profile of a place in buckets that was made last.
  var bucketProfile = BucketProfile()
  var record = RecordView()
  var fields = ListPosition()
  var refusals = ListPosition()

  /// The source that is shown.
  var source: Source { known[kind] ?? Source() }

  /// Files whose paths contain this are shown.
  var filter: String? {
    get {
      if isProfileOpen { return nil }
      return isBrowsing ? walk?.level.filter : source.files.filter
    }
    set {
      guard !isBrowsing else {
        walk?.filter(by: newValue ?? "")
        focus = .buckets
        return
      }
      let listing = source.listing.value
      known[kind, default: Source()].files.filter(by: newValue ?? "", listing)
      focus = .files
    }
  }

  /// The selected file; nil when there is none.
  var selectedFile: SourceObject? {
    guard let place = source.files.selected, let files = source.listing.value?.files,
      files.indices.contains(Int(place))
    else { return nil }
    return files[Int(place)]
  }

  /// Whether something goes on that the screen shows the time of.
  var isBusy: Bool {
    record.page.isLoading || walk?.page.isLoading ?? false || bucketProfile.answer.isLoading
      || known.values.contains { $0.listing.isLoading || $0.profile.isLoading }
  }

  // MARK: Asking

  /// What the screen still lacks: the listings, and the records of the selected file.
  mutating func wanted(at moment: Duration) -> [SourcesEffect] {
    var effects: [SourcesEffect] = []
    for kind in SourceKind.allCases where known[kind]?.listing.isIdle ?? true {
      effects.append(.list(kind, known[kind, default: Source()].listing.begin(at: moment)))
    }
    if isBrowsing, let page = walk?.wanted(at: moment) { effects.append(page) }
    guard let file = isBrowsing ? walk?.previewed : selectedFile else {
      if record.object != nil { record.close() }
      return effects
    }
    if record.object != file {
      effects.append(records(record.open(file, at: moment), of: file, skipping: 0))
    }
    return effects
  }

  func records(_ id: Int, of file: SourceObject, skipping skipped: Int) -> SourcesEffect {
    isBrowsing
      ? .bucketRecords(id, of: file, skipping: skipped, unsigned: walk?.isUnsigned ?? false)
      : .records(kind, id, of: file, skipping: skipped)
  }

  /// The screen is left: what is being shown need not come. Listings and profiles go on, as somebody
  /// waits for them elsewhere.
  mutating func leave() -> [SourcesEffect] {
    guard record.page.isLoading || walk?.page.isLoading ?? false else { return [] }
    walk?.abandon()
    record.abandon()
    return [.cancelReading]
  }

  /// The configuration is another one: everything is asked for anew.
  mutating func forget() {
    for kind in SourceKind.allCases {
      var source = source(kind)
      (source.listing, source.profile) = (source.listing.emptied, source.profile.emptied)
      known[kind] = source
    }
    bucketProfile.answer = bucketProfile.answer.emptied
    record.close()
    walk?.refresh()
    isProfileOpen = false
  }

  private func source(_ kind: SourceKind) -> Source { known[kind] ?? Source() }

  /// Takes in an answer.
  mutating func take(_ message: SourcesMessage) {
    switch message {
    case .listed(let kind, let id, let answer): listed(kind, id, answer)
    case .records(let id, let answer): record.finish(id, answer)
    case .bucketPage(let id, let answer): walk?.finish(id, answer)
    case .bucketProfiled(let id, let answer):
      bucketProfile.answer.finish(id, answer)
      (fields, refusals) = (ListPosition(), ListPosition())
    case .profiled(let kind, let id, let answer):
      known[kind]?.profile.finish(id, answer)
      if kind == self.kind { (fields, refusals) = (ListPosition(), ListPosition()) }
    }
  }

  private mutating func listed(
    _ kind: SourceKind, _ id: Int, _ answer: Result<SourceListing, WarehouseError>
  ) {
    var source = source(kind)
    let kept = source.wantedPath ?? selectedPath(of: source)
    guard source.listing.finish(id, answer) else { return }
    if case .success(let listing) = answer {
      let place = kept.flatMap { path in listing.files.firstIndex { $0.path == path } }
      source.files.show(listing, selecting: place.map { Int32(clamping: $0) })
      source.wantedPath = nil
    }
    known[kind] = source
    if kind == self.kind { record.close() }
  }

  func selectedPath(of source: Source) -> String? {
    guard let place = source.files.selected, let files = source.listing.value?.files,
      files.indices.contains(Int(place))
    else { return nil }
    return files[Int(place)].path
  }
}
