extension Keymap {
  /// The keys of the Queries screen, in its list and over a result.
  static let queries: [Binding] = running + result(place) + looking + grid(place)

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
  ]
}
