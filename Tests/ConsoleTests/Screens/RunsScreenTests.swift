import Testing
import Warehouse

@testable import Console

@Suite("The Runs screen")
struct RunsScreenTests {
  private func harness(columns: Int = 70, rows: Int = 15) -> Harness {
    var harness = Harness(columns: columns, rows: rows)
    harness.press("7")
    return harness
  }

  @Test("lists runs, the newest first")
  func list() {
    #expect(
      harness(rows: 10).text == """
         sparkify    1  2  3  4  5  6  7 Runs         PostgreSQL 15 · ● ready
        ┌─ Runs ──────────────────────────────────────────────────── 3 runs ─┐
        │      Run  State          Asked for   Started (UTC)            Took │
        │        3  ✓ done         all         2018-11-30 17:49        4.2 s │
        │        2  ✗ failed       all         2018-11-30 17:48        4.2 s │
        │        1  ✓ done         all         2018-11-30 17:47        4.2 s │
        │                                                                    │
        │                                                                    │
        └────────────────────────────────────────────────────────────────────┘
         Enter open  Space mark  x rejects  ? help  : command  q quit
        """)
  }

  @Test("without a connection says why, and reads no longer")
  func notConnected() {
    var harness = Harness(columns: 70, rows: 10, connected: false)
    harness.press("7")
    #expect(harness.text.contains("connecting …"))
    let error = WarehouseError(.connection, "could not connect to 127.0.0.1:9")
    harness.answer(.connected(1, .failure(error)))
    #expect(harness.row(3).contains("✗ could not connect to 127.0.0.1:9"))
    #expect(!harness.text.contains("reading the runs"))
  }

  @Test("an error of several lines takes one in the list")
  func errorLine() {
    var harness = harness(columns: 140)
    var run = Harness.run(4, .failed)
    run.error = "could not read\nthe file"
    _ = harness.model.refreshRuns()
    for id in 2...4 {
      harness.answer(.runsLoaded(id, .success(RunPage(runs: [run], isTruncated: false))))
    }
    #expect(harness.text.contains("could not read ·"))
    #expect(!harness.text.contains("␊"))
  }

  @Test("opens a run with its stages, checks and configuration")
  func detail() {
    var harness = harness()
    #expect(harness.press(.enter) == [.loadRun(1, id: 3)])
    #expect(harness.text.contains("reading the run …"))
    harness.answer(.runLoaded(1, .success(Harness.detail(3, plays: 8056))))
    #expect(harness.row(1).hasPrefix("┌─ Runs › run 3 ─"))
    #expect(harness.text.contains("Stages 1 ── Checks 1 ── Configuration 1"))
    #expect(harness.text.contains("stage-events     ✓ done"))
    harness.press(.right)
    #expect(harness.text.contains("✓ passed   Every play is stored"))
    harness.press(.enter)
    #expect(harness.row(1).hasPrefix("┌─ plays ─"))
    harness.press(.escape, "l")
    #expect(harness.text.contains("PIPELINE.MAX_REJECTS"))
    harness.press(.escape)
    #expect(harness.model.runs.mode == .list)
  }

  /// Run 3 with two checks that have rows, and one that has none.
  private static func checked() -> RunDetail {
    var detail = Harness.detail(3, plays: 1)
    for (name, verdict) in [("users", CheckResult.Verdict.failed), ("years", .noted)] {
      detail.checks.append(
        CheckResult(
          name: name, title: "The \(name) are right", verdict: verdict, count: 2,
          detail: "2 rows", offendingRowsSQL: "SELECT * FROM \(name)"))
    }
    return detail
  }

  @Test("a check shows its rows, and the next check those of its own")
  func checkRows() {
    var harness = harness(rows: 12)
    harness.press(.enter)
    harness.answer(.runLoaded(1, .success(Self.checked())))
    harness.press(.right, .down)
    let limit = CheckRowList.limit
    #expect(
      harness.press(.enter) == [.loadCheckRows(2, run: 3, check: "users", limit: limit)])
    #expect(harness.text.contains("reading …"))
    let columns = ["id", "name"].map { ResultColumn(name: $0, kind: .text) }
    let rows = CheckRows(
      check: Self.checked().checks[1], schema: "sparkify_build",
      rows: ResultSet(columns: columns, rows: [["7", "Ava"], ["8", nil]]))
    harness.answer(.checkRowsLoaded(2, .success(rows)))
    #expect(
      harness.text == """
         sparkify    1  2  3  4  5  6  7 Runs         PostgreSQL 15 · ● ready
        ┌─ users run 3 ───────────────────────────── check · 1 of 2, n next ─┐
        │ ✗ failed  The users are right                                      │
        │ 2 rows                                                             │
        │  id   name                                                         │
        │  7    Ava                                                          │
        │  8    ∅                                                            │
        │                                                                    │
        │                                                                    │
        │                                                                    │
        └──────────────────────────────── rows 1–2 of 2 · in sparkify_build ─┘
         Esc close  Enter open  s SQL  v row  y copy
        """)
    #expect(harness.press("y") == [.copy("7")])
    harness.press("s", "G")
    #expect(harness.text.contains("SELECT * FROM users"))
    harness.press(.escape)
    #expect(harness.press("n") == [.loadCheckRows(4, run: 3, check: "years", limit: limit)])
    harness.answer(.checkRowsLoaded(2, .success(rows)))
    #expect(!harness.text.contains("Ava"))
    #expect(harness.press(.escape) == [.cancelCheckRows])
    #expect(harness.model.overlays.isEmpty)
  }

  @Test("a build that is gone is said in place of the rows")
  func goneBuild() {
    var harness = harness()
    harness.press(.enter)
    harness.answer(.runLoaded(1, .success(Self.checked())))
    harness.press(.right, .down, .enter)
    harness.answer(
      .checkRowsLoaded(2, .failure(WarehouseError(.dependency, "the build is gone"))))
    #expect(harness.row(5).contains("✗ the build is gone"))
  }

  @Test("another configuration's warehouse has runs of its own")
  func reload() {
    var harness = harness()
    harness.press(.enter)
    harness.answer(.runLoaded(1, .success(Harness.detail(3, plays: 1))))
    harness.answer(.configurationReloaded)
    #expect(harness.model.runs.mode == .list)
    harness.press("7")
    #expect(harness.text.contains("connecting …"))
    harness.answer(
      .connected(2, .success(ServerDescription(target: "other", product: "PostgreSQL 15"))))
    guard
      case .loadRuns(let id, _)? = harness.effects.first(where: { effect in
        if case .loadRuns = effect { true } else { false }
      })
    else {
      Issue.record("the runs are not asked for")
      return
    }
    harness.answer(.runsLoaded(id, .success(RunPage(runs: Harness.runs, isTruncated: false))))
    #expect(harness.press(.enter) == [.loadRun(3, id: 3)])
  }

  @Test("a detail that is known is not asked for again; a run that goes on is")
  func knownDetail() {
    var harness = harness()
    harness.press(.enter)
    harness.answer(.runLoaded(1, .success(Harness.detail(3, plays: 1))))
    #expect(harness.press(.escape, .enter) == [])
  }

  @Test("a run that goes on is read again every few seconds, until it is over")
  func runningDetail() {
    var harness = harness()
    harness.press(.enter)
    var detail = Harness.detail(3, plays: 1)
    detail.run = Harness.run(3, .running)
    harness.answer(.runLoaded(1, .success(detail)))
    #expect(harness.model.clockInterval == .seconds(5))
    harness.wait(.seconds(4))
    #expect(harness.effects == [])
    harness.wait(.seconds(1))
    #expect(harness.effects == [.loadRun(2, id: 3)])
    harness.wait(.seconds(6))
    #expect(harness.effects == [], "one at a time")
    harness.answer(.runLoaded(2, .success(Harness.detail(3, plays: 2))))
    harness.wait(.seconds(60))
    #expect(harness.effects == [] && harness.model.clockInterval == nil)
    #expect(harness.text.contains("✓ done"))
  }

  @Test("older runs are asked for when the end of those that are known is seen")
  func olderRuns() {
    var harness = harness()
    let runs = (0..<500).map { Harness.run(1000 - $0, .succeeded) }
    harness.press("R")
    harness.answer(.runsLoaded(3, .success(RunPage(runs: runs, isTruncated: true))))
    #expect(harness.text.contains("last 500 runs"))
    #expect(harness.press("j") == [])
    #expect(harness.press("G") == [.loadRuns(4, limit: 1000)])
    #expect(harness.press("k") == [], "it is asked for already")
    let more = runs + [Harness.run(500, .failed)]
    harness.answer(.runsLoaded(4, .success(RunPage(runs: more, isTruncated: false))))
    #expect(harness.model.runs.selected?.id == 502)
    #expect(harness.text.contains("501 runs"))
    #expect(harness.press("G") == [])
    #expect(harness.model.runs.selected?.id == 500)
  }

  @Test("late answers for another run change nothing on the screen")
  func lateDetail() {
    var harness = harness()
    harness.press(.enter)
    #expect(harness.press(.escape, "j", .enter) == [.loadRun(2, id: 2)])
    harness.answer(.runLoaded(1, .success(Harness.detail(3, plays: 1))))
    #expect(harness.text.contains("reading the run …"))
  }

  @Test("compares two marked runs side by side and marks what differs")
  func comparing() {
    var harness = harness(rows: 20)
    #expect(harness.press("v") == [])
    #expect(harness.text.contains("mark two runs first, with Space"))
    harness.press(.space, .down, .space)
    #expect(harness.model.runs.marked == [3, 1])
    #expect(harness.press("v") == [.loadRun(1, id: 1)])
    #expect(
      harness.answer(.runLoaded(1, .success(Harness.detail(1, plays: 10)))) == [.loadRun(2, id: 3)])
    harness.answer(.runLoaded(2, .success(Harness.detail(3, plays: 12))))
    let text = harness.text
    #expect(text.contains("≠ stage-events          10 rows, 1.0 s  12 rows, 1.0 s          +2 │"))
    #expect(text.contains("Configuration: what differs"))
    #expect(text.contains("│   state                 done            done"))
  }

  @Test("marks two at most: the oldest mark goes")
  func marks() {
    var harness = harness()
    harness.press(.space, .space, .space)
    #expect(harness.model.runs.marked == [2, 1])
  }

  @Test("says when there is none, and how to get one")
  func empty() {
    var harness = harness()
    harness.press("R")
    harness.answer(.runsLoaded(3, .success(RunPage(runs: [], isTruncated: false))))
    #expect(harness.text.contains("No run is recorded yet"))
    #expect(harness.press(.enter) == [])
  }
}
