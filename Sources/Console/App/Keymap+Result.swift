extension Keymap {
  /// The keys of a result, for a place where one is shown: how it is looked at.
  static func result(_ place: Place) -> [Binding] {
    [
      at(
        place, ["t"], .result(.nextFace), "table or chart",
        "Show the result as a table, or as the next kind of chart.", hint: "table/chart"),
      at(
        place, ["V"], .result(.showValues), "values in the chart",
        "Write the values into the chart, or leave them out.", hint: "values"),
      at(place, ["o"], .result(.sort), "sort", "Sort by the column, up and then down."),
      at(
        place, ["="], .result(.keep(.equal)), "rows with this value",
        "Show only the rows here that have the cell's value; Esc shows all again."),
      at(
        place, [], .result(.keep(.differing)), "rows with other values",
        "Show only the rows here that have another value in this column."),
      at(
        place, ["&"], .result(.keep(.found)), "rows that are found",
        "Show only the rows here that contain what / looks for."),
      at(
        // On the SQL screen i begins to write.
        place, place == .screen(.sql) ? ["I"] : ["i", "I"], .result(.profile), "column profile",
        "What the rows here say of the column: NULLs, distinct values, least, greatest, histogram."),
      at(
        place, ["%"], .result(.askShare), "jump", "Go to a share of the rows here, such as 50%."),
      at(place, [], .result(.showTable), "as table", "Show the result as a table."),
      at(place, [], .result(.draw(.bar)), "as bars", "Draw the result as bars."),
      at(place, [], .result(.draw(.line)), "as lines", "Draw the result as lines."),
      at(
        place, [], .result(.draw(.histogram)), "as histogram",
        "Draw how often the values of its last column of numbers occur."),
      at(place, [], .result(.draw(.heat)), "as heat map", "Draw the result as a heat map."),
      at(
        place, [], .result(.draw(.sparkline)), "as sparklines",
        "Show a row for each series, with its values as a sparkline."),
    ]
  }
}
