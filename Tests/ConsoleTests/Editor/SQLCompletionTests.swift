import Testing
import Warehouse

@testable import Console

@Suite("Completion")
struct SQLCompletionTests {
  static let names = CatalogNames(
    tables: [
      .init(
        schema: "sparkify", name: "songplays",
        columns: [.init("songplay_id", "bigint"), .init("level", "text")]),
      .init(
        schema: "sparkify", name: "songs",
        columns: [.init("song_id", "text"), .init("Odd Name", "text")]),
      .init(schema: "sparkify_ops", name: "runs", columns: [.init("id", "bigint")]),
    ], functions: ["own_function"])

  /// The first names that are offered at the `|`.
  static func offered(_ text: String, _ count: Int) -> [String] {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    let buffer = TextBuffer(parts.joined())
    let cursor = TextBuffer(String(parts[0])).end
    let completion = SQLCompletion(in: buffer, at: cursor, names)
    return Array((completion?.candidates.map(\.text) ?? []).prefix(count))
  }

  @Test("types are written as people write them")
  func types() {
    #expect(SQLCompletion.shortType("character varying(1024)") == "varchar(1024)")
    #expect(SQLCompletion.shortType("timestamp without time zone") == "timestamp")
    #expect(SQLCompletion.shortType("bigint") == "bigint")
  }

  @Test(
    "offers what may stand there",
    arguments: [
      ("SELECT so| FROM songplays", ["songplay_id", "some", "sortkey", "songplays"]),
      ("SELECT p.| FROM songplays AS p JOIN songs s ON s.", ["songplay_id", "level"]),
      ("SELECT 1; SELECT s.| FROM songs AS s", ["song_id", "\"Odd Name\""]),
      ("SELECT s.od| FROM songs s", ["\"Odd Name\""]),
      ("SELECT * FROM so|", ["songplays", "songs", "some", "sortkey"]),
      ("SELECT * FROM songs, sonGp|", ["songplays"]),
      ("SELECT * FROM sparkify_ops.|", ["runs"]),
      ("select id, ow| from sparkify_ops.runs", ["own_function("]),
      ("SEL|", ["SELECT"]),
      ("sel|", ["select"]),
      ("WITH best AS (SELECT 1) SELECT * FROM be|", ["best", "begin", "between"]),
      (
        "WITH b AS (SELECT p.level AS kind, count(*) plays, max(x) FROM t) SELECT b.| FROM b",
        ["kind", "plays", "max"]
      ),
      ("WITH b (ka, kb) AS (SELECT 1, 2) SELECT k| FROM b", ["ka", "kb", "key"]),
      (
        "WITH b AS (SELECT s.*, 1 AS one FROM songs AS s, songplays) SELECT b.| FROM b",
        ["one", "song_id", "\"Odd Name\""]
      ),
      ("WITH b AS (SELECT * FROM b) SELECT b.| FROM b", []),
      ("SELECT 'so| FROM songs", []),
      ("SELECT 1 -- so|", []),
      ("SELECT songs.so| FROM songs", ["song_id"]),
      ("UPDATE songs SET so|", ["song_id", "some", "sortkey", "songplays"]),
    ])
  func offers(text: String, expected: [String]) {
    #expect(Self.offered(text, 4) == Array(expected.prefix(4)))
  }
}
