import Warehouse

/// The preview of one file's records: a page of them, and the one that is shown.
struct RecordView: Equatable, Sendable {
  /// The file that they are of; nil before any was asked for.
  private(set) var object: SourceObject?
  private(set) var page = Loadable<RecordPage>()
  /// The shown record's number in the file, from 0.
  private(set) var index = 0
  /// The topmost line.
  var top = 0

  /// The shown record; nil while it is not there.
  var record: SampledRecord? {
    guard let page = page.value else { return nil }
    let place = index - page.skipped
    return page.records.indices.contains(place) ? page.records[place] : nil
  }

  /// Begins with a file's first record. Returns the number for the answer.
  mutating func open(_ object: SourceObject, at moment: Duration) -> Int {
    self.object = object
    (index, top) = (0, 0)
    page = page.emptied
    return page.begin(at: moment)
  }

  /// Forgets the file.
  mutating func close() {
    object = nil
    page = page.emptied
  }

  mutating func finish(_ id: Int, _ answer: Result<RecordPage, WarehouseError>) {
    page.finish(id, answer)
    // The file may have become shorter.
    if let value = page.value, record == nil, !page.isLoading {
      index = max(0, value.skipped + value.records.count - 1)
    }
  }

  /// Goes to the record after or before. Returns what must be read for that: the number for the
  /// answer, and how many records stand before.
  mutating func step(_ step: Int, at moment: Duration) -> (id: Int, skipped: Int)? {
    guard canStep(step), let page = page.value else { return nil }
    index += step
    top = 0
    if record != nil { return nil }
    let skipped = step > 0 ? index : max(0, page.skipped - SourcesScreen.pageLength)
    return (self.page.begin(at: moment), skipped)
  }

  /// Whether there is a record after or before.
  func canStep(_ step: Int) -> Bool {
    guard let page = page.value, record != nil else { return false }
    if step < 0 { return index > 0 }
    return index + 1 < page.skipped + page.records.count || page.hasMore
  }

  /// Nobody waits for the answer any more.
  mutating func abandon() {
    if page.isLoading { close() }
  }
}
