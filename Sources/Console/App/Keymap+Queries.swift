extension Keymap {
  /// The keys of the Queries screen, in its list and over a result.
  static let queries: [Binding] = running + looking + grid(.screen(.queries))

  private static let place = Place.screen(.queries)

  private static let running: [Binding] = [
    at(
      place, [.enter], .open, "open",
      "Run the query, after its values were asked for; in a chart the rows behind it.",
      hint: "open"),
    at(
      place, ["r"], .queries(.run), "run",
      "Run the query at once, with the values that it had last.", hint: "run"),
    at(
      place, ["c"], .queries(.cancel), "cancel",
      "Cancel what runs, and say when the server has stopped.", hint: "cancel"),
    at(
      place, ["K"], .queries(.terminate), "terminate",
      "End the query's session at the server, when it does not answer a cancel."),
    at(
      place, ["m"], .queries(.fetchMore), "more rows", "Fetch the next rows of the result.",
      hint: "more rows"),
    at(
      place, ["t"], .queries(.nextView), "table or chart",
      "Show the result as a table, or as the next kind of chart.", hint: "table/chart"),
    at(
      place, ["V"], .queries(.showValues), "values in the chart",
      "Write the values into the chart, or leave them out.", hint: "values"),
    at(place, ["o"], .queries(.sort), "sort", "Sort by the column, up and then down."),
  ]

  private static let looking: [Binding] = [
    at(
      place, ["x"], .queries(.explain), "plan",
      "How the server would run it: the plan as a tree.", hint: "plan"),
    at(
      place, ["X"], .queries(.analyze), "plan and times",
      "Run it, and show the plan with the time and rows of every step."),
    at(place, ["s"], .queries(.showSQL), "SQL", "Show the query's text.", hint: "SQL"),
    at(
      place, ["E"], .queries(.export), "export",
      "Write all rows to a file: CSV, JSON, Markdown; or the chart as text.", hint: "export"),
    at(
      place, ["e"], .queries(.edit), "edit",
      "Open the query's file in $VISUAL or $EDITOR.", hint: "edit"),
    at(
      place, ["S"], .queries(.saveCopy), "save a copy", "Save the query under a new name.",
      hint: "copy"),
    at(place, ["R"], .queries(.reload), "reload", "Read the folder of queries again."),
    at(place, [], .queries(.showTable), "as table", "Show the result as a table."),
    at(place, [], .queries(.draw(.bar)), "as bars", "Draw the result as bars."),
    at(place, [], .queries(.draw(.line)), "as lines", "Draw the result as lines."),
    at(
      place, [], .queries(.draw(.histogram)), "as histogram",
      "Draw how often the values of its last column of numbers occur."),
    at(place, [], .queries(.draw(.heat)), "as heat map", "Draw the result as a heat map."),
    at(
      place, [], .queries(.draw(.sparkline)), "as sparklines",
      "Draw a sparkline for each series of the result."),
  ]
}
