/// How a table lies on Redshift, and what it may want (developer guide, "SVV_TABLE_INFO").
struct TableHealth: Sendable, Equatable {
  var table: String
  var rows: Int
  /// In blocks of one megabyte.
  var megabytes: Int
  /// `EVEN`, `ALL`, `KEY(song_id)`.
  var distribution: String
  /// The first column that rows are sorted by; nil when there is none.
  var sortKey: String?
  /// The rows of the fullest slice over those of the emptiest; nil where no key spreads them.
  var skew: Double?
  /// In percent; nil without a sort key.
  var unsorted: Double?
  /// How far the planner's statistics are off, in percent.
  var staleness: Double?

  /// The tables of a schema that hold rows; the view leaves empty ones out.
  static func query(of schema: String) -> String {
    """
    SELECT "table", CAST(tbl_rows AS BIGINT), size, diststyle, sortkey1, skew_rows, unsorted, stats_off
    FROM svv_table_info
    WHERE "schema" = \(schema.redshiftLiteral)
    ORDER BY "table"
    """
  }

  /// A row of the query.
  init(_ row: [String?]) {
    table = row.text(0)
    rows = row.integer(1) ?? 0
    megabytes = row.integer(2) ?? 0
    distribution = row.text(3)
    sortKey = row.optional(4).flatMap { $0.isEmpty ? nil : $0 }
    skew = row.optional(5).flatMap(Double.init)
    unsorted = row.optional(6).flatMap(Double.init)
    staleness = row.optional(7).flatMap(Double.init)
  }

  /// From this on, one slice works while the others wait.
  static let notedSkew = 4.0
  /// VACUUM sorts by itself only what is less sorted than 95 %, and queries suffer from a fifth on.
  static let notedUnsorted = 20.0
  /// ANALYZE passes over tables that changed by less.
  static let notedStaleness = 10.0

  /// What would help; empty when nothing must be done.
  var advice: [String] {
    var advice: [String] = []
    if let skew, skew > Self.notedSkew { advice.append("another REDSHIFT.DISTKEY") }
    return advice + care
  }

  /// What would help without a change of the design.
  var care: [String] {
    var care: [String] = []
    if let unsorted, unsorted > Self.notedUnsorted { care.append("VACUUM") }
    if let staleness, staleness > Self.notedStaleness { care.append("ANALYZE") }
    return care
  }

  /// All of it in one line, what it wants first.
  var text: String {
    var words = ["\(rows) rows", "\(megabytes) MB", distribution]
    if let sortKey { words.append("sorted by \(sortKey)") }
    if let skew { words.append("skew \(Self.shown(skew))") }
    if let unsorted { words.append("\(Self.shown(unsorted)) % unsorted") }
    if let staleness { words.append("statistics \(Self.shown(staleness)) % off") }
    let wants = advice.isEmpty ? "" : "! wants \(advice.joined(separator: ", ")): "
    return wants + words.joined(separator: ", ")
  }

  /// With one digit behind the point, and none where it is 0.
  private static func shown(_ value: Double) -> String {
    let tenths = Int((min(max(value, 0), 1e12) * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// The result of the check of a build's tables.
  static func result(_ tables: [TableHealth]) -> CheckResult {
    let wanting = tables.filter { !$0.care.isEmpty }
    let worst = wanting.first.map { "\($0.table) wants \($0.care.joined(separator: " and "))" }
    return CheckResult(
      name: "table-health", title: "tables are sorted, and their statistics are fresh",
      verdict: wanting.isEmpty ? .passed : .noted, count: wanting.count,
      detail: worst ?? "\(tables.count) tables",
      offendingRowsSQL: wanting.isEmpty ? nil : query(of: StarSchema.build))
  }

  /// What lets a user see the view, which is the superusers' alone by default.
  static func remedy(for user: String) -> String {
    "a superuser can run: GRANT SELECT ON svv_table_info TO \(user)"
  }
}
