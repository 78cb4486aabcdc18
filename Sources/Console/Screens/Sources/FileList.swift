import Warehouse

/// The files of a listing in the order in which they are shown, those that the filter leaves.
///
/// Only numbers are kept: a hundred thousand of them are 400 kB.
struct FileList: Equatable, Sendable {
  /// What files are sorted by.
  enum Order: String, CaseIterable, Sendable {
    case path, size, date

    /// The one after it.
    var next: Order {
      switch self {
      case .path: .size
      case .size: .date
      case .date: .path
      }
    }
  }

  private(set) var order = Order.path
  private(set) var filter = ""
  /// The files' places in the listing.
  private(set) var places: [Int32] = []
  private(set) var position = ListPosition()

  /// Shows a listing: the file at `path`, else the one that was selected, stays selected.
  mutating func show(_ listing: SourceListing, selecting place: Int32?) {
    let all = (0..<Int32(clamping: listing.files.count)).map { $0 }
    arrange(among: all, of: listing, selecting: place)
  }

  /// Sorts.
  mutating func sort(by order: Order, _ listing: SourceListing) {
    self.order = order
    arrange(among: places, of: listing, selecting: selected)
  }

  /// Filters. What goes on from the last filter is looked for in what that one left.
  mutating func filter(by text: String, _ listing: SourceListing?) {
    let narrows = text.hasPrefix(filter)
    let kept = selected
    filter = text
    guard let listing else { return }
    if narrows {
      places = found(among: places, in: listing)
      select(kept)
    } else {
      show(listing, selecting: kept)
    }
  }

  /// Moves the selection.
  mutating func move(_ movement: Movement, height: Int) {
    position.move(movement, count: places.count, height: height)
  }

  /// Selects the file in a row.
  mutating func choose(_ row: Int, height: Int) {
    position.select(row, count: places.count, height: height)
  }

  /// Scrolls below the pointer.
  mutating func scroll(_ rows: Int, height: Int) {
    position.scroll(rows, count: places.count, height: height)
  }

  /// The selected file's place in the listing; nil when there is none.
  var selected: Int32? {
    let index = position.selection(count: places.count)
    return places.indices.contains(index) ? places[index] : nil
  }

  private mutating func arrange(
    among candidates: [Int32], of listing: SourceListing, selecting place: Int32?
  ) {
    places = found(among: candidates, in: listing)
    let files = listing.files
    switch order {
    case .path: places.sort()
    case .size:
      places.sort { (files.size(at: Int($1)), $0) < (files.size(at: Int($0)), $1) }
    case .date:
      places.sort { (files.modified(at: Int($1)), $0) < (files.modified(at: Int($0)), $1) }
    }
    select(place)
  }

  private func found(among candidates: [Int32], in listing: SourceListing) -> [Int32] {
    listing.files.indexes(
      containing: filter, among: candidates, ignoringFirst: listing.rootLength)
  }

  /// A list that is to be shown so.
  init(order: Order = .path, filter: String = "") {
    self.order = order
    self.filter = filter
  }

  private mutating func select(_ place: Int32?) {
    let index = place.flatMap { places.firstIndex(of: $0) } ?? 0
    position.select(index, count: places.count, height: 1)
  }
}
