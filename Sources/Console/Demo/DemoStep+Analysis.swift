import Warehouse

// The star, and what it answers.
extension DemoStep {
  // MARK: Tables

  static let star = DemoStep(
    "The star",
    text: { _ in
      """
      In the middle the fact: one row for each play. Around it who listened, when, and to what; the \
      lines are the keys. Every table opens with Enter, at any size at once.
      """
    },
    moves: toStar, waitsFor: "the list of tables",
    isShown: { $0.tables.list.value != nil && !$0.tables.list.isLoading })

  static let plays = DemoStep(
    "A table of any size",
    text: { _ in
      """
      The plays in their order. Pages come by key, so that the last row of a billion is as near as \
      the first: G goes there, % jumps, s sorts and / filters, all of it on the server.
      """
    },
    moves: toPlays, waitsFor: "the rows", isShown: { $0.showsPlays })

  static let follow = DemoStep(
    "Keys lead on",
    text: { _ in
      """
      A play names its listener by user_id. One key (f) follows it to the row that it names, in the \
      table of users. It goes the other way too: from a listener to all plays.
      """
    },
    moves: toPlays + [
      .wait(until: { $0.showsPlays }), .act(.grid(.firstColumn)),
      .again(
        .grid(.right), until: { $0.tables.view?.grid.currentColumn?.title == "user_id" }),
      .act(.tables(.follow)),
    ],
    waitsFor: "the row",
    isShown: { $0.tables.views.count > 1 && $0.tables.view?.grid.rows.isEmpty == false })

  static let trace = DemoStep(
    "Back to the source",
    text: { _ in
      """
      Where does a number come from? One key (t) leads from a play to the event that it was made \
      of, and names the file and the line in which that stood.
      """
    },
    moves: toPlays + [.wait(until: { $0.showsPlays }), .act(.tables(.trace))],
    waitsFor: "the event", isShown: { $0.tables.figure == nil })

  private static let toStar: [DemoMove] = [
    .act(.show(.tables)),
    .wait(until: { $0.tables.list.value != nil && !$0.tables.list.isLoading }),
    .again(.back, until: { $0.tables.views.isEmpty && $0.tables.menu == nil }),
  ]

  /// To the plays, unless they are what is shown.
  private static let toPlays: [DemoMove] = [
    .act(.show(.tables)),
    .wait(until: { $0.tables.list.value != nil && !$0.tables.list.isLoading }),
    .again(
      .back, until: { $0.tables.views.isEmpty || $0.showsPlays && $0.tables.views.count == 1 }),
    .act(.move(.first)),
    .again(.move(.down), until: { !$0.tables.views.isEmpty || $0.selectsPlays }),
    .act(.open, if: { $0.tables.views.isEmpty }),
  ]

  // MARK: Queries

  static let bars = DemoStep(
    "A hit",
    text: { model in
      model.showsSample
        ? """
        Saved queries answer at once, as charts: here the songs that were played most. "Satellite \
        Summer" by Neon Harbour leads them, though it was unknown when the month began.
        """
        : """
        Saved queries answer at once, as charts: here the songs that were played most. What they \
        ask is counted while the star is built, and checked against it.
        """
    },
    moves: toQuery("top-songs"), waitsFor: "the answer",
    isShown: { $0.showsAnswer(of: "top-songs") }, hasFailed: { $0.failsToAnswer("top-songs") })

  static let behind = DemoStep(
    "What a bar is made of",
    text: { _ in
      """
      Enter on a bar opens the plays behind it, row by row: a chart that can be checked. Esc would \
      go back to the bars, and c stops a query at the server, not only on the screen.
      """
    },
    moves: toQuery("top-songs") + [
      .wait(until: { $0.showsAnswer(of: "top-songs") }), .act(.move(.first)), .act(.open),
    ],
    waitsFor: "the rows",
    isShown: { $0.showsAnswer(of: "top-songs-rows") },
    hasFailed: { $0.failsToAnswer("top-songs-rows") })

