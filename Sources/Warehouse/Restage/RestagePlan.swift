import Glibc

/// How the files of a listing are shared out: what one thread reads at a time, and how large the
/// portions are in which records go into the output.
///
/// It follows from the listing and the machine alone: the same files give the same output, however
/// fast they are read.
struct RestagePlan: Sendable, Equatable {
  /// The first file of each unit: files that are read one after the other, by one thread.
  private(set) var unitStarts: [Int32] = []
  /// About this many bytes of records go into one output file before the next one has its turn.
  let chunkBytes: Int
  /// So many bytes go into one output file before another takes its place among those that are
  /// written at the time: a compressor is fastest while the processor's cache holds its tables.
  let runBytes: Int
  /// How many files are written at a time: as many as there are processors, or all of them where
  /// writing means waiting for a far store.
  let writerCount: Int
  let fileCount: Int
  private let listingCount: Int

  /// A plan for `fileCount` output files.
  init(
    _ listing: ObjectListing, fileCount: Int, isFar: Bool = false,
    processors: Int = sysconf(Int32(_SC_NPROCESSORS_ONLN))
  ) {
    self.fileCount = max(1, fileCount)
    writerCount = isFar ? self.fileCount : min(max(1, processors), self.fileCount)
    listingCount = listing.count
    // Small enough that the files come out equal, and that what waits for its turn stays small.
    let largest = min(512 << 10, (8 << 20) / self.fileCount)
    chunkBytes = min(largest, max(1 << 10, listing.totalBytes / (self.fileCount * 32)))
    runBytes = max(chunkBytes, min(8 << 20, listing.totalBytes / (self.fileCount * 32)))
    var bytes = chunkBytes
    for index in 0..<listing.count {
      if bytes >= chunkBytes {
        unitStarts.append(Int32(clamping: index))
        bytes = 0
      }
      bytes += max(1, listing.size(at: index))
    }
  }

  /// The files of a unit, by their places in the listing; nil beyond the last one.
  func files(of unit: Int) -> Range<Int>? {
    guard unit < unitStarts.count else { return nil }
    let end = unit + 1 < unitStarts.count ? Int(unitStarts[unit + 1]) : listingCount
    return Int(unitStarts[unit])..<end
  }
}
