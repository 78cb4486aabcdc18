import Synchronization

/// The objects that were written for a COPY, known before they are there: so that they can be removed
/// however the stage ends.
final class WrittenObjects: Sendable {
  private let names = Mutex<[String]>([])

  /// Their keys.
  var keys: [String] { names.withLock { $0 } }

  /// To be called before the object is written: an answer that is lost leaves one all the same.
  func add(_ key: String) { names.withLock { $0.append(key) } }
}

/// The place of the files that one run's COPYs read.
struct CopyFolder: Sendable {
  /// The warehouse, so that two with one `S3.WORK` know theirs apart; nil when it has no name.
  var owner: String?
  var runID: Int
  var time: Timestamp

  private var runs: String { (owner.map { $0 + "/" } ?? "") + "run-" }
  private var own: String { runs + "\(runID)-" }

  /// What the keys begin with, below `S3.WORK`.
  var prefix: String { own + "\(time.milliseconds)/" }

  /// Removes what runs of this warehouse left that were killed: the lock says that none goes on. The
  /// other stages of this run are let alone.
  ///
  /// - Returns: a line about it; nil when there was nothing.
  func removeLeftovers(
    under work: String, in bucket: String, _ s3: S3Client, _ cancellation: Cancellation
  ) throws(WarehouseError) -> String? {
    guard owner != nil else { return nil }
    do throws(WarehouseError) {
      var keys: [String] = []
      try s3.pages(of: bucket, prefix: work + runs, cancellation) { page in
        keys += page.objects.map(\.key).filter { !$0.hasPrefix(work + own) }
      }
      guard !keys.isEmpty else { return nil }
      try s3.delete(keys, in: bucket, cancellation)
      return "removed \(keys.count) files that an earlier run left in s3://\(bucket)/\(work)"
    } catch  where error.kind != .cancelled {
      return "could not remove what an earlier run left: \(error.message)"
    }
  }
}

extension Configuration {
  /// What the warehouse's files are kept apart by: where it answers, and its database.
  var copyOwner: String? {
    guard let host = server.host else { return nil }
    let name = [host, server.port.map { "\($0)" }, server.database].compactMap { $0 }
      .joined(separator: "-")
    return String(name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }
}
