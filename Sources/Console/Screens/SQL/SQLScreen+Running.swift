import Warehouse

extension SQLScreen {
  /// Runs the statements of a part of the text, one after the other.
  mutating func run(_ range: Range<TextPosition>?, _ context: Context) -> [Request] {
    guard let range else { return [.notice("there is no statement here")] }
    let text = editor.buffer.text(in: range)
    let pieces = StatementSplitter.split(text)
    guard !pieces.isEmpty else { return [.notice("there is no statement here")] }
    completion = nil
    let lines = LineIndex(text, at: range.lowerBound)
    results = pieces.map { piece in
      var result = SQLResult(
        sql: piece.text, origin: lines.position(ofByte: piece.range.lowerBound),
        version: editor.version)
      let earlier = results.last { $0.sql == piece.text }
      result.look = earlier.flatMap { $0.view.look ?? $0.look }
      return result
    }
    shown = 0
    return [.effect(.sql(.remember(text)))] + start(0, context.moment.uptime)
  }

  private mutating func start(_ index: Int, _ now: Duration) -> [Request] {
    guard results.indices.contains(index) else { return [] }
    runID += 1
    cancelledAt = nil
    shown = index
    results[index].state = .running(since: now)
    results[index].access = isUnlocked ? .writing : .reading
    return [
      .effect(
        .sql(
          .run(
            runID, sql: results[index].sql, access: results[index].access,
            limit: results[index].limit)))
    ]
  }

  /// Lets more rows come; where the server was let go meanwhile, by running it again.
  mutating func more(_ context: Context) -> [Request] {
    guard results.indices.contains(shown) else { return [] }
    results[shown].limit = min(RowBudget.mostRows, results[shown].limit + SQLResult.page)
    guard results[shown].state == .paused else {
      results[shown].wantedRow = results[shown].view.grid.row
      return start(shown, context.moment.uptime)
    }
    results[shown].state = .running(since: context.moment.uptime)
    return [.effect(.sql(.more(SQLResult.page)))]
  }

  /// Lets statements change things, or ends that.
  mutating func toggleLock() -> [Request] {
    isUnlocked.toggle()
    guard !isUnlocked else { return [] }
    transaction = nil
    return [.effect(.sql(.endWriting))]
  }

  /// Asks where the rows of the result that is shown go, and which.
  func export(_ context: Context) -> [Request] {
    guard results.indices.contains(shown) else { return [] }
    let result = results[shown]
    var choices = result.view.showsGrid ? result.view.shownGrid.exports : []
    if result.access == .reading {
      let run = QueryRun([Statement(result.sql)])
      choices.append(.init(title: "all", source: .run(run, result.view.grid.extent.total)))
    } else if choices.isEmpty {
      choices = result.view.grid.exports
    }
    let offer = ExportOffer(
      title: "the result", name: "result", choices: choices,
      chart: result.view.chartText(width: context.body.columns - 4, glyphs: context.glyphs))
    return [.overlay(.form(offer.form))]
  }

  /// Asks the server to stop; once it had time for it, the same again ends the session.
  mutating func cancel(_ context: Context) -> [Request] {
    if plan.isLoading { return cancelPlan(context) }
    let now = context.moment.uptime
    guard let cancelledAt else {
      self.cancelledAt = now
      return [.effect(.sql(.cancel))]
    }
    guard now - cancelledAt >= SQLScreen.cancelPatience else {
      return [.notice("the server was asked to stop already")]
    }
    let access = openIndex.map { results[$0].access } ?? .reading
    return [.effect(.sql(.terminate(access)))]
  }

  /// So long the server has for a cancel before its session can be ended.
  static let cancelPatience = Duration.seconds(2)

  /// Takes what happened.
  mutating func take(_ message: SQLMessage, _ context: Context) -> [Request] {
    switch message {
    case .came(let id, let event):
      guard id == runID, let index = openIndex else { return [] }
      return take(event, at: index)
    case .ended(let id, let end):
      guard id == runID, let index = openIndex else { return [] }
      return finish(end, at: index, context)
    case .namesLoaded(let id, let answer):
      names.finish(id, answer)
      if isTyping, completion != nil { complete() }
    case .historyLoaded(let statements): history = statements
    case .transaction(let open): transaction = isUnlocked ? open : nil
    case .explained(let id, let answer):
      return plan.finish(id, answer, of: "the statement", at: context.moment.uptime)
    case .textEdited(let text): takeEdited(text, context)
    }
    return []
  }

  private mutating func take(_ event: QueryRun.Event, at index: Int) -> [Request] {
    results[index].take(event)
    if results[index].isFull { return [.effect(.sql(.release))] }
    guard results[index].state == .paused else { return [] }
    // The server waits for nobody while others are to run, or when what it writes hangs on it.
    let isLast = index == results.count - 1
    return isLast && !isUnlocked ? [] : [.effect(.sql(.release))]
  }

  private mutating func finish(
    _ end: Result<QueryRun.End, WarehouseError>, at index: Int, _ context: Context
  ) -> [Request] {
    let now = context.moment.uptime
    if case .running(let since) = results[index].state { results[index].took = now - since }
    results[index].finish(end, cancelled: cancelledAt.map { now - $0 })
    cancelledAt = nil
    guard case .success = end else {
      for later in results.indices.dropFirst(index + 1) where results[later].state == .waiting {
        results[later].state = .skipped
      }
      return []
    }
    if results.indices.contains(index + 1), results[index + 1].state == .waiting {
      return start(index + 1, now)
    }
    // What changed tables may have changed names.
    return isUnlocked ? loadNames(context) : []
  }

  /// Asks for the names that completion knows.
  mutating func loadNames(_ context: Context) -> [Request] {
    [.effect(.sql(.loadNames(names.begin(at: context.moment.uptime))))]
  }

  /// What is marked in the editor: the statement that would run, and the error of the result that
  /// is shown while the text is still the one that ran.
  var marks: TextMarks {
    var marks = TextMarks(statement: editor.selection ?? editor.buffer.statement(at: editor.cursor))
    if results.indices.contains(shown), results[shown].version == editor.version,
      case .failed(let error) = results[shown].state, let position = error.position
    {
      marks.error = editor.buffer.position(position - 1, after: results[shown].origin)
    }
    return marks
  }
}

/// Finds the places of bytes in a text that begins at a place.
private struct LineIndex {
  private var starts: [Int] = [0]
  private let origin: TextPosition

  init(_ text: String, at origin: TextPosition) {
    self.origin = origin
    for (index, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(index + 1)
    }
  }

  func position(ofByte byte: Int) -> TextPosition {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= byte { low = middle } else { high = middle }
    }
    return TextPosition(
      line: origin.line + low, column: byte - starts[low] + (low == 0 ? origin.column : 0))
  }
}
