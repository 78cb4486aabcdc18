import Warehouse

/// A walk through buckets: the level that is shown, as far as it was listed, and the way back.
///
/// Further pages of a level are asked for when the selection comes near the end of what is there.
struct BucketWalk: Equatable, Sendable {
  /// What is known of one place.
  struct Level: Equatable, Sendable {
    let place: BucketPlace
    fileprivate(set) var entries: [BucketEntry] = []
    /// The places of those that the filter leaves.
    fileprivate(set) var shown: [Int32] = []
    /// Only names that contain this are shown.
    fileprivate(set) var filter = ""
    fileprivate(set) var totals = Totals()
    fileprivate(set) var position = ListPosition()
    /// What its next page is asked with.
    fileprivate var next: String?
    fileprivate var isListed = false
    /// So many pages more may be asked for to fill what a filter leaves.
    fileprivate var patience = BucketWalk.patience

    fileprivate init(_ place: BucketPlace) { self.place = place }

    /// Whether there is more than was listed so far.
    var hasMore: Bool { next != nil }

    /// The entry in a row.
    func entry(_ row: Int) -> BucketEntry? {
      guard shown.indices.contains(row), entries.indices.contains(Int(shown[row])) else {
        return nil
      }
      return entries[Int(shown[row])]
    }

    /// Takes in entries that follow.
    fileprivate mutating func append(_ more: [BucketEntry]) {
      let first = entries.count
      entries += more
      shown += found(from: first)
      for entry in more { totals.add(entry) }
    }

    /// Shows only what the filter leaves; what was selected stays so as long as it is shown.
    fileprivate mutating func filter(by text: String) {
      let row = position.selection(count: shown.count)
      let selected = shown.indices.contains(row) ? shown[row] : nil
      (filter, patience) = (text, BucketWalk.patience)
      shown = found(from: 0)
      let place = selected.flatMap { shown.firstIndex(of: $0) } ?? 0
      position.select(place, count: shown.count, height: 1)
    }

    private func found(from first: Int) -> [Int32] {
      (first..<entries.count).filter { contains(filter, [entries[$0].name(at: place)]) }
        .map { Int32(clamping: $0) }
    }
  }

  /// What was listed, in figures.
  struct Totals: Equatable, Sendable {
    var buckets = 0
    var folders = 0
    var objects = 0
    var bytes = 0
    /// Objects and folders that a load leaves out.
    var leftOut = 0
  }

  /// So many entries before the end the next page is asked for.
  private static let margin = 200
  /// So many pages a filter looks through by itself; whoever moves on lets it look through more.
  private static let patience = 20

  /// From the first that was looked at to the one that is shown.
  private var levels: [Level]
  /// What was asked for last, of whatever level.
  private(set) var page = Loadable<BucketPage>()
  /// Whether it looks without keys.
  private(set) var isUnsigned = false

  /// A walk that begins at a place, of which it shows what a filter leaves.
  init(at place: BucketPlace, filter: String = "", isUnsigned: Bool = false) {
    levels = [Level(place)]
    self.isUnsigned = isUnsigned
    change { $0.filter = filter }
  }

  /// The level that is shown.
  var level: Level { levels.last ?? Level(.account) }

  /// What is selected; nil when nothing is there.
  var selected: BucketEntry? {
    level.entry(level.position.selection(count: level.shown.count))
  }

  /// The selected object whose records can be shown; nil when it is none.
  var previewed: SourceObject? {
    guard case .object(let object)? = selected, object.size > 0, selected?.isLeftOut == false
    else { return nil }
    return object
  }

  // MARK: Asking

  /// The page that the level lacks; nil when it has enough.
  mutating func wanted(at moment: Duration) -> SourcesEffect? {
    guard !page.isLoading, page.error == nil else { return nil }
    let isNearEnd = level.position.selected + Self.margin >= level.shown.count
    let isPatient = level.filter.isEmpty || level.patience > 0
    guard !level.isListed || (level.hasMore && isNearEnd && isPatient) else { return nil }
    change { $0.patience -= 1 }
    return .bucketPage(
      level.place, page.begin(at: moment), after: level.next, unsigned: isUnsigned)
  }

  mutating func finish(_ id: Int, _ answer: Result<BucketPage, WarehouseError>) {
    guard page.finish(id, answer), case .success(let page) = answer else { return }
    change { level in
      level.append(page.entries)
      level.next = page.next
      level.isListed = true
    }
  }

  /// Nobody waits for the answer any more.
  mutating func abandon() { page.abandon() }

  /// Lists the level again.
  mutating func refresh() {
    change { level in
      let (selected, filter) = (level.position, level.filter)
      level = Level(level.place)
      (level.position, level.filter) = (selected, filter)
    }
    page = page.emptied
  }

  // MARK: Going

  /// Goes into what is selected; false when that cannot be gone into.
  mutating func enter() -> Bool {
    switch selected {
    case .bucket(let name)?: go(to: .folder(bucket: name, prefix: ""))
    case .folder(let address)?: go(to: BucketPlace(address) ?? .account)
    case .object?, nil: return false
    }
    return true
  }

  /// Goes to a place; the way back leads here.
  mutating func go(to place: BucketPlace) {
    levels.append(Level(place))
    page = page.emptied
  }

  /// Goes back, or one level up from where the walk began; false at the top.
  mutating func goBack() -> Bool {
    if levels.count > 1 {
      levels.removeLast()
    } else if let parent = level.place.parent {
      levels = [Level(parent)]
    } else {
      return false
    }
    page = page.emptied
    return true
  }

  /// Looks with keys where it looked without, or the other way round.
  mutating func toggleKeys() {
    isUnsigned.toggle()
    refresh()
  }

  // MARK: Selection

  mutating func move(_ movement: Movement, height: Int) {
    change {
      $0.position.move(movement, count: $0.shown.count, height: height)
      $0.patience = BucketWalk.patience
    }
  }

  /// Shows only the names of this level that contain a text. Pages that are not here yet are asked
  /// for until enough is found, up to a limit.
  mutating func filter(by text: String) { change { $0.filter(by: text) } }

  mutating func choose(_ row: Int, height: Int) {
    change { $0.position.select(row, count: $0.shown.count, height: height) }
  }

  mutating func scroll(_ rows: Int, height: Int) {
    change { $0.position.scroll(rows, count: $0.shown.count, height: height) }
  }

  private mutating func change(_ body: (inout Level) -> Void) {
    guard var last = levels.popLast() else { return }
    body(&last)
    levels.append(last)
  }
}

extension BucketWalk.Totals {
  fileprivate mutating func add(_ entry: BucketEntry) {
    switch entry {
    case .bucket: buckets += 1
    case .folder: folders += 1
    case .object(let object):
      objects += 1
      bytes += object.size
    }
    if entry.isLeftOut { leftOut += 1 }
  }

  /// The figures in words; `isPartial` when there is more that was not listed yet.
  func text(isPartial: Bool) -> String {
    var parts: [String] = []
    if buckets > 0 { parts.append(Quantity.counted(buckets, "bucket")) }
    if folders > 0 { parts.append(Quantity.counted(folders, "folder")) }
    if objects > 0 {
      parts.append(Quantity.counted(objects, "object"))
      parts.append(Quantity.bytes(bytes))
    }
    return parts.joined(separator: ", ") + (isPartial ? " so far" : "")
  }
}
