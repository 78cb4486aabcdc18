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
        backLinks: summary.name.table.name == "users" ? backLinks : [])
    }

    private static let backLinks = ["songplays", "staging_events"].map { name in
      TableLink(
        table: TableName("sparkify", name), column: "user_id",
        target: TableName("sparkify", "users"), targetColumn: "user_id")
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
      // The primary key has an index, as columns of text have here.
      case .sortCost(let query):
        let place = query.order?.column ?? 0
        let isCheap = query.table.columns[place].kind != .timestamp
        return .sortCost(SortCost(isCheap: isCheap, cost: isCheap ? 10 : 84_211))
      case .origin:
        return .origin(
          PlayOrigin(
            event: [(name: "song", value: "Setanta matins")],
            path: "log_data/2018/11/2018-11-01-events.json", line: 7, deliveries: 2))
      case .attributes(let table): return .attributes(attributes(of: table))
      case .breakdown(_, let measure, let attribute):
        return .breakdown(breakdown(measure, attribute))
      case .profile(let query, let column): return .profile(profile(column, query))
      }
    }

    private static func attributes(of table: BrowsedTable) -> [BreakdownAttribute] {
      let linked = table.links.flatMap { link in
        ["first_name", "gender", "level"].map { BreakdownAttribute(link: link, column: $0) }
      }
      return linked + [BreakdownAttribute(link: nil, column: "level")]
    }

    private static func breakdown(
      _ measure: BreakdownMeasure, _ attribute: BreakdownAttribute
    ) -> ResultSet {
      let values: [(String?, Int)] = [("F", 1_002_431), ("M", 660_119), (nil, 39_568)]
      let heads = [ResultColumn(name: attribute.column, kind: .text)]
      guard measure == .rows else {
        return ResultSet(
          columns: heads + [measure.title, "rows"].map { ResultColumn(name: $0, kind: .integer) },
          rows: values.map { [$0.0, "\($0.1 / 173)", "\($0.1)"] })
      }
      return ResultSet(
        columns: heads + [
          ResultColumn(name: "rows", kind: .integer), ResultColumn(name: "percent", kind: .number),
        ], rows: zip(values, ["58.89", "38.78", "2.32"]).map { [$0.0, "\($0.1)", $1] })
    }

    private static func profile(_ column: TableColumn, _ query: BrowseQuery) -> ColumnProfile {
      guard column.kind.isNumeric else {
        return ColumnProfile(
          column: column, rows: playCount, isSample: false, nulls: 0, distinct: 2, least: "",
          greatest: "free",
          top: [.init(value: "free", count: 1_361_694), .init(value: "", count: 340_424)])
      }
      return ColumnProfile(
        column: column, rows: 400_000, isSample: true, nulls: 1200, distinct: 97, least: "0",
        greatest: "96", mean: "48.02",
        top: [.init(value: nil, count: 1200), .init(value: "7", count: 4124)],
        histogram: [25_100, 24_800, 25_300, 0, 9_000])
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
