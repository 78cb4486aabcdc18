/// What lies in a source, in figures.
public struct SourceInventory: Sendable, Equatable {
  /// How many files there are.
  public private(set) var fileCount = 0
  /// All of them together, in bytes, as they lie in the store.
  public private(set) var totalBytes = 0
  /// The smallest and the largest file, in bytes; nil when there is none.
  public private(set) var sizes: ClosedRange<Int>?
  /// When the files were last changed: the earliest and the latest; nil when there is none.
  public private(set) var dates: ClosedRange<Timestamp>?
  /// How many files are compressed, by kind; none that is zero.
  public private(set) var compressed: [Compression: Int] = [:]
  /// Files and folders left out because their names begin with `.` or `_`.
  public private(set) var hiddenCount: Int
  /// The first few of their names.
  public private(set) var hiddenNames: [String]
  /// Files left out because their names are not those of JSON files.
  public private(set) var otherCount: Int
  /// Files and folders left out because their names are no UTF-8.
  public private(set) var undecodableCount: Int
  /// Links left out because there is nothing where they lead.
  public private(set) var brokenLinkCount: Int
  /// How many files lie in folders whose names only begin with the prefix; 0 when that is meant.
  public private(set) var siblingCount: Int
  /// The first few of those folders.
  public private(set) var siblingNames: [String]

  /// The figures of a listing.
  public init(_ listing: ObjectListing) {
    fileCount = listing.count
    totalBytes = listing.totalBytes
    hiddenCount = listing.hiddenCount
    hiddenNames = listing.hiddenNames
    otherCount = listing.otherCount
    undecodableCount = listing.undecodableCount
    brokenLinkCount = listing.brokenLinkCount
    siblingCount = listing.siblings?.count ?? 0
    siblingNames = listing.siblings?.names ?? []
    for index in listing.indices {
      let size = listing.size(at: index)
      let date = listing.modified(at: index)
      sizes = sizes.map { min($0.lowerBound, size)...max($0.upperBound, size) } ?? size...size
      dates = dates.map { min($0.lowerBound, date)...max($0.upperBound, date) } ?? date...date
      let compression = listing.compression(at: index)
      if compression != .none { compressed[compression, default: 0] += 1 }
    }
  }
}
