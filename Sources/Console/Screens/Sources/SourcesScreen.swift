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

  private(set) var kind = SourceKind.events
  private(set) var known: [SourceKind: Source] = [:]
  var focus = Part.files
  /// Whether the profile takes the whole screen.
  var isProfileOpen = false
  /// Whether buckets take the place of the sources.
  var isBrowsing = false
  /// The walk through buckets, which is there again when one comes back; nil before the first.
  var walk: BucketWalk?
  var record = RecordView()
  private(set) var fields = ListPosition()
  private(set) var refusals = ListPosition()

  /// The source that is shown.
  var source: Source { known[kind] ?? Source() }

  /// Files whose paths contain this are shown.
  var filter: String? {
    get { isProfileOpen || isBrowsing ? nil : source.files.filter }
    set {
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
    record.page.isLoading || walk?.page.isLoading ?? false
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

  private func records(_ id: Int, of file: SourceObject, skipping skipped: Int) -> SourcesEffect {
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

  private func selectedPath(of source: Source) -> String? {
    guard let place = source.files.selected, let files = source.listing.value?.files,
      files.indices.contains(Int(place))
    else { return nil }
    return files[Int(place)].path
  }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement): move(movement, context)
    case .right: turn(1, context)
    case .left: turn(-1, context)
    case .open: return open(context)
    case .copy: return copied.map { [.effect(.copy($0))] } ?? []
    case .back: return goBack()
    case .sources(let action): return perform(action, context)
    default: break
    }
    return []
  }

  private mutating func perform(_ action: SourcesAction, _ context: Context) -> [Request] {
    switch action {
    case .browse: toggleBrowsing()
    case .goTo: return [.overlay(.prompt(addressPrompt))]
    case .toggleKeys:
      walk?.toggleKeys()
      record.close()
    case .profile:
      isProfileOpen = true
      focus = .fields
      return source.profile.value == nil && !source.profile.isLoading ? startProfile(context) : []
    case .nextRecord: return step(1, context)
    case .previousRecord: return step(-1, context)
    case .sort:
      guard let listing = source.listing.value else { return [] }
      let order = source.files.order.next
      known[kind]?.files.sort(by: order, listing)
      return [.notice("sorted by \(order.rawValue)")]
    case .refresh:
      if isBrowsing {
        walk?.refresh()
        record.close()
        return []
      }
      if isProfileOpen { return startProfile(context) }
      for kind in SourceKind.allCases { known[kind]?.listing.askAgain() }
    }
    return []
  }

  private mutating func startProfile(_ context: Context) -> [Request] {
    guard let listing = source.listing.value else { return [] }
    let id = known[kind, default: Source()].profile.begin(at: context.moment.uptime)
    return [.effect(.sources(.profile(kind, id, listing.files)))]
  }

  private mutating func step(_ step: Int, _ context: Context) -> [Request] {
    guard let wanted = record.step(step, at: context.moment.uptime), let file = record.object
    else { return [] }
    return [.effect(.sources(records(wanted.id, of: file, skipping: wanted.skipped)))]
  }

  private mutating func goBack() -> [Request] {
    if isBrowsing {
      leaveBucketLevel()
      return []
    }
    if source.profile.isLoading { return cancelProfile() }
    isProfileOpen = false
    focus = .files
    return []
  }

  private mutating func cancelProfile() -> [Request] {
    known[kind]?.profile.abandon()
    isProfileOpen = source.profile.value != nil
    if !isProfileOpen { focus = .files }
    return [.effect(.sources(.cancelProfile)), .notice("the profile was cancelled")]
  }

  /// Ctrl-C: stops the profile that is being made; nil when none is.
  mutating func interrupt() -> [Request]? {
    source.profile.isLoading ? cancelProfile() : nil
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .open: viewer(context) == nil && !opensPart ? "there is nothing to open" : nil
    case .copy: copied == nil ? "nothing is selected" : nil
    case .back:
      isBrowsing || isProfileOpen || source.profile.isLoading || focus != .files
        ? nil : "this is the first level"
    case .sources(.profile) where isBrowsing: "profiles are of the sources; b goes back to them"
    case .sources(.sort) where isBrowsing: "a bucket lists by name"
    case .sources(.toggleKeys): isBrowsing ? nil : "only where buckets are browsed"
    case .sources(.profile):
      source.listing.value?.files.isEmpty ?? true ? "there are no files to read" : nil
    case .sources(.nextRecord):
      isProfileOpen || !record.canStep(1) ? "there is no record after it" : nil
    case .sources(.previousRecord):
      isProfileOpen || !record.canStep(-1) ? "there is no record before it" : nil
    case .sources(.sort):
      isProfileOpen || source.listing.value == nil ? "there are no files to sort" : nil
    case .left, .right, .move, .sources(.refresh), .sources(.browse), .sources(.goTo): nil
    default: nil
    }
  }

  /// Whether Enter goes to another part.
  private var opensPart: Bool {
    focus == .files && selectedFile != nil || focus == .buckets && opensBucketEntry
  }

  private mutating func open(_ context: Context) -> [Request] {
    if opensPart {
      if focus == .buckets { openBucketEntry() } else { focus = .record }
      return []
    }
    return viewer(context).map { [.overlay(.viewer($0))] } ?? []
  }

  // MARK: Selection

  private mutating func turn(_ step: Int, _ context: Context) {
    let parts = parts(context)
    guard let index = parts.firstIndex(of: focus) else {
      focus = parts.first ?? .files
      return
    }
    focus = parts[(index + step + parts.count) % parts.count]
  }

  private mutating func move(_ movement: Movement, _ context: Context) {
    let height = height(of: focus, context)
    switch focus {
    case .sources: show(movement.isBackward ? .events : .songs)
    case .files:
      known[kind]?.files.move(movement, height: height)
    case .buckets: walk?.move(movement, height: height)
    case .record: scrollRecord(movement.rows(height: height), context)
    case .fields: fields.move(movement, count: profileFields.count, height: height)
    case .refusals: refusals.move(movement, count: profileRefusals.count, height: height)
    }
  }

  /// Shows another source.
  private mutating func show(_ kind: SourceKind) {
    guard kind != self.kind else { return }
    self.kind = kind
    record.close()
    (fields, refusals) = (ListPosition(), ListPosition())
  }

  private mutating func scrollRecord(_ rows: Int, _ context: Context) {
    let room = recordRoom(context)
    let count = TextPane.broken(recordLines(context), columns: room.columns).count
    record.top = min(max(0, record.top + rows), max(0, count - room.rows))
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return false }
    let wasFocused = focus == part
    focus = part
    guard let item else { return false }
    let height = height(of: part, context)
    switch part {
    case .sources:
      let isShown = SourceKind.allCases.firstIndex(of: kind) == item
      if SourceKind.allCases.indices.contains(item) { show(SourceKind.allCases[item]) }
      return wasFocused && isShown
    case .files:
      let wasSelected = source.files.position.selected == item
      known[kind]?.files.choose(item, height: height)
      return wasFocused && wasSelected
    case .buckets:
      let wasSelected = walk?.level.position.selected == item
      walk?.choose(item, height: height)
      return wasFocused && wasSelected
    case .record: return false
    case .fields:
      let wasSelected = fields.selected == item
      fields.select(item, count: profileFields.count, height: height)
      return wasFocused && wasSelected
    case .refusals:
      let wasSelected = refusals.selected == item
      refusals.select(item, count: profileRefusals.count, height: height)
      return wasFocused && wasSelected
    }
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return }
    let height = height(of: part, context)
    switch part {
    case .sources: break
    case .files:
      known[kind]?.files.scroll(rows, height: height)
    case .buckets: walk?.scroll(rows, height: height)
    case .record: scrollRecord(rows, context)
    case .fields: fields.scroll(rows, count: profileFields.count, height: height)
    case .refusals: refusals.scroll(rows, count: profileRefusals.count, height: height)
    }
  }

  // MARK: Over sessions

  var saved: [String: JSONValue] {
    var values: [String: JSONValue] = ["source": .string(kind.rawValue)]
    for kind in SourceKind.allCases {
      guard let source = known[kind] else { continue }
      var entry: [(String, JSONValue)] = [("order", .string(source.files.order.rawValue))]
      if !source.files.filter.isEmpty { entry.append(("filter", .string(source.files.filter))) }
      if let path = source.wantedPath ?? selectedPath(of: source) {
        entry.append(("file", .string(path)))
      }
      values[kind.rawValue] = .object(entry)
    }
    if isBrowsing, let walk {
      values["buckets"] = .string(walk.level.place.text)
      values["unsigned"] = .boolean(walk.isUnsigned)
    }
    return values
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    kind = saved["source"]?.text.flatMap(SourceKind.init) ?? kind
    if let place = saved["buckets"]?.text.flatMap(BucketPlace.init) {
      var isUnsigned = false
      if case .boolean(true)? = saved["unsigned"] { isUnsigned = true }
      walk = BucketWalk(at: place, isUnsigned: isUnsigned)
      (isBrowsing, focus) = (true, .buckets)
    }
    for kind in SourceKind.allCases {
      guard let entry = saved[kind.rawValue] else { continue }
      var source = Source()
      source.files = FileList(
        order: entry["order"]?.text.flatMap(FileList.Order.init) ?? .path,
        filter: entry["filter"]?.text ?? "")
      source.wantedPath = entry["file"]?.text
      known[kind] = source
    }
  }
}

extension Movement {
  fileprivate var isBackward: Bool {
    switch self {
    case .up, .pageUp, .halfPageUp, .first: true
    case .down, .pageDown, .halfPageDown, .last: false
    }
  }

  /// The rows that a text scrolls by.
  fileprivate func rows(height: Int) -> Int {
    switch self {
    case .up: -1
    case .down: 1
    case .pageUp: -max(1, height - 1)
    case .pageDown: max(1, height - 1)
    case .halfPageUp: -max(1, height / 2)
    case .halfPageDown: max(1, height / 2)
    case .first: -1_000_000
    case .last: 1_000_000
    }
  }
}
