import Warehouse

/// Which of the rows that are here are wanted.
enum RowChoice: Hashable, Sendable {
  /// Those with the value under the cursor.
  case equal
  /// Those with another value, NULL among them.
  case differing
  /// Those in which the text is found that is looked for.
  case found
}

extension ResultView {
  /// Shows some of the rows by themselves; what was chosen before holds too.
  mutating func keep(_ choice: RowChoice) {
    let shown = shownGrid
    guard let column = shown.currentColumn, let value = shown.currentValue else { return }
    let rows = shown.rows.filter { row in
      switch choice {
      case .equal: shown.value(row, column) == value
      case .differing: shown.value(row, column) != value
      case .found:
        shown.displayed.contains { column in
          shown.value(row, column).map { contains(shown.search, [$0, column.text($0)]) } ?? false
        }
      }
    }
    var kept = Grid(ResultSet(columns: columns, rows: rows))
    kept.arrange(shown.arrangement)
    let words = ResultView.words(choice, column.title, value, search: shown.search)
    let before = behind.map { $0.title + " and " } ?? ""
    behind = Behind(title: before + words, grid: kept)
  }

  private static func words(
    _ choice: RowChoice, _ column: String, _ value: String?, search: String
  ) -> String {
    switch choice {
    case .equal: "\(column) = \(value ?? "NULL")"
    case .differing: "\(column) ≠ \(value ?? "NULL")"
    case .found: "with \"\(search)\""
    }
  }

  /// Why rows cannot be chosen; nil when they can.
  func refusal(toKeep choice: RowChoice) -> String? {
    if behind == nil, chart != nil { return "only in a table; t shows it" }
    if !shownGrid.hasCell { return "there is no row" }
    return choice == .found && shownGrid.search.isEmpty
      ? "nothing is looked for: / begins" : nil
  }

  /// What the rows that are here say of the column under the cursor; nil where there is none.
  var profile: ColumnProfile? {
    guard let column = shownGrid.currentColumn else { return nil }
    let grid = shownGrid
    return ColumnProfile(
      of: grid.rows.map { grid.value($0, column) }, named: column.title, column.kind,
      isSample: !isComplete)
  }

  /// Asks for a share of the rows.
  var sharePrompt: Prompt {
    Prompt(
      purpose: .shareOfResult, title: "Go to", text: "A share of the rows that are here: 50%.",
      current: "")
  }

  /// Goes to a share of the rows that are here, in percent.
  mutating func go(toShare percent: Double, in room: Rect) {
    let last = Double(max(0, shownGrid.rows.count - 1))
    let row = Int((last * min(max(0, percent), 100) / 100).rounded())
    shownGrid.select(row: row, height: Grid.height(in: place(in: room)))
  }
}

extension ColumnProfile {
  private static let topCount = 10
  private static let binCount = 16

  /// What values say that are held here.
  ///
  /// - Parameter isSample: whether there are more.
  init(of values: [String?], named name: String, _ kind: ColumnKind, isSample: Bool) {
    let known = values.compactMap { $0 }
    let counts = known.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    let column = TableColumn(
      name: name, type: "\(kind)", kind: kind, isNullable: known.count < values.count)
    self.init(
      column: column, rows: values.count, isSample: isSample, nulls: values.count - known.count,
      distinct: counts.count)
    top = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.topCount)
      .map { Frequency(value: $0.key, count: $0.value) }
    let numbers = known.compactMap { ChartAxis.number($0, kind) }
    guard numbers.count == known.count, let low = numbers.min(), let high = numbers.max() else {
      (least, greatest) = (counts.keys.min(), counts.keys.max())
      return
    }
    (least, greatest) = (
      zip(numbers, known).first { $0.0 == low }?.1, zip(numbers, known).first { $0.0 == high }?.1
    )
    if kind.isNumeric {
      mean = ChartNumber.plain(numbers.reduce(0, +) / Double(numbers.count))
    }
    histogram = Array(repeating: 0, count: Self.binCount)
    for number in numbers {
      let share = high > low ? (number - low) / (high - low) : 0
      histogram[min(Self.binCount - 1, max(0, Int(share * Double(Self.binCount))))] += 1
    }
  }
}
