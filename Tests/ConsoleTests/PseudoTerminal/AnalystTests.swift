import Glibc
import Testing
import Warehouse

@Suite("An analyst on a terminal")
struct AnalystTests {
  @Test("opens a table, goes to its end and through it, and leaves by one level at a time")
  func tables() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("3")
    // The Pipeline screen, too, names the fact.
    try terminal.wait(for: "Star · sparkify")
    terminal.send("j\r")
    try terminal.wait(for: "rows 1–19 of about 1.7M")
    terminal.send("G")
    try terminal.wait(for: "1702118")
    terminal.send("%4711\r")
    try terminal.wait(for: "4711  2018")
    terminal.send("lls")
    try terminal.wait(for: "by user_id ▲")
    terminal.send("\u{1B}")
    try terminal.wait(for: "Star · sparkify")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
    #expect(terminal.isRestored)
  }

  @Test("writes a table to a file after a question, and stops one that takes long")
  func export() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("3")
    // The Pipeline screen, too, names the fact.
    try terminal.wait(for: "Star · sparkify")
    terminal.send("j\r")
    try terminal.wait(for: "rows 1–19")
    terminal.send("E")
    try terminal.wait(for: "Export sparkify.songplays")
    terminal.send("\t\u{15}taken\r")
    try terminal.wait(for: "taken.csv holds something already.")
    terminal.send("r")
    try terminal.wait(for: "24 rows written to taken.csv")
    terminal.send("E")
    try terminal.wait(for: "Export sparkify.songplays")
    terminal.send("\t\u{15}endless\r")
    try terminal.wait(for: "endless.csv: 120,000 of about 1.7M rows")
    terminal.send("\u{3}")
    try terminal.wait(for: "cancelled: there is no endless.csv")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("runs a query, looks at its chart, at the plays behind a bar, and at its mistakes")
  func queries() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("4")
    try terminal.wait(for: "Plays by hour")
    terminal.send("/by hour\r\r")
    try terminal.wait(for: "[all] free  paid")
    terminal.send("\r")
    try terminal.wait(for: "▸ hour 0  plays 120")
    terminal.send("ll\r")
    try terminal.wait(for: "4711")
    terminal.send("\u{1B}")
    try terminal.wait(for: "▸ hour 2")
    terminal.send("\u{1B}")
    try terminal.wait(for: "/ by hour: 1 of 4")
    terminal.send("\u{1B}")
    try terminal.wait(for: "4 queries")
    terminal.send("gr")
    try terminal.wait(for: "▲ here")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("cancels a query that has no end with Ctrl-C, and stays")
  func cancel() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("4")
    try terminal.wait(for: "A query without an end")
    terminal.send("jr")
    try terminal.wait(for: "c cancels")
    terminal.send("\u{3}")
    try terminal.wait(for: "cancelled: server stopped after")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("finds the table, the query and the SQL again after a restart")
  func restart() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    let first = try ConsoleOnTerminal.start(environment: ["SCRIPT_STATE": folder])
    first.send("5i")
    try first.wait(for: "typing")
    first.send("SELECT 4711")
    try first.wait(for: "SELECT 4711")
    first.send("\u{1B}")
    try first.wait(for: "i types")
    first.send("3")
    try first.wait(for: "Star · sparkify")
    first.send("j\r")
    try first.wait(for: "rows 1–19")
    first.send("-=")
    try first.wait(for: "start_time = ")
    first.send("q")
    #expect(try first.exitStatus() == 0)
    let second = try ConsoleOnTerminal.start(environment: ["SCRIPT_STATE": folder])
    try second.wait(for: "start_time = ")
    try second.wait(for: "1 hidden")
    second.send("5")
    try second.wait(for: "SELECT 4711")
    second.send("q")
    #expect(try second.exitStatus() == 0)
  }
}
