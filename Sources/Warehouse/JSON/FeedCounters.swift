import Synchronization

/// What all consumers of a feed have done together. Added to once a piece, read at any time.
final class FeedCounters: Sendable {
  private let rows = Atomic(0)
  private let bytes = Atomic(0)
  private let files = Atomic(0)
  private let rejects = Atomic(0)

  func add(rows count: Int) { rows.wrappingAdd(count, ordering: .relaxed) }

  func add(bytes count: Int, files number: Int) {
    bytes.wrappingAdd(count, ordering: .relaxed)
    files.wrappingAdd(number, ordering: .relaxed)
  }

  /// Counts a reject and returns how many there are now.
  func addReject() -> Int { rejects.wrappingAdd(1, ordering: .relaxed).newValue }

  /// How far they are, of the files in `listing`.
  func progress(of listing: ObjectListing) -> Progress {
    var progress = Progress()
    progress.rows = rows.load(ordering: .relaxed)
    progress.bytes = bytes.load(ordering: .relaxed)
    progress.totalBytes = listing.totalBytes
    progress.files = files.load(ordering: .relaxed)
    progress.totalFiles = listing.count
    progress.rejects = rejects.load(ordering: .relaxed)
    return progress
  }
}
