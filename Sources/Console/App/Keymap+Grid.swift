extension Keymap {
  /// The keys of a grid, for a place where one has the focus.
  static func grid(_ place: Place) -> [Binding] { cells(place) + columns(place) + copies(place) }

  private static func cells(_ place: Place) -> [Binding] {
    [
      at(place, [.left, "h"], .grid(.left), "column before", "Go to the column at the left."),
      at(place, [.right, "l"], .grid(.right), "next column", "Go to the column at the right."),
      at(place, ["0", "^"], .grid(.firstColumn), "first column", "Go to the first column."),
      at(place, ["$"], .grid(.lastColumn), "last column", "Go to the last column."),
      at(
        place, ["v"], .grid(.detail), "row detail",
        "Every value of the row in full, JSON indented.", hint: "row"),
      at(place, [.space], .grid(.mark), "mark row", "Mark the row, or take its mark away."),
      at(place, ["U"], .grid(.unmarkAll), "unmark all", "Take all marks away."),
    ]
  }

  private static func columns(_ place: Place) -> [Binding] {
    [
      at(place, ["<"], .grid(.narrow), "narrow column", "Make the column narrower."),
      at(place, [">"], .grid(.widen), "widen column", "Make the column wider."),
      at(
        place, ["_"], .grid(.fit), "fit column",
        "Make the column as wide as its widest value, or as before."),
      at(place, ["-"], .grid(.hide), "hide column", "Hide the column."),
      at(place, ["+"], .grid(.showAll), "show all columns", "Show the hidden columns again."),
      at(
        place, ["H", .shift(.left)], .grid(.moveLeft), "move column left",
        "Move the column to the left."),
      at(
        place, ["M", .shift(.right)], .grid(.moveRight), "move column right",
        "Move the column to the right."),
      at(
        place, ["F"], .grid(.freeze), "freeze column",
        "Keep the column at the left while others scroll, or let it go."),
      at(
        place, ["|"], .grid(.toggleScale), "scale of sparklines",
        "Draw all sparklines of the column on one scale, or each on its own."),
    ]
  }

  private static func copies(_ place: Place) -> [Binding] {
    [
      at(place, ["y"], .grid(.copyCell), "copy cell", "Copy the value in full.", hint: "copy"),
      at(
        place, [], .grid(.exportCell), "export cell", "Write the value in full to a file, as text."),
      at(place, ["Y"], .grid(.copyRow(.csv)), "copy row as CSV", "Copy the row as CSV."),
      at(place, [], .grid(.copyRow(.jsonLines)), "copy row as JSON", "Copy the row as JSON."),
      at(
        place, [], .grid(.copyRow(.markdown)), "copy row as Markdown",
        "Copy the row as a Markdown table."),
      at(
        place, [.alt("y")], .grid(.copyColumn), "copy column",
        "Copy the column's values, of the marked rows or of those held here."),
      at(
        place, [], .grid(.copyRows(.csv)), "copy rows as CSV",
        "Copy the marked rows, or those held here, as CSV."),
      at(
        place, [], .grid(.copyRows(.jsonLines)), "copy rows as JSON lines",
        "Copy the marked rows, or those held here, as JSON lines."),
      at(
        place, [], .grid(.copyRows(.markdown)), "copy rows as Markdown",
        "Copy the marked rows, or those held here, as a Markdown table."),
    ]
  }
}
