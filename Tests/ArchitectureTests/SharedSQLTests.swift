import Testing

/// The SQL that runs on PostgreSQL and on Amazon Redshift with the same text.
@Suite("SQL for both engines")
struct SharedSQLTests {
  static let queries = SourceTree.files("queries").filter { $0.hasSuffix(".sql") }
  static let loads = SourceTree.files("Sources/Warehouse/SQL").filter {
    $0.hasSuffix("-load.sql")
  }

  /// What one of the two does not have, or takes for something else.
  private static var foreign: [(words: Regex<Substring>, why: String)] {
    [
      (/::/, "casts are spelled CAST"),
      (/\bfilter\s*\(/, "no FILTER on aggregates in Redshift"),
      (/\bdistinct\s+on\b/, "no DISTINCT ON in Redshift"),
      (/\blateral\b/, "no LATERAL in Redshift"),
      (/\bgenerate_series\b/, "runs on Redshift's leader node only"),
      (
        /\b(?:array_agg|string_agg|unnest|width_bucket|to_timestamp|age|make_date)\s*\(/,
        "PostgreSQL's"
      ),
      (/\b(?:now|current_timestamp)\b/, "runs on Redshift's leader node only"),
      (/\bwindow\s+\w+\s+as\b/, "no named windows in Redshift"),
      (
        /\b(?:range|groups)\s+(?:between|unbounded|current)\b/,
        "windows have ROWS frames in Redshift"
      ),
      (/\bon\s+conflict\b|\breturning\s+\w/, "not in Redshift"),
      (/\bgrouping\s+sets\b|\bnatural\s+join\b|\btablesample\b/, "not in one of the two"),
      (
        /\b(?:getdate|sysdate|dateadd|datediff|nvl|nvl2|decode|len|listagg|median|strtol)\s*\(/,
        "Redshift's"
      ),
      (/\bqualify\b|\btop\s+\d/, "Redshift's"),
      (/\bextract\s*\(\s*(?:second|weekday)\b/, "differs between the two"),
      (/\\/, "a backslash in a literal means another thing on each"),
    ]
  }

  @Test("has nothing that one of the engines lacks", arguments: queries + loads)
  func common(file: String) throws {
    let sql = try statements(file)
    for (words, why) in Self.foreign {
      #expect(sql.firstMatch(of: words) == nil, "\(file): \(why)")
    }
  }

  @Test("states a frame where an aggregate runs along an order", arguments: queries + loads)
  func frames(file: String) throws {
    let windows = try statements(file).matches(of: /\b(\w+)\s*\([^()]*\)\s*over\s*\(([^()]*)\)/)
    for window in windows where ["sum", "avg", "count", "min", "max"].contains(window.1) {
      #expect(!window.2.contains("order by") || window.2.contains("rows "), "\(file): \(window.0)")
    }
  }

  @Test("of a shipped query reads summaries and dimensions, never the fact", arguments: queries)
  func summaries(file: String) throws {
    let tables = try statements(file).matches(of: /\b(?:from|join)\s+(\w+)/).map { String($0.1) }
    #expect(!tables.isEmpty)
    #expect(Set(tables).isDisjoint(with: ["songplays", "time", "staging_events"]))
  }

  @Test("is there") func present() { #expect(Self.queries.count >= 17 && Self.loads.count >= 17) }

  /// The text in lower case without comments.
  private func statements(_ file: String) throws -> String {
    let lines = try #require(SourceTree.text(file)).lowercased().split(separator: "\n")
    return lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n")
  }
}