  static let cities = DemoStep(
    "A busy city",
    text: { model in
      model.showsSample
        ? """
        Where people listen. New York and its surroundings are far ahead of all others; each bar \
        opens into its plays again. t shows the same as a table, E writes it to a file.
        """
        : """
        Where people listen, the busiest places first; each bar opens into its plays again. t shows \
        the same as a table, E writes it to a file.
        """
    },
    moves: toQuery("locations"), waitsFor: "the answer",
    isShown: { $0.showsAnswer(of: "locations") }, hasFailed: { $0.failsToAnswer("locations") })

  static let rhythm = DemoStep(
    "The rhythm of a week",
    text: { model in
      model.showsSample
        ? """
        Hours across, weekdays down. Nights are quiet, afternoons busy, and at weekends \
        half as much is played. Here too every cell opens into its plays.
        """
        : """
        Hours across, weekdays down: the fuller a cell, the more was played then. Here \
        too every cell opens into its plays.
        """
    },
    moves: toQuery("weekday-hours"), waitsFor: "the answer",
    isShown: { $0.showsAnswer(of: "weekday-hours") },
    hasFailed: { $0.failsToAnswer("weekday-hours") })

  private static func toQuery(_ name: String) -> [DemoMove] {
    [
      .act(.show(.queries)),
      .wait(until: { $0.queries.listing.value != nil && !$0.queries.listing.isLoading }),
      .again(.back, until: { $0.queries.mode == .list && $0.queries.listFilter.isEmpty }),
      .act(.move(.first)),
      .again(.move(.down), until: { $0.queries.selected?.name == name }),
      .act(.queries(.run), if: { $0.queries.selected?.name == name }),
    ]
  }

  // MARK: SQL

  static let sql = DemoStep(
    "Questions of your own",
    text: { model in
      model.showsSample
        ? """
        SQL with completion and a history, read-only until it is unlocked. This statement asks for \
        the hit's plays in each week: from next to nothing to the song of the month.
        """
        : """
        SQL with completion and a history, read-only until it is unlocked. What is written there \
        runs with F5, and rows come as the server finds them.
        """
    },
    moves: [
      .act(.show(.sql)), .act(.sql(.write), if: { $0.sql.editor.buffer.isEmpty }),
      .type(ownQuery, if: { $0.sql.editor.buffer.isEmpty }),
      .act(.sql(.run), if: { $0.sql.editor.text == ownQuery }),
      .press(.escape, if: { $0.sql.isTyping }),
    ],
    waitsFor: "the answer", isShown: { !$0.sql.isRunning })

  /// Without indents, which the editor makes by itself, and of five lines, as many as there is room
  /// for at 80×24.
  private static let ownQuery = """
    SELECT t.week, count(*) AS plays
    FROM songplays AS p JOIN songs AS s ON s.song_id = p.song_id
    JOIN time AS t ON t.start_time = p.start_time
    WHERE s.title = 'Satellite Summer'
    GROUP BY t.week ORDER BY t.week
    """
}

extension Model {
  /// Whether the plays are on top, with rows.
  fileprivate var showsPlays: Bool {
    guard let view = tables.view else { return false }
    return view.query?.table.name.table.name == StarTable.songplays.name && view.grid.hasCell
  }

  /// Whether the plays are selected in the star.
  fileprivate var selectsPlays: Bool {
    let items = tables.layout.items
    return items.indices.contains(tables.selected)
      && items[tables.selected].name.table.name == StarTable.songplays.name
  }

  /// Whether the answer of a query is on the screen.
  fileprivate func showsAnswer(of query: String) -> Bool {
    queries.mode == .result && queries.result?.query.name == query && queries.hasRows
      && !queries.isRunning
  }

  fileprivate func failsToAnswer(_ query: String) -> Bool {
    guard let result = queries.result, result.query.name == query else { return false }
    if case .failed = result.phase { return true }
    return false
  }
}

extension QueriesScreen {
  fileprivate var hasRows: Bool { (result?.count ?? 0) > 0 }
}
