import Warehouse

/// What a person can do on the Queries screen.
enum QueriesAction: Hashable, Sendable {
  case run, cancel, terminate, fetchMore
  case explain, analyze, showSQL
  case edit, saveCopy, export, reload
}

/// Answers for the Queries screen; the number is that of what was asked.
enum QueriesMessage: Equatable, Sendable {
  case listed(Int, QueryListing)
  case event(Int, QueryRun.Event)
  case ended(Int, Result<QueryRun.End, WarehouseError>)
  case explained(Int, Result<QueryPlan, WarehouseError>)
  case copied(Result<String, WarehouseError>)
  case created(Result<String, WarehouseError>)
}

/// What the Queries screen asks for; the number comes back with the answer.
enum QueriesEffect: Equatable, Sendable {
  case list(Int)
  case run(Int, QueryRun, limit: Int)
  case fetchMore(Int)
  /// Wants no more rows.
  case release
  case cancel
  case cancelPlan
  case terminate
  case explain(Int, Statement, analyze: Bool)
  case copy(String, to: String)
  /// Writes a new query of this name and text.
  case create(String, text: String)
}
