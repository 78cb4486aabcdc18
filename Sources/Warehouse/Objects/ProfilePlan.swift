/// How much of a source is read for a profile.
public struct ProfileOptions: Sendable, Equatable {
  /// At most so many files.
  public var files = 2000
  /// About so many bytes.
  public var bytes = 64 << 20
  /// No longer than this: what was read until then is the sample.
  public var duration = Duration.seconds(3)
  /// Different values are counted up to so many.
  public var distinctLimit = 10_000
  /// So many parts are fetched ahead side by side, where each is waited for.
  public var readers = 1

  /// 2,000 files, 64 MiB, 3 seconds, 10,000 values.
  public init() {}
}

/// Which parts of a source are read: spread over all its files, and over each large one; always the
/// same for the same files.
struct ProfilePlan: Equatable {
  /// A part of one file.
  struct Part: Equatable {
    /// The file's place in the listing.
    var file: Int
    /// Where the part begins, in bytes; one at 0 is read as a load does.
    var offset: Int
    /// At most so many bytes; nil for the whole file.
    var length: Int?
  }

  /// Bytes of a part of a large file.
  static let window = 64 << 10

  /// The parts, scattered: when time runs out, what was read is spread as well.
  private(set) var parts: [Part] = []
  /// Whether they are all there is.
  private(set) var isWhole: Bool
  /// How many files they are of.
  private(set) var fileCount = 0

  init(_ listing: ObjectListing, _ options: ProfileOptions) {
    isWhole = listing.count <= options.files && listing.totalBytes <= options.bytes
    if isWhole {
      fileCount = listing.count
      parts = listing.indices.map { Part(file: $0, offset: 0, length: nil) }
    } else {
      let files = Self.files(of: listing, options)
      fileCount = files.count
      let total = files.reduce(0.0) { $0 + Double(listing.size(at: $1)) }
      for file in files {
        let share = Double(options.bytes) * Double(listing.size(at: file)) / max(1, total)
        parts += Self.parts(of: file, in: listing, share: Int(min(share, 1e15)))
      }
    }
    scatter()
  }

  /// One file of each of so many stretches of the listing.
  private static func files(of listing: ObjectListing, _ options: ProfileOptions) -> [Int] {
    let average = max(1, min(window, listing.totalBytes / max(1, listing.count)))
    let wanted = min(listing.count, options.files, max(16, options.bytes / average))
    guard wanted < listing.count, wanted > 0 else { return Array(listing.indices) }
    var random = SampleRandom(seed: 1, .damage, listing.count)
    return (0..<wanted).map { index in
      let start = listing.count * index / wanted
      let end = listing.count * (index + 1) / wanted
      return start + random.below(end - start)
    }
  }

  /// The parts of one file: all of a small one, the front of a compressed one, and one of each of
  /// so many stretches of a large one.
  private static func parts(of file: Int, in listing: ObjectListing, share: Int) -> [Part] {
    let size = listing.size(at: file)
    let share = max(window, share)
    if size <= max(share, 2 * window) { return [Part(file: file, offset: 0, length: nil)] }
    guard listing.compression(at: file) == .none else {
      return [Part(file: file, offset: 0, length: share)]
    }
    let count = min(256, share / window)
    let stretch = size / count
    var random = SampleRandom(seed: 2, .damage, file)
    return (0..<count).map { index in
      let offset = stretch * index + random.below(max(1, stretch - window))
      return Part(file: file, offset: offset, length: window)
    }
  }

  private mutating func scatter() {
    var random = SampleRandom(seed: 3, .damage, parts.count)
    for index in parts.indices.reversed() { parts.swapAt(index, random.below(index + 1)) }
  }
}
