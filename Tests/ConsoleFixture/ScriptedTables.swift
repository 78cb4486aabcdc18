#if DEBUG
  @testable import Console
  @testable import Warehouse

  /// A star that is made up: plays by number, and a few tables around them.
  enum ScriptedTables {
    static let playCount = 1_702_118

    static let list: [TableSummary] = [
      summary("artists", .exact(31_207)), summary("songplays", .estimate(playCount)),
      summary("songs", .exact(100_000)), summary("staging_events", .estimate(2_000_000)),
      summary("time", .estimate(1_498_233)), summary("users", .exact(9_873)),
      TableSummary(
        name: TableName("sparkify_ops", "runs"), kind: .table, rows: .exact(14), bytes: 8192),
    ]

    private static func summary(_ name: String, _ rows: TableSummary.Count) -> TableSummary {
      TableSummary(
        name: TableName("sparkify", name), kind: .table, rows: rows, bytes: 12_345_678)
    }

    static func table(_ summary: TableSummary) -> BrowsedTable {
      BrowsedTable(
        summary: summary,
        columns: [
          TableColumn(name: "songplay_id", type: "bigint", kind: .integer, isNullable: false),
          TableColumn(
            name: "start_time", type: "timestamp without time zone", kind: .timestamp,
            isNullable: false),
          TableColumn(name: "user_id", type: "integer", kind: .integer, isNullable: true),
          TableColumn(
            name: "level", type: "character varying(16)", kind: .text, isNullable: true),
          TableColumn(
            name: "song_id", type: "character varying(32)", kind: .text, isNullable: true),
        ], identity: .key([0]),
        links: [
          TableLink(
            table: summary.name, column: "user_id", target: TableName("sparkify", "users"),
            targetColumn: "user_id")
        ],
        backLinks: [])
    }

    private static func row(_ number: Int) -> [String?] {
      [
        "\(number)", "2018-11-01 21:\((number / 60 % 60).padded(2)):\((number % 60).padded(2)).796",
        "\(number * 7 % 97)", number.isMultiple(of: 5) ? "" : "free",
        number.isMultiple(of: 3) ? "SOABC\(number)" : nil,
      ]
    }

    static func answer(_ question: TablesQuestion) throws(WarehouseError) -> TablesAnswer {
      switch question {
      case .list: return .list(list)
      case .open(let summary, let order, let filters):
        let query = BrowseQuery(table(summary), order: order, filters: filters)
        return .opened(query, page(.first))
      case .page(_, let start): return .page(page(start))
      case .count: return .count(playCount)
      case .sortCost: return .sortCost(SortCost(isIndexed: true, cost: 10))
      case .origin:
        return .origin(
          PlayOrigin(
            event: [(name: "song", value: "Setanta matins")],
            path: "log_data/2018/11/2018-11-01-events.json", line: 7, deliveries: 1))
      case .attributes, .breakdown, .profile:
        throw WarehouseError(.server, "the scripted warehouse does not know")
      }
    }

    private static func page(_ start: PageStart) -> BrowsePage {
      let limit = TablesQuestion.pageLimit
      let first: Int
      switch start {
      case .first: first = 1
      case .last: first = playCount - limit + 1
      case .after(let position): first = number(position) + 1
      case .before(let position): first = max(1, number(position) - limit)
      case .fraction(let share): first = Int(Double(playCount) * share)
      case .value(let value): first = Int(value) ?? 1
      }
      var end = min(first + limit, playCount + 1)
      if case .before(let position) = start { end = number(position) }
      let isBackward: Bool
      switch start {
      case .last, .before: isBackward = true
      case .first, .after, .fraction, .value: isBackward = false
      }
      return BrowsePage(
        rows: (first..<max(first, end)).map(row),
        hasMore: isBackward ? first > 1 : end <= playCount,
        fraction: Double(first - 1) / Double(playCount))
    }

    private static func number(_ position: RowPosition) -> Int {
      position.values.last.flatMap { $0 }.flatMap { Int($0) } ?? 0
    }
  }

  extension ScriptedService {
    func answer(
      _ question: TablesQuestion, on channel: TablesChannel
    ) async throws(WarehouseError) -> TablesAnswer {
      if script.isUnreachable { throw Self.refused }
      return try ScriptedTables.answer(question)
    }
  }
#endif
