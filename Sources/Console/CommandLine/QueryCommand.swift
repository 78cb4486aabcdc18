import Glibc
import Warehouse

extension Command {
  /// `query`: one statement or several, rows to standard output.
  static let query = Command(
    name: "query", usage: "FILE.sql|SQL|-",
    summary: "runs SQL and writes the rows",
    details: """
      Runs the SQL of a file, of the argument itself (anything with a blank in it), or of standard
      input (-), and writes the rows of its last statement. Unqualified names mean the published
      star. Nothing can be changed unless --write is given: the transaction is read-only. A
      parameter :name in the SQL takes its value from --param name=value.
      """,
    options: [
      Option(
        name: "--param", value: "NAME=VALUE", help: "the value of a parameter :NAME",
        isRepeatable: true),
      Option(
        name: "--format", value: "table|csv|json|jsonl|markdown",
        help: "table on a terminal, csv otherwise"),
      Option(name: "--write", value: nil, help: "let the SQL change things"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    guard let word = invocation.arguments.words.first else {
      throw WarehouseError(
        .usage, "there is nothing to run",
        hint: "Name a file, write SQL in quotes, or pipe it to -.")
    }
    let script = try SQLScript(
      text: try readSQL(word), arguments: invocation.arguments.all("--param"))
    let format = try OutputFormat(invocation)
    return try await invocation.withSession { (session) throws(WarehouseError) in
      try await perform(script, on: session, format, invocation)
      return .done
    }
  }

  private static func readSQL(_ word: String) throws(WarehouseError) -> String {
    if word == "-" { return String(decoding: try FileSystem.read("/dev/stdin"), as: UTF8.self) }
    if FileSystem.exists(word) && !FileSystem.isFolder(word) {
      return String(decoding: try FileSystem.read(word), as: UTF8.self)
    }
    guard word.contains(where: \.isWhitespace) else {
      throw WarehouseError(
        .usage, "could not find the query \(word)", detail: "there is no such file",
        hint: "Name a file, write SQL in quotes, or pipe it to -.")
    }
    return word
  }

  private static func perform(
    _ script: SQLScript, on session: PostgresSession, _ format: OutputFormat,
    _ invocation: Invocation
  ) async throws(WarehouseError) {
    guard let last = script.statements.last else {
      throw WarehouseError(.usage, "there is no statement in it", hint: "Write one.")
    }
    if !invocation.arguments.has("--write") { try await beginReading(on: session) }
    for statement in script.statements.dropLast() { try await session.execute(statement) }
    try await RowPrinter(format: format, output: invocation.output).print(last, on: session)
    if !invocation.arguments.has("--write") { try await session.execute("COMMIT") }
  }

  /// Begins a transaction that changes nothing. A COMMIT in the SQL ends it, so what comes behind
  /// is read-only too; and once something was asked, no SET TRANSACTION can undo it.
  private static func beginReading(on session: PostgresSession) async throws(WarehouseError) {
    try await session.execute("SET default_transaction_read_only TO on")
    try await session.execute("BEGIN READ ONLY")
    try await session.execute("SELECT 1")
  }
}
