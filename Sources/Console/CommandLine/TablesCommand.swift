import Warehouse

extension Command {
  /// `tables`: what the warehouse holds.
  static let tables = Command(
    name: "tables", usage: "[TABLE]", summary: "lists the tables, or the columns of one",
    details: """
      Lists the tables of the published star, of the build and of the pipeline's memory, with exact
      row counts. With a table's name (songs, sparkify_build.songs): its columns, types and keys.
      """,
    options: [
      Option(
        name: "--format", value: "table|csv|json|jsonl|markdown",
        help: "table on a terminal, csv otherwise"),
      Option(name: "--json", value: nil, help: "the same as --format json"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    let printer = RowPrinter(format: try OutputFormat(invocation), output: invocation.output)
    return try await invocation.withSession(for: .reading) { (session) throws(WarehouseError) in
      let catalog = Catalog(session)
      if let word = invocation.arguments.words.first {
        try await printer.print(try await catalog.columnsStatement(of: word), on: session)
      } else {
        printer.print(try await catalog.tables())
      }
      return .done
    }
  }
}
