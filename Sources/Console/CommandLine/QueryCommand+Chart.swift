import Glibc
import Warehouse

extension Command {
  /// At most so many rows go into a chart; it says when there are more.
  private static let mostChartRows = 100_000

  /// Runs a query and draws its rows: the chart that its header names, or what suits the columns.
  static func drawChart(
    of query: SavedQuery, _ script: SQLScript, _ invocation: Invocation
  ) async throws(WarehouseError) -> ExitStatus {
    let width = try invocation.arguments.integer("--width", in: 20...1000)
    guard !invocation.arguments.has("--write") else {
      throw WarehouseError(
        .usage, "a chart cannot change things", hint: "Leave out --write, or --format chart.")
    }
    let result = try await invocation.withSession(for: .reading) {
      (session) throws(WarehouseError) in
      try await rows(of: query, script, on: session)
    }
    guard let spec = try ChartSpec(header: query.chart, columns: result.columns) else {
      throw WarehouseError(
        .usage, "there is nothing to draw in it",
        hint: "A chart needs a column of numbers; --format table shows the rows.")
    }
    let chart = try Chart(
      spec, columns: result.columns, rows: result.rows, isCut: result.isTruncated)
    let output = invocation.output
    output.write(
      chart.text(
        width: width ?? terminalWidth(output), glyphs: output.glyphs,
        showsValues: invocation.arguments.has("--values")))
    output.flush()
    return .done
  }

  /// The rows of the last statement, as many as a chart is drawn of.
  private static func rows(
    of query: SavedQuery, _ script: SQLScript, on session: PostgresSession
  ) async throws(WarehouseError) -> ResultSet {
    let kept = Locked(ResultSet())
    do throws(WarehouseError) {
      let end = try await QueryRun(script.statements).perform(
        on: session, gate: RowGate(limit: mostChartRows, patience: .zero)
      ) { event in
        switch event {
        case .columns(let columns): kept.withLock { $0.columns = columns }
        case .rows(let rows): kept.withLock { $0.rows += rows }
        case .paused: break
        }
      }
      return kept.withLock { kept in
        kept.isTruncated = end == .cut
        return kept
      }
    } catch {
      // Of several statements nobody knows here which one was refused.
      guard script.statements.count == 1, let statement = script.statements.first else {
        throw error
      }
      throw error.located(in: statement.written, of: query.sql)
    }
  }

  private static func terminalWidth(_ output: Output) -> Int {
    var size = winsize()
    guard output.isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20
    else { return 80 }
    return Int(size.ws_col)
  }
}

extension GlyphSet {
  /// ASCII when the environment's locale is not UTF-8. (Programs without a screen set no locale, so
  /// that its name must do.)
  static var ofLocale: GlyphSet {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let name = names.lazy.compactMap { String(environment: $0) }.first { !$0.isEmpty } ?? ""
    let plain = name.lowercased().filter { $0 != "-" }
    return plain.contains("utf8") ? .unicode : .ascii
  }
}
