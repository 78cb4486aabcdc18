import Testing
import Warehouse

@testable import Console

@Suite("A list over the screen")
struct ListFilterTests {
  private static func record(_ sql: String) -> StatementRecord {
    StatementRecord(
      sql: sql, parameterCount: 0, startedAt: 0, duration: .milliseconds(1), rows: 1, error: nil)
  }

  @Test("shows the statements that contain a text, and opens and copies these")
  func log() {
    var harness = Harness(columns: 80, rows: 24)
    for sql in ["SELECT 1", "SELECT count(*) FROM songs", "BEGIN"] {
      harness.answer(.statement(Self.record(sql)))
    }
    harness.press("L", "/")
    harness.type("SONGS")
    harness.press(.enter)
    #expect(harness.text.contains("/ SONGS: 1 of 3"))
    #expect(!harness.text.contains("BEGIN"))
    #expect(harness.press("y") == [.copy("SELECT count(*) FROM songs")])
    // What comes meanwhile is not mixed in.
    harness.answer(.statement(Self.record("ROLLBACK")))
    #expect(!harness.text.contains("ROLLBACK"))
    harness.press(.escape)
    harness.press(.escape)
    #expect(!harness.text.contains("Command log") || harness.text.contains("4 statements"))
  }

  @Test("shows the rejects that contain a text")
  func rejects() {
    var harness = Harness(columns: 100, rows: 24)
    harness.press("7", "x")
    let items = ["too long", "no number"].enumerated().map { index, reason in
      RejectPage.Item(
        stage: .stageEvents,
        reject: Reject(
          file: "a.json", line: index + 1, byteOffset: 0, column: nil, reason: reason,
          rawText: "{}", isCut: false))
    }
    harness.answer(.rejectsLoaded(1, .success(RejectPage(items: items, total: 2))))
    harness.press("/")
    harness.type("number")
    harness.press(.enter)
    #expect(harness.text.contains("/ number: 1 of 2"))
    #expect(!harness.text.contains("too long"))
    #expect(harness.text.contains("no number"))
  }

  @Test("a reject whose byte is not known shows none")
  func unknownByte() {
    var harness = Harness(columns: 120, rows: 30)
    harness.press("7", "x")
    let reject = Reject(
      file: "s3://b/a.json", line: 3, byteOffset: nil, column: "level", reason: "too long",
      rawText: "{}", isCut: false)
    let item = RejectPage.Item(stage: .stageEvents, reject: reject)
    harness.answer(.rejectsLoaded(1, .success(RejectPage(items: [item], total: 1))))
    #expect(harness.text.contains("s3://b/a.json"))
    harness.press(.enter)
    #expect(harness.text.contains("level") && !harness.text.contains("byte"))
  }
}
