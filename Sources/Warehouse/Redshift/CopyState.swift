/// How far a COPY is, as another session sees it.
struct CopyState: Sendable, Equatable {
  /// How it stands.
  enum Phase: Sendable, Equatable {
    /// It goes on.
    case running
    /// Its rows are in.
    case completed
    /// None of its rows is in.
    case aborted
    /// The server knows of none.
    case unknown
  }

  var phase = Phase.unknown
  var rows = 0
  var bytes = 0
  var files = 0

  /// Asks how a COPY stands: the view of both kinds of Redshift first, then those of clusters.
  static func read(
    of copy: CopyIdentity, on session: any Session
  ) async throws(WarehouseError) -> CopyState {
    let known = copy.parameters + [.text(copy.table)]
    if let row = try await row(history, known, on: session) { return CopyState(history: row) }
    let process = [Parameter(copy.processID)]
    if let row = try await row(loadState, process, on: session), row.optional(0) != nil {
      return CopyState(loading: row)
    }
    let recent = try await row(recents, process, on: session)
    return CopyState(phase: recent?.integer(0) ?? 0 > 0 ? .running : .unknown)
  }

  /// The first row of a view; nil where there is none, and where there is no such view: older
  /// clusters lack the first one, and serverless has no other.
  private static func row(
    _ query: String, _ parameters: [Parameter], on session: any Session
  ) async throws(WarehouseError) -> [String?]? {
    do throws(WarehouseError) {
      return try await session.execute(Statement(query, parameters: parameters)).rows.first
    } catch  where error.kind == .server { return nil }
  }

  private static let history = """
    SELECT status, loaded_rows, file_bytes_scanned, file_count_scanned FROM sys_load_history
    WHERE session_id = $1 AND start_time >= CAST($2 AS TIMESTAMP) AND table_name = $3
    ORDER BY start_time DESC LIMIT 1
    """
  private static let loadState = """
    SELECT sum(lines), sum(bytes_loaded), sum(num_files_complete) FROM stv_load_state
    WHERE session = $1
    """
  private static let recents = """
    SELECT count(*) FROM stv_recents WHERE pid = $1 AND status = 'Running'
    """

  /// All that is asked, in order.
  static let queries = [history, loadState, recents]

  init(phase: Phase = .unknown, rows: Int = 0, bytes: Int = 0, files: Int = 0) {
    self.phase = phase
    self.rows = rows
    self.bytes = bytes
    self.files = files
  }

  init(history row: [String?]) {
    phase =
      switch row.text(0).trimmed {
      case "completed": .completed
      case "aborted": .aborted
      case "running": .running
      default: .unknown
      }
    (rows, bytes, files) = (row.integer(1) ?? 0, row.integer(2) ?? 0, row.integer(3) ?? 0)
  }

  init(loading row: [String?]) {
    phase = .running
    (rows, bytes, files) = (row.integer(0) ?? 0, row.integer(1) ?? 0, row.integer(2) ?? 0)
  }
}
