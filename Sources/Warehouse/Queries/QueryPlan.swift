/// How a server would run a statement, or did: what EXPLAIN answers.
public struct QueryPlan: Sendable, Equatable {
  /// One step, with the steps that it takes its rows from.
  public struct Node: Sendable, Equatable {
    /// What it does: "Hash Join", "Seq Scan on songplays".
    public var title: String
    /// Conditions, keys and the like: label and value.
    public var details: [Detail]
    /// The planner's cost up to its last row, those below included; in its own unit.
    public var cost: Double
    /// The rows that the planner expects.
    public var expectedRows: Double
    /// The rows that came, in all loops; nil when it did not run.
    public var actualRows: Double?
    /// The time up to its last row in all loops, those below included; nil when it did not run.
    public var milliseconds: Double?
    /// Where its rows come from.
    public var children: [Node]

    /// What it takes itself, without the steps below: time when it ran, cost otherwise.
    public var ownShare: Double {
      let whole = milliseconds ?? cost
      return max(0, whole - children.reduce(0) { $0 + ($1.milliseconds ?? $1.cost) })
    }
  }

  /// Something that the server says of a step.
  public struct Detail: Sendable, Equatable {
    /// "Filter", "Hash Cond".
    public var label: String
    /// The server's own words.
    public var value: String
  }

  /// The last step.
  public var root: Node
  /// How long the server planned; nil when it did not say.
  public var planningMilliseconds: Double?
  /// How long it ran; nil when it did not.
  public var runningMilliseconds: Double?

  /// Asks the server how it would run a statement, in a read-only transaction.
  ///
  /// - Parameter analyze: runs it too, and tells what was.
  public static func explain(
    _ statement: Statement, analyze: Bool, on session: PostgresSession
  ) async throws(WarehouseError) -> QueryPlan {
    let engine = await session.engine
    if engine == .redshift, analyze {
      throw WarehouseError(
        .usage, "could not measure the steps of a plan", detail: "Redshift runs nothing for a plan",
        hint: "Show the plan without times.")
    }
    let prefix =
      switch engine {
      case .postgres: "EXPLAIN (\(analyze ? "ANALYZE, FORMAT JSON" : "FORMAT JSON")) "
      case .redshift: "EXPLAIN "
      }
    do throws(WarehouseError) {
      try await ReadOnlyTransaction.begin(on: session)
      let explain = Statement(prefix + statement.sql, parameters: statement.parameters)
      let result = try await session.execute(explain)
      await ReadOnlyTransaction.end(on: session)
      let lines = result.rows.compactMap { $0.first ?? nil }
      return switch engine {
      case .postgres: try QueryPlan(json: lines.joined())
      case .redshift: try QueryPlan(redshift: lines)
      }
    } catch {
      await ReadOnlyTransaction.end(on: session)
      var refusal = error
      refusal.position = error.position.map { max(1, $0 - prefix.count) }
      throw statement.explained(refusal)
    }
  }

  /// Reads what `EXPLAIN (FORMAT JSON)` answers (PostgreSQL documentation, "EXPLAIN").
  ///
  /// - Throws: `.server` when it is something else.
  public init(json: String) throws(WarehouseError) {
    guard let document = JSONValue(parsing: Array(json.utf8), deepest: 1000),
      let top = document.elements?.first,
      let plan = top["Plan"]
    else {
      throw WarehouseError(
        .server, "could not read the plan", detail: String(json.prefix(200)),
        hint: "Run EXPLAIN by itself to see the server's words.")
    }
    root = Node(plan, depth: 0)
    planningMilliseconds = top["Planning Time"]?.real
    runningMilliseconds = top["Execution Time"]?.real
  }
}

extension QueryPlan.Node {
  private static let shown = [
    "Filter", "Join Filter", "Hash Cond", "Merge Cond", "Index Cond", "Recheck Cond", "Sort Key",
    "Group Key", "Rows Removed by Filter", "Sort Method", "Strategy", "Workers Planned",
  ]

  /// - Parameter workers: the processes that do it side by side, below a step that gathers them. The
  ///   server counts the loops of all of them, and the time of each loop.
  fileprivate init(_ plan: JSONValue, depth: Int, workers: Double = 1) {
    var title = plan["Node Type"]?.text ?? "?"
    if let join = plan["Join Type"]?.text, join != "Inner" { title += " (\(join))" }
    if let index = plan["Index Name"]?.text { title += " by \(index)" }
    if let table = plan["Relation Name"]?.text { title += " on \(table)" }
    if let name = plan["CTE Name"]?.text { title += " \(name)" }
    let loops = plan["Actual Loops"]?.real ?? 1
    // A plan that is nested deeper than any real one is cut: reading it must not exhaust the stack.
    let below = depth < 200 ? plan["Plans"]?.elements ?? [] : []
    let launched = plan["Workers Launched"]?.real.map { $0 + 1 } ?? workers
    // Of a part that few of them reached no less than one loop counts.
    let turns = loops > 0 ? max(1, loops / workers) : 0
    self.init(
      title: title,
      details: Self.shown.compactMap { label in
        plan[label].map { QueryPlan.Detail(label: label, value: $0.words) }
      },
      cost: plan["Total Cost"]?.real ?? 0, expectedRows: plan["Plan Rows"]?.real ?? 0,
      actualRows: plan["Actual Rows"]?.real.map { $0 * loops },
      milliseconds: plan["Actual Total Time"]?.real.map { $0 * turns },
      children: below.map { Self($0, depth: depth + 1, workers: launched) })
  }
}

extension JSONValue {
  /// In words for people.
  fileprivate var words: String {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "yes" : "no"
    case .integer(let number): String(number)
    case .real(let number): Int(exactly: number).map(String.init) ?? String(number)
    case .string(let text), .literal(let text): text
    case .array(let elements): elements.map(\.words).joined(separator: ", ")
    case .object(let members):
      members.sorted { $0.0 < $1.0 }.map { "\($0.0) \($0.1.words)" }.joined(separator: ", ")
    }
  }
}
