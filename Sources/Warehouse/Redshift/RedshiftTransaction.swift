extension Session {
  /// Runs `body` between BEGIN and COMMIT, and again when another transaction was in its way.
  ///
  /// Under serializable isolation Redshift ends one of two transactions whose order matters (error
  /// 1023, developer guide "Serializable isolation"); to do it again is the advice.
  func transaction<Value: Sendable>(
    attempts: Int, _ observe: @Sendable (String) -> Void,
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    var attempt = 1
    while true {
      do throws(WarehouseError) {
        return try await transaction(body)
      } catch  where error.isSerializationFailure && attempt < attempts {
        observe("another transaction was in the way (attempt \(attempt)): \(error.message)")
        try await pause(.milliseconds(200 * attempt))
        attempt += 1
      }
    }
  }

  /// Runs a statement that is a transaction of its own, and again when another one was in its way.
  @discardableResult
  func executeUntilClear(_ statement: Statement) async throws(WarehouseError) -> ResultSet {
    var attempt = 1
    while true {
      do throws(WarehouseError) {
        return try await execute(statement)
      } catch  where error.isSerializationFailure && attempt < 5 {
        try await pause(.milliseconds(200 * attempt))
        attempt += 1
      }
    }
  }
}

extension WarehouseError {
  /// Whether the server ended the transaction because of another one. Redshift says so in words,
  /// under the SQLSTATE of an internal error.
  var isSerializationFailure: Bool {
    if ["40001", "40P01"].contains(sqlState) { return true }
    let words = message + " " + (detail ?? "")
    return kind == .server
      && (message.hasPrefix("1023") || words.contains("Serializable isolation violation"))
  }
}

/// Waits; ends early when the task is cancelled.
func pause(_ duration: Duration) async throws(WarehouseError) {
  do { try await Task.sleep(for: duration) } catch { throw .cancelled }
}
