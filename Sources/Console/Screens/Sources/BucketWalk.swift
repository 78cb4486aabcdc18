import Warehouse

/// A walk through buckets: the level that is shown, as far as it was listed, and the way back.
///
/// Further pages of a level are asked for when the selection comes near the end of what is there.
struct BucketWalk: Equatable, Sendable {
  /// What is known of one place.
  struct Level: Equatable, Sendable {
    let place: BucketPlace
    fileprivate(set) var entries: [BucketEntry] = []
    fileprivate(set) var totals = Totals()
    fileprivate(set) var position = ListPosition()
    /// What its next page is asked with.
    fileprivate var next: String?
    fileprivate var isListed = false

    fileprivate init(_ place: BucketPlace) { self.place = place }

    /// Whether there is more than was listed so far.
    var hasMore: Bool { next != nil }
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

  /// From the first that was looked at to the one that is shown.
  private var levels: [Level]
  /// What was asked for last, of whatever level.
  private(set) var page = Loadable<BucketPage>()
  /// Whether it looks without keys.
  private(set) var isUnsigned = false

  /// A walk that begins at a place.
  init(at place: BucketPlace, isUnsigned: Bool = false) {
    levels = [Level(place)]
    self.isUnsigned = isUnsigned
  }

  /// The level that is shown.
  var level: Level { levels.last ?? Level(.account) }

  /// What is selected; nil when nothing is there.
  var selected: BucketEntry? {
    let index = level.position.selection(count: level.entries.count)
    return level.entries.indices.contains(index) ? level.entries[index] : nil
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
    let isNearEnd = level.position.selected + Self.margin >= level.entries.count
    guard !level.isListed || (level.hasMore && isNearEnd) else { return nil }
    return .bucketPage(
      level.place, page.begin(at: moment), after: level.next, unsigned: isUnsigned)
  }

  mutating func finish(_ id: Int, _ answer: Result<BucketPage, WarehouseError>) {
    guard page.finish(id, answer), case .success(let page) = answer else { return }
    change { level in
      level.entries += page.entries
      level.next = page.next
      level.isListed = true
      for entry in page.entries { level.totals.add(entry) }
    }
  }

  /// Nobody waits for the answer any more.
  mutating func abandon() { page.abandon() }

  /// Lists the level again.
  mutating func refresh() {
    change { level in
      let selected = level.position
      level = Level(level.place)
      level.position = selected
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
    change { $0.position.move(movement, count: $0.entries.count, height: height) }
  }

  mutating func choose(_ row: Int, height: Int) {
    change { $0.position.select(row, count: $0.entries.count, height: height) }
  }

  mutating func scroll(_ rows: Int, height: Int) {
    change { $0.position.scroll(rows, count: $0.entries.count, height: height) }
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
