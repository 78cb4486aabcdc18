import Testing

@testable import Warehouse

/// Waits until `condition` holds, and fails the test when it does not within `limit`.
func eventually(
  _ what: Comment, within limit: Duration = .seconds(120),
  sourceLocation: Testing.SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record("did not happen: \(what)", sourceLocation: sourceLocation)
      throw WarehouseError(.system, "did not happen: \(what)")
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// The error that `body` throws; the test fails when it throws none.
func failure<Value>(
  sourceLocation: Testing.SourceLocation = #_sourceLocation,
  of body: () async throws(WarehouseError) -> Value
) async throws -> WarehouseError {
  do throws(WarehouseError) {
    _ = try await body()
  } catch {
    return error
  }
  Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  throw WarehouseError(.system, "nothing was thrown")
}
