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
    do throws(WarehouseError) {
      let parameters = copy.parameters + [.text(copy.table)]
      let row = try await session.execute(Statement(history, parameters: parameters)).rows.first
      if let row { return CopyState(history: row) }
    } catch  where error.kind == .server {
      // An older cluster has no such view: the next one is asked.
    }
    let loading = try await session.execute(Statement(loadState, Parameter(copy.processID)))
    if let row = loading.rows.first, row.optional(0) != nil { return CopyState(loading: row) }
    let recent = try await session.execute(Statement(recents, Parameter(copy.processID)))
    return CopyState(phase: recent.rows.first?.integer(0) ?? 0 > 0 ? .running : .unknown)
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

  init(phase: Phase, rows: Int = 0, bytes: Int = 0, files: Int = 0) {
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
