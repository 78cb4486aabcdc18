/// How far a stage is. A total that is not known is nil, never invented.
public struct Progress: Sendable, Equatable {
  /// Rows stored so far.
  public var rows: Int = 0
  /// Bytes of the source read so far, as they lie on the disk (compressed ones count compressed).
  public var bytes: Int = 0
  /// Bytes of the source in all.
  public var totalBytes: Int?
  /// Files finished so far.
  public var files: Int = 0
  /// Files in all.
  public var totalFiles: Int?
  /// Records that could not be stored so far.
  public var rejects: Int = 0
  /// Since the stage began.
  public var elapsed: Duration = .zero

  /// No progress yet.
  public init() {}

  /// The part that is done, from 0 to 1; nil when there is no total.
  public var fraction: Double? {
    if let totalBytes, totalBytes > 0 { return min(1, Double(bytes) / Double(totalBytes)) }
    if let totalFiles, totalFiles > 0 { return min(1, Double(files) / Double(totalFiles)) }
    return nil
  }

  /// The time left if it goes on as it went; nil when that cannot be told yet.
  public var remaining: Duration? {
    guard let fraction, fraction > 0.01, elapsed > .milliseconds(500) else { return nil }
    return elapsed * ((1 - fraction) / fraction)
  }
}

/// A record that could not be stored.
public struct Reject: Sendable, Equatable {
  /// The file, as listed.
  public var file: String
  /// The line on which the record begins, from 1.
  public var line: Int
  /// The byte at which it begins, from 0; for a compressed file, of its content. Nil when it is not
  /// known: COPY tells lines alone.
  public var byteOffset: Int?
  /// The column whose value was refused; nil when it is the record itself.
  public var column: String?
  /// Why, in one line.
  public var reason: String
  /// The record as it stands, invalid UTF-8 made visible, cut at `Reject.rawTextLimit` bytes.
  public var rawText: String
  /// Whether `rawText` was cut.
  public var isCut: Bool

  /// At most this many bytes of a reject's text are kept.
  public static let rawTextLimit = 4096

  /// A reject.
  public init(
    file: String, line: Int, byteOffset: Int?, column: String?, reason: String, rawText: String,
    isCut: Bool
  ) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
    self.column = column
    self.reason = reason
    self.rawText = rawText
    self.isCut = isCut
  }
}

/// What a check found.
public struct CheckResult: Sendable, Equatable {
  /// How it ended.
  public enum Verdict: String, Sendable {
    /// As it should be.
    case passed
    /// Worth knowing; does not stop the run.
    case noted
    /// Must not be published.
    case failed
  }

  /// The name that people type: `songplays-song-orphans`.
  public var name: String
  /// What was checked, as a sentence.
  public var title: String
  /// How it ended.
  public var verdict: Verdict
  /// The rows that offend, or the count that was taken.
  public var count: Int
  /// One line of explanation.
  public var detail: String
  /// The query that shows the offending rows; nil when there are none to show.
  public var offendingRowsSQL: String?

  /// A result.
  public init(
    name: String, title: String, verdict: Verdict, count: Int, detail: String,
    offendingRowsSQL: String?
  ) {
    self.name = name
    self.title = title
    self.verdict = verdict
    self.count = count
    self.detail = detail
    self.offendingRowsSQL = offendingRowsSQL
  }
}

/// What a stage came to.
public struct StageSummary: Sendable, Equatable {
  /// Rows stored; nil when the stage stores none.
  public var rows: Int?
  /// Bytes read; nil when the stage reads no files.
  public var bytes: Int?
  /// Records that could not be stored.
  public var rejects: Int
  /// How long it took.
  public var duration: Duration
  /// One line for people: "7 tables".
  public var note: String

  /// A summary.
  public init(
    rows: Int? = nil, bytes: Int? = nil, rejects: Int = 0, duration: Duration = .zero,
    note: String = ""
  ) {
    self.rows = rows
    self.bytes = bytes
    self.rejects = rejects
    self.duration = duration
    self.note = note
  }
}

/// How a run ended.
public enum RunOutcome: Sendable, Equatable {
  /// Every stage that was asked for is done.
  case succeeded
  /// A stage failed; those after it did not run.
  case failed(StageID?, WarehouseError)
  /// Somebody asked for it to stop.
  case cancelled
}

/// What a run reports, in order. Started, finished and failed are never dropped; progress is
/// throttled where it is made.
public enum PipelineEvent: Sendable, Equatable {
  /// The run has its number and its stages, in order.
  case runStarted(id: Int, stages: [StageID], at: Timestamp)
  /// A stage began.
  case stageStarted(StageID, at: Timestamp)
  /// How far it is.
  case stageProgressed(StageID, Progress)
  /// Something worth a line.
  case logged(StageID?, String, at: Timestamp)
  /// A record could not be stored. Only the first ones of a stage are told one by one; a line says
  /// how many more there were.
  case rejected(StageID, Reject)
  /// A check has its result.
  case checked(CheckResult)
  /// A stage is done.
  case stageFinished(StageID, StageSummary)
  /// A stage failed, or was cancelled (kind `.cancelled`).
  case stageFailed(StageID, WarehouseError, after: Duration)
  /// The run is over.
  case runFinished(id: Int, RunOutcome, after: Duration)
}

/// Hears what a run reports. Called from any thread: be quick.
public typealias PipelineObserver = @Sendable (PipelineEvent) -> Void
