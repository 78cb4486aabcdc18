import Warehouse

/// What a person can do on the SQL screen.
enum SQLAction: Hashable, Sendable {
  case write, run, runAll, cancel, more, unlock, history
  case nextResult, previousResult, export
  case edit(EditAction)
  case explain, analyze, editOutside, saveQuery
}

/// What happened to it.
enum SQLMessage: Equatable, Sendable {
  /// Something came of a run, by the run's number.
  case came(Int, QueryRun.Event)
  case ended(Int, Result<QueryRun.End, WarehouseError>)
  case namesLoaded(Int, Result<CatalogNames, WarehouseError>)
  case historyLoaded([String])
  case explained(Int, Result<QueryPlan, WarehouseError>)
  /// The text as it came back from the person's own editor.
  case textEdited(String)
  /// Where the session stands that may change things.
  case transaction(OpenTransaction?)
}

/// What should be done for it; the number comes back with the answer.
enum SQLEffect: Equatable, Sendable {
  case run(Int, sql: String, access: QueryRun.Access, limit: Int)
  /// Lets so many more rows come.
  case more(Int)
  /// Wants no more rows.
  case release
  case cancel
  case explain(Int, Statement, analyze: Bool)
  case cancelPlan
  /// Ends the session at the server that reads, or the one that may change things.
  case terminate(QueryRun.Access)
  case loadNames(Int)
  case loadHistory
  case remember(String)
  /// Ends the session that may change things.
  case endWriting
}
