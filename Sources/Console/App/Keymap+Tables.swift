extension Keymap {
  /// The keys of the Tables screen: of the table first, then of its grid.
  static let tables: [Binding] = tableKeys + rowKeys + grid(.screen(.tables))

  private static func on(
    _ keys: [Key], _ action: TablesAction, _ title: String, _ help: String, hint: String? = nil
  ) -> Binding {
    at(.screen(.tables), keys, .tables(action), title, help, hint: hint)
  }

  private static let tableKeys: [Binding] = [
    at(
      .screen(.tables), [.enter], .open, "open",
      "Open the table; in a table, show the row in full.", hint: "open"),
    on(
      ["s", "o"], .sort, "sort by column",
      "Sort by the column: upwards, downwards, by the key again.", hint: "sort"),
    on(
      ["/"], .filter, "filter by expression",
      "Show only the rows that fulfil an SQL expression; again, to correct it.", hint: "filter"),
    at(
      .screen(.tables), ["\\"], .filter, "find in these rows",
      "Find a text in the rows that are here; n and N go on."),
    on(["="], .filterEqual, "filter: equal", "Only rows with this cell's value."),
    on(["x"], .filterDiffering, "filter: different", "Only rows with another value."),
    on(["u"], .filterNull, "filter: NULL", "Only rows where this column is NULL."),
    on(["~"], .filterContaining, "filter: contains", "Only rows whose text contains a text."),
    on(["c"], .clearFilter, "clear the last filter", "Take the last filter away."),
    on(["C"], .clearFilters, "clear all filters", "Take all filters away."),
    on(
      ["%"], .jump, "jump",
      "Go to a share of the rows (50%), or to a value of the first sort column.",
      hint: "jump"),
  ]

  private static let rowKeys: [Binding] = [
    on(["f"], .follow, "follow key", "Open the row that the cell names.", hint: "follow"),
    on(
      ["p"], .followBack, "rows that name this", "The rows of other tables that name this row.",
      hint: "named by"),
    on(["t"], .trace, "trace", "From a play to its staged event, file and line.", hint: "trace"),
    on(
      ["i", "I"], .profile, "column profile",
      "NULLs, distinct values, least, greatest, most frequent, histogram.", hint: "profile"),
    on(
      ["b"], .breakDown, "break down",
      "Count the rows by an attribute of a dimension; Tab chooses what is told of them.",
      hint: "break down"),
    on(
      ["B"], .bars, "breakdown as bars", "Draw a breakdown as bars, or show its table again.",
      hint: "bars"),
    on(["#"], .count, "count exactly", "Count the rows, which reads all of the table."),
    on(
      ["E"], .export, "export",
      "Write rows to a file: as shown, marked ones, or the whole table.", hint: "export"),
    on(["R"], .refresh, "refresh", "Read the rows, or the list of tables, again."),
    at(
      .screen(.tables), [.backspace], .back, "go back", "Back to where you came from."),
  ]
}

/// What can be done with tables, besides what any grid can.
enum TablesAction: Hashable, Sendable {
  case sort, filter, filterEqual, filterDiffering, filterNull, filterContaining
  case clearFilter, clearFilters
  case jump, follow, followBack, trace, profile, breakDown, bars, count, refresh, export
}

/// Text that the Tables screen asks for.
enum TablesEntry: Hashable, Sendable {
  case filter, containing, jump
}
