import Glibc
import Warehouse

extension Command {
  /// `query`: one statement or several, rows to standard output.
  static let query = Command(
    name: "query", usage: "NAME|FILE.sql|SQL|-",
    summary: "runs a saved query or SQL and writes the rows",
    details: """
      Runs a saved query by its name, the SQL of a file, of the argument itself (anything with a blank in it), or of standard
      input (-), and writes the rows of its last statement. Unqualified names mean the published
      star. Nothing can be changed unless --write is given: the transaction is read-only. A
      parameter :name in the SQL takes its value from --param name=value, or the one that the
      query's header names first.
      """,
    options: [
      Option(
        name: "--param", value: "NAME=VALUE", help: "the value of a parameter :NAME",
        isRepeatable: true),
      Option(
        name: "--format", value: "table|csv|json|jsonl|markdown|chart",
        help: "table on a terminal, csv otherwise"),
      Option(name: "--json", value: nil, help: "the same as --format json"),
      Option(
        name: "--width", value: "N", help: "how wide a chart is: as the terminal, or 80 cells"),
      Option(name: "--values", value: nil, help: "write the values into a chart"),
      Option(name: "--write", value: nil, help: "let the SQL change things"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    guard let word = invocation.arguments.words.first else {
      throw WarehouseError(
        .usage, "there is nothing to run",
        hint: "Name a file, write SQL in quotes, or pipe it to -.")
    }
    let query = try find(word, invocation)
    let script = try query.script(try values(invocation.arguments.all("--param")))
    if try OutputFormat.name(invocation) == "chart" {
      return try await drawChart(of: query, script, invocation)
    }
    let format = try OutputFormat(invocation)
    let access: SessionAccess = invocation.arguments.has("--write") ? .all : .reading
    return try await invocation.withSession(for: access) { (session) throws(WarehouseError) in
      try await perform(script, of: query.sql, on: session, format, invocation)
      return .done
    }
  }

  private static func find(
    _ word: String, _ invocation: Invocation
  ) throws(WarehouseError) -> SavedQuery {
    if word == "-" { return try QueryLibrary.read("/dev/stdin") }
    if FileSystem.exists(word) && !FileSystem.isFolder(word) { return try QueryLibrary.read(word) }
    if word.contains(where: \.isWhitespace) { return try SavedQuery(name: "SQL", text: word) }
    let library = QueryLibrary(
      invocation.configurationOptions, program: try? FileSystem.resolved("/proc/self/exe"))
    if let query = try library.query(word) { return query }
    let names = library.names
    throw WarehouseError(
      .usage, "could not find the query \(word)",
      detail: names.isEmpty ? nil : "there are \(names.joined(separator: ", "))",
      hint: "Name a saved query or a file, write SQL in quotes, or pipe it to -.")
  }

  /// `name=value`, as typed.
  private static func values(_ arguments: [String]) throws(WarehouseError) -> [String: String] {
    var values: [String: String] = [:]
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw WarehouseError(
          .usage, "\"\(argument)\" is no parameter", hint: "Write it as name=value.")
      }
      values[String(parts[0])] = String(parts[1])
    }
    return values
  }

  private static func perform(
    _ script: SQLScript, of text: String, on session: PostgresSession, _ format: OutputFormat,
    _ invocation: Invocation
  ) async throws(WarehouseError) {
    guard let last = script.statements.last else {
      throw WarehouseError(.usage, "there is no statement in it", hint: "Write one.")
    }
    let isReading = !invocation.arguments.has("--write")
    if isReading { try await ReadOnlyTransaction.begin(on: session) }
    for statement in script.statements.dropLast() {
      do throws(WarehouseError) {
        try await session.execute(statement)
      } catch {
        throw statement.explained(error).located(in: statement.written, of: text)
      }
      if isReading { try await ReadOnlyTransaction.require(on: session, after: statement) }
    }
    do throws(WarehouseError) {
      try await RowPrinter(format: format, output: invocation.output).print(last, on: session)
    } catch {
      throw last.explained(error).located(in: last.written, of: text)
    }
    if isReading { await ReadOnlyTransaction.end(on: session) }
  }
}
