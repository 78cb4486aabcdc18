import Warehouse

/// What the screens that run an analyst's SQL ask of the warehouse. Every call has a session of its
/// own, so that neither a load nor another result makes it wait; cancelling the task stops the
/// server, and the call returns once it has stopped.
protocol QueriesService: Sendable {
  /// Runs statements. The rows of the last one come as `gate` lets them through; `receive` is
  /// called on the session's thread.
  func runQuery(
    _ run: QueryRun, for owner: QueryOwner, gate: RowGate,
    receive: @escaping @Sendable (QueryRun.Event) -> Void
  ) async throws(WarehouseError) -> QueryRun.End

  /// How the server would run a statement; with `analyze` it runs it, and tells what was.
  func explain(
    _ statement: Statement, analyze: Bool, for owner: QueryOwner
  ) async throws(WarehouseError) -> QueryPlan

  /// Ends the sessions of one owner's queries at the server, for one that does not answer a cancel.
  func terminateQueries(of owner: QueryOwner) async throws(WarehouseError)

  /// The saved queries, read anew.
  func savedQueries() async -> QueryListing

  /// Writes a new query beside the nearest ones.
  ///
  /// - Returns: the path of the file.
  /// - Throws: `.usage` when its header cannot be read, or there is such a file already.
  func createQuery(_ name: String, _ text: String) async throws(WarehouseError) -> String

  /// Copies the file of a saved query to a new name beside the nearest ones.
  ///
  /// - Returns: the path of the file.
  func copyQuery(_ name: String, to copy: String) async throws(WarehouseError) -> String
}

/// Whose a query is: each ends its own alone.
enum QueryOwner: Hashable, Sendable {
  /// Results and plans of the Queries screen.
  case queries
  /// What the SQL screen reads.
  case sql
  /// What the SQL screen may change things with, on a session of its own.
  case changes
  case tables
  /// The rows of a check.
  case checks
  case export
}

/// The saved queries that there are.
struct QueryListing: Equatable, Sendable {
  /// Those that could be read, in the order of their groups and titles.
  var queries: [SavedQuery]
  /// Files whose header is wrong: name, and why.
  var problems: [Problem]
  /// Where each lies, by its name.
  var paths: [String: String] = [:]
  /// Where new ones go; nil when there is no folder.
  var folder: String?

  /// A file that could not be read.
  struct Problem: Equatable, Sendable {
    var name: String
    var error: WarehouseError
  }
}
