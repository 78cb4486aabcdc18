import Warehouse

/// How the command log is looked at.
struct LogView: Equatable, Sendable {
  var position = ListPosition()
  /// Only statements that contain this are shown.
  var filter = ""
}

/// The statements that ran: the last ones, and how many there were.
struct StatementLog: Equatable, Sendable {
  private(set) var records: [StatementRecord] = []
  private(set) var total = 0

  /// So many are kept.
  static let limit = 2000

  /// Adds a statement. The oldest go in blocks, so that each costs little.
  mutating func append(_ record: StatementRecord) {
    records.append(record)
    total += 1
    if records.count > StatementLog.limit + 200 {
      records.removeFirst(records.count - StatementLog.limit)
    }
  }

  /// Those whose SQL or error contains a text, in capitals or not.
  func records(containing text: String) -> [StatementRecord] {
    guard !text.isEmpty else { return records }
    return records.filter { contains(text, [$0.sql, $0.error?.message ?? ""]) }
  }

  /// A statement in full.
  static func viewer(_ record: StatementRecord) -> TextViewer {
    var lines = TextPane.lines(record.sql)
    lines += [Line()] + FactList.lines(StatementLog.facts(record))
    if let error = record.error { lines += [Line()] + RunProgress.lines(error) }
    return TextViewer(title: "Statement", lines: lines, copy: record.sql)
  }

  private static func facts(_ record: StatementRecord) -> [Fact] {
    var facts = [
      Fact("began", Timestamp(milliseconds: record.startedAt).text),
      Fact("took", Quantity.duration(record.duration)),
    ]
    if let rows = record.rows { facts.append(Fact("rows", Quantity.count(rows))) }
    if record.parameterCount > 0 {
      facts.append(Fact("parameters", "\(record.parameterCount), not kept"))
    }
    return facts
  }

  /// Draws the list.
  func draw(in place: Rect, _ view: LogView, of frame: inout Frame) {
    let style = Style(role: .focus)
    let all = self.records.count
    let records = records(containing: view.filter)
    let note =
      !view.filter.isEmpty
      ? "/ \(view.filter): \(Quantity.count(records.count)) of \(Quantity.count(all))"
      : total > all
        ? "last \(Quantity.count(all)) of \(Quantity.count(total))"
        : Quantity.counted(total, "statement")
    let inner = frame.box(
      place, title: Line("Command log", .accent.bold), trailing: Line(note), style: style)
    let table = Table(
      columns: [
        .init(title: "Time (UTC)", width: .fixed(12)),
        .init(title: "Took", width: .fixed(9), alignment: .right),
        .init(title: "Rows", width: .fixed(11), alignment: .right),
        .init(title: "Statement", width: .flexible()),
      ],
      count: records.count, position: view.position, pane: "log",
      placeholder: Line(
        view.filter.isEmpty ? "No statement has run yet." : "No statement is like that.", .muted)
    ) { index in
      guard records.indices.contains(index) else { return .init(cells: []) }
      return StatementLog.row(records[index])
    }
    table.draw(in: inner, of: &frame)
  }

  private static func row(_ record: StatementRecord) -> Table.Row {
    let text = record.sql.prefix(400).split(whereSeparator: \.isWhitespace).prefix(60).joined(
      separator: " ")
    return .init(cells: [
      Line(Timestamp(milliseconds: record.startedAt).timeText, .muted),
      Line(Quantity.duration(record.duration)),
      Line(record.rows.map { Quantity.count($0) } ?? ""),
      record.error.map { Line("✗ \(text) · \($0.message)", .failure) } ?? Line(text),
    ])
  }
}
