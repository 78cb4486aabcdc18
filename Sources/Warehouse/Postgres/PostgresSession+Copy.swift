import CLibPQ

extension PostgresSession {
  /// Runs a `COPY … FROM STDIN` with the bytes that `source` gives, on the session's own thread.
  ///
  /// While it runs, the server sends nothing but errors (`client_min_messages`), as libpq reads
  /// nothing during a COPY: whatever arrives then means that going on is of no use.
  /// - Returns: the rows that the server stored.
  /// - Throws: what `source` threw; the server's error; `.cancelled`. No row is kept then.
  public func copy(
    _ sql: String, from source: some CopySource
  ) async throws(WarehouseError) -> Int {
    try await run(sql, [], rows: { $0 }) { ticket throws(WarehouseError) in
      let previous = try silenceNotices()
      let timeout = connection.userTimeout
      connection.userTimeout = timeout.map { $0 == 0 ? 0 : max($0, Self.copyTimeout) }
      let outcome = Result { () throws(WarehouseError) in
        try transfer(sql, from: source, ticket)
      }
      connection.userTimeout = timeout
      canceller.end(ticket)
      try restoreNotices(previous)
      return try outcome.get()
    }
  }

  /// In milliseconds: the timeout counts on while a server that is alive takes nothing, as one that
  /// waits for its disk or for a lock does. That may take its time.
  private static let copyTimeout: Int32 = 300_000

  private func transfer(
    _ sql: String, from source: some CopySource, _ ticket: Canceller.Ticket
  ) throws(WarehouseError) -> Int {
    guard PQsendQueryParams(connection.raw, sql, 0, nil, nil, nil, nil, 0) == 1 else {
      throw sendFailure()
    }
    var failure: WarehouseError?
    var rows: Int?
    var isCopy = false
    while let result = connection.nextResult() {
      switch result.status {
      case PGRES_COPY_IN where !isCopy:
        isCopy = true
        failure = send(source, ticket)
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        failure = leaveCopy(result.status, ticket)
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE:
        rows = result.affectedRows
      default:
        failure = failure ?? result.error
      }
    }
    guard connection.isOpen else { throw connection.lost(failure) }
    if let failure { throw failure }
    guard isCopy else {
      throw WarehouseError(.server, "could not copy: the statement is no COPY … FROM STDIN")
    }
    return rows ?? 0
  }

  /// Sends all that the source gives.
  ///
  /// - Returns: why the COPY was ended early on this side; nil when it was not, or when the server
  ///   has the reason.
  private func send(_ source: some CopySource, _ ticket: Canceller.Ticket) -> WarehouseError? {
    var buffer: [UInt8] = []
    var isMore = true
    while isMore {
      buffer.removeAll(keepingCapacity: true)
      do throws(WarehouseError) {
        if canceller.isCancelled(ticket) { throw .cancelled }
        isMore = try source.fill(&buffer)
      } catch {
        PQputCopyEnd(connection.raw, "stopped by the client")
        return error
      }
      guard put(buffer) else {
        PQputCopyEnd(connection.raw, "interrupted")
        return nil
      }
    }
    PQputCopyEnd(connection.raw, nil)
    return nil
  }

  /// Sends bytes, waiting as long as the server does not take them.
  ///
  /// In pieces that fit into a socket that takes any at all: when libpq cannot send all of a piece
  /// it reads meanwhile, and what it has read of the server's refusal nobody hears of.
  ///
  /// - Returns: `false` when the server has spoken up or is gone.
  private func put(_ buffer: [UInt8]) -> Bool {
    buffer.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(16 << 10))
        let start = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard connection.waitForRoom(),
          PQputCopyData(connection.raw, start, Int32(piece.count)) == 1
        else { return false }
        rest = rest.dropFirst(piece.count)
      }
      return true
    }
  }

  /// - Returns: the setting as it was; nil on Redshift, which is left alone.
  private func silenceNotices() throws(WarehouseError) -> String? {
    guard engine == .postgres else { return nil }
    let rows = try connection.run(
      script: """
        SELECT current_setting('client_min_messages'),
          set_config('client_min_messages', 'error', false)
        """)
    return rows.first.flatMap { $0.first ?? nil }
  }

  /// In a failed transaction nothing can be set, and nothing need be: rolling back restores it.
  private func restoreNotices(_ previous: String?) throws(WarehouseError) {
    guard let previous, [.idle, .inTransaction].contains(connection.transactionStatus) else {
      return
    }
    try connection.run(script: "SET client_min_messages = \(Identifier(previous).sql)")
  }
}
