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
      (/\bis\s+(?:not\s+)?distinct\s+from\b/, "no IS DISTINCT FROM in Redshift"),
      (/\bfetch\s+(?:first|next)\b|\bfor\s+(?:update|share)\b/, "no FETCH FIRST in Redshift"),
      (/->|#>|@>|\barray\s*\[/, "no arrays and no operators on JSON in Redshift"),
      (/\b(?:date_bin|regexp_matches|regexp_match|format|jsonb?_\w+)\s*\(/, "PostgreSQL's"),
      (/\\/, "a backslash in a literal means another thing on each"),
    ]
  }

  @Test("has nothing that one of the engines lacks", arguments: queries + loads)
  func common(file: String) throws {
    for sql in [try statements(file), try rows(file)] {
      for (words, why) in Self.foreign {
        #expect(sql.firstMatch(of: words) == nil, "\(file): \(why)")
      }
    }
  }

  @Test(
    "is refused where it has what Redshift lacks",
    arguments: [
      "select count(*) filter (where a)", "select distinct on (a) b", "select a::date",
      "from a, lateral (select 1)", "select date_bin('1 day', a, b)", "select array[1]",
      "where a is not distinct from b", "select a -> 'b'", "fetch first 5 rows only",
    ])
  func refused(sql: String) {
    #expect(Self.foreign.contains { sql.firstMatch(of: $0.words) != nil })
  }

  @Test("states a frame where an aggregate runs along an order", arguments: queries + loads)
  func frames(file: String) throws {
    let windows = try (statements(file) + rows(file)).matches(
      of: /\b(\w+)\s*\([^()]*\)\s*over\s*\(([^()]*)\)/)
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

  /// The rows behind, in lower case, as the header has them.
  private func rows(_ file: String) throws -> String {
    let lines = try #require(SourceTree.text(file)).lowercased().split(separator: "\n")
    return lines.filter { $0.hasPrefix("-- rows:") }.map { $0.dropFirst(8) }.joined()
  }

  /// The text in lower case without comments.
  private func statements(_ file: String) throws -> String {
    let lines = try #require(SourceTree.text(file)).lowercased().split(separator: "\n")
    return lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n")
  }
}
