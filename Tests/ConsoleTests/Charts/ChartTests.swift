import Testing
import Warehouse

@testable import Console

@Suite("A chart")
struct ChartTests {
  private static let names = [
    ResultColumn(name: "place", kind: .text), ResultColumn(name: "change", kind: .number),
  ]

  private func chart(
    _ spec: ChartSpec, _ columns: [ResultColumn], _ rows: [[String?]]
  ) throws -> Chart {
    try Chart(spec, columns: columns, rows: rows)
  }

  @Test("draws bars to both sides, wide and empty names, and NULL as no bar")
  func bars() throws {
    let rows: [[String?]] = [
      ["東京都渋谷区", "12.5"], ["plain", "-3"], ["a very long label that must be cut", "8"],
      ["nothing", nil], ["", "0.01"],
    ]
    let drawn = try chart(.init(.bar, x: "place", y: "change"), Self.names, rows)
    #expect(
      drawn.text(width: 40, glyphs: .unicode) == """
        change by place
        place             change
        東京都渋谷区        12.5     ███████████
        plain                 -3  ▐██│
        a very long lab…       8     ███████▎
        nothing             NULL     │
        (empty)             0.01     ▏

        """)
    #expect(drawn.text(width: 40, glyphs: .ascii).unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test("puts the tail of many names into one bar where they add up, else says how many there are")
  func other() throws {
    let rows: [[String?]] = (1...60).reversed().map { ["x\($0)", "\($0)"] }
    let sums = try chart(.init(.bar, x: "place", y: "change", addsUp: true), Self.names, rows)
    let text = sums.text(width: 40, glyphs: .unicode, rows: 41)
    // It sets no scale: it goes on beyond the edge.
    #expect(text.contains("other (21)     231  ███████████████████▶\n"))
    #expect(text.contains("x60             60  ████████████████████\n"))
    #expect(!text.contains("x21 "))
    #expect(sums.items.count == 60)
    let records = try chart(.init(.bar, x: "place", y: "change"), Self.names, rows)
    let told = records.text(width: 40, glyphs: .unicode, rows: 41)
    #expect(told.contains("\nand 21 more\n") && !told.contains("other"))
    var frame = Frame(Size(columns: 40, rows: 41))
    records.draw(in: frame.bounds, of: &frame, selected: 0)
    #expect(frame.text.contains("and 21 more: → goes to them"))
  }

  @Test("a text has every bar up to a limit, and says how many it leaves out")
  func allBars() throws {
    let columns = ["g", "y"].map { ResultColumn(name: $0, kind: .number) }
    let rows: [[String?]] = (0...300).map { ["\($0)", "\($0 % 7)"] }
    func text(_ count: Int) throws -> [Substring] {
      try chart(.init(.bar, x: "g", y: "y"), columns, Array(rows.prefix(count)))
        .text(width: 80, glyphs: .unicode).split(separator: "\n")
    }
    let all = try text(101)
    #expect(all.count == 103 && all.last?.hasPrefix("100 ") == true)
    #expect(try text(301).last == "and 52 more")
  }

  @Test("bars keep their lengths while one scrolls, and the edge says which are seen")
  func scrolling() throws {
    let rows: [[String?]] = (1...30).map { ["x\($0)", "\($0)"] }
    let drawn = try chart(.init(.bar, x: "place", y: "change"), Self.names, rows)
    func line(_ name: String, selected: Int) -> Substring? {
      var frame = Frame(Size(columns: 40, rows: 10))
      drawn.draw(in: frame.bounds, of: &frame, selected: selected)
      return frame.text.split(separator: "\n").first { $0.hasPrefix(name) }
    }
    let first = try #require(line("x5 ", selected: 0))
    #expect(line("x5 ", selected: 12) == first)
    let place = Rect(row: 0, column: 0, rows: 10, columns: 40)
    #expect(drawn.position(in: place, selected: 0, showsValues: false) == "1–8 of 30")
    #expect(drawn.position(in: place, selected: 12, showsValues: false) == "5–13 of 30")
    let high = Rect(row: 0, column: 0, rows: 31, columns: 40)
    #expect(drawn.position(in: high, selected: 0, showsValues: false) == nil)
  }

  @Test("the head of a measure may reach over the bars")
  func longHead() throws {
    let columns = [
      ResultColumn(name: "listener", kind: .text),
      ResultColumn(name: "longest_streak", kind: .integer),
    ]
    let drawn = try chart(
      .init(.bar, x: "listener", y: "longest_streak"), columns, [["a", "15"], ["b", "3"]])
    #expect(drawn.text(width: 40, glyphs: .unicode).contains("\nlistener  longest_streak\n"))
  }

  @Test("a histogram of nothing has no ranges, and one of equal values has one")
  func fewValues() throws {
    let columns = [ResultColumn(name: "v", kind: .integer)]
    let none = try chart(.init(.histogram, x: "v"), columns, [])
    #expect(none.text(width: 40, glyphs: .unicode).contains("no rows to draw"))
    let equal = try chart(.init(.histogram, x: "v"), columns, [["7"], ["7"], [nil]])
    #expect(equal.items.map(\.text) == ["v 7  rows 2", "v NULL  rows 1"])
    #expect(equal.items.map(\.rows) == [[0, 1], [2]])
  }

  private func hours() throws -> Chart {
    let columns = [
      ResultColumn(name: "day", kind: .text), ResultColumn(name: "hour", kind: .integer),
      ResultColumn(name: "plays", kind: .integer),
    ]
    let rows: [[String?]] = ["Sun", "Mon", "Thu"].flatMap { day in
      (0..<24).map { [day, "\($0)", "\(1000 + $0)"] }
    }
    return try chart(.init(.heat, x: "hour", y: "day", value: "plays"), columns, rows)
  }

  @Test("a heat map leaves its values out before it leaves columns out, and says so")
  func heatWithValues() throws {
    let drawn = try hours()
    let text = drawn.text(width: 80, glyphs: .unicode, showsValues: true)
    #expect(text.contains("without values: they need 149 columns"))
    #expect(text.contains("22 23") || text.contains("22  23"), "\(text)")
    #expect(!text.contains("1,023"))
    let wide = drawn.text(width: 149, glyphs: .unicode, showsValues: true)
    #expect(wide.contains("1,023") && !wide.contains("without values"))
    let narrow = drawn.text(width: 20, glyphs: .unicode)
    #expect(narrow.contains("columns 1–15 of 24 →"), "\(narrow)")
    let place = Rect(row: 0, column: 0, rows: 20, columns: 76)
    #expect(drawn.position(in: place, selected: 0, showsValues: true) == "1–11 of 24 →")
    #expect(drawn.position(in: place, selected: 20, showsValues: true) == "← 11–21 of 24 →")
    #expect(drawn.position(in: place, selected: 0, showsValues: false) == nil)
  }

  @Test("weekdays stand from Monday on, in whatever order they come")
  func weekdays() throws {
    let lines = try hours().text(width: 80, glyphs: .unicode).split(separator: "\n")
    #expect(lines.dropFirst(3).prefix(3).map { $0.prefix(3) } == ["Mon", "Thu", "Sun"])
  }

  @Test("names of columns stay within the map")
  func heatNames() throws {
    let columns = [
      ResultColumn(name: "x", kind: .text), ResultColumn(name: "y", kind: .text),
      ResultColumn(name: "v", kind: .integer),
    ]
    let rows: [[String?]] = (0..<6).map { ["a very long name \($0)", "y", "\($0)"] }
    let drawn = try chart(.init(.heat, x: "x", y: "y", value: "v"), columns, rows)
    var frame = Frame(Size(columns: 40, rows: 8))
    drawn.draw(in: Rect(row: 0, column: 0, rows: 8, columns: 33), of: &frame)
    #expect(frame.text.split(separator: "\n").allSatisfy { $0.count <= 33 })
  }

  @Test("of many rows each thing is put into words alone when it is pointed at")
  func many() throws {
    let rows: [[String?]] = (0..<100_000).map { ["x\($0)", "\($0 * 2)"] }
    let bars = try chart(.init(.bar, x: "place", y: "change"), Self.names, rows)
    #expect(bars.itemCount == 100_000)
    #expect(
      bars.item(99_999) == Chart.Item(text: "place x99999  change 199,998", rows: [99_999]))
    #expect(bars.item(100_000) == nil && bars.item(-1) == nil)
    #expect(bars.neighbour(of: 99_998, right: 0, down: 10) == 99_999)
    let numbers = ["at", "change"].map { ResultColumn(name: $0, kind: .number) }
    let points: [[String?]] = (0..<20_000).map { ["\($0 % 10_000)", "\($0)"] }
    let lines = try chart(.init(.line, x: "at", y: "change"), numbers, points)
    #expect(lines.itemCount == 10_000)
    #expect(lines.item(7)?.rows == [7, 10_007])
    let frame = Frame(Size(columns: 60, rows: 16)).with {
      lines.draw(in: $0.bounds, of: &$0, selected: 9_999, showsValues: true)
    }
    #expect(frame.target(row: 5, column: 20) != nil)
  }

  @Test("stands ordered bars upright, below zero too")
  func upright() throws {
    let columns = [
      ResultColumn(name: "n", kind: .integer), ResultColumn(name: "v", kind: .integer),
    ]
    let rows: [[String?]] = (-2...2).map { ["\($0)", "\($0 * 4)"] }
    let drawn = try chart(.init(.bar, x: "n", y: "v"), columns, rows)
    var frame = Frame(Size(columns: 30, rows: 12))
    drawn.draw(in: frame.bounds, of: &frame, selected: 4)
    #expect(
      frame.text == """
        v
             10 ┤                ▂▂▂
                │                ███
                │            ▅▅▅ ███
              0 ┤            ███ ███
                │███ ███
             -5 ┤███ ▀▀▀
                │███
            -10 ┤
                └────────────────▲▲▲──
                 -2  -1  0   1   2
                 n
        """)
  }

  @Test("breaks a line at NULL and tells lines apart without colour")
  func lines() throws {
    let columns = [
      ResultColumn(name: "day", kind: .date), ResultColumn(name: "plays", kind: .integer),
      ResultColumn(name: "level", kind: .text),
    ]
    let rows: [[String?]] = [
      ["2018-11-01", "1", "paid"], ["2018-11-02", "4", "paid"], ["2018-11-03", nil, "paid"],
      ["2018-11-04", "9", "paid"], ["2018-11-05", "8", "paid"], ["2018-11-01", "3", "free"],
      ["2018-11-05", "1", "free"],
    ]
    let drawn = try chart(
      .init(.line, x: "day", y: "plays", series: "level"), columns, rows)
    let text = drawn.text(width: 50, glyphs: .unicode)
    #expect(text.contains("plays   A paid   B free"))
    #expect(text.contains(" B\n"))
    let gap = text.split(separator: "\n").filter { $0.contains("┤") || $0.contains("│") }
      .prefix(5).allSatisfy {
        !$0.prefix(28).contains { $0.unicodeScalars.first?.value ?? 0 > 0x2800 }
      }
    #expect(gap)
    #expect(drawn.items[0].text == "day 2018-11-01  paid 1  free 3")
    #expect(drawn.items[0].rows == [0, 5])
    #expect(drawn.items[2].text == "day 2018-11-03  paid NULL")
  }

  @Test(
    "writes round times below an axis, and the whole of the one selected",
    arguments: [
      (["2018-11-01 10:07:02.796", "2018-11-11 02:52:38.796"], ["2018-11-02 ", " 2018-11-08"]),
      (["2018-11-01 10:07:02.796", "2018-11-01 22:52:38.796"], ["2018-11-01 12:00 ", " 18:00"]),
      (["2018-11-01 10:07:02.796", "2018-11-01 10:08:38.796"], [" 10:07:30 ", " 10:08:30"]),
      (["2018-11-01 10:07:02.796", "2018-11-30 10:08:38.796"], [" 2018-11-05 ", " 2018-11-26"]),
      (["2018-01-11 10:07:02.796", "2019-03-30 10:08:38.796"], [" 2018-04 ", " 2019-01"]),
    ])
  func times(times: [String], ticks: [String]) throws {
    let columns = [
      ResultColumn(name: "at", kind: .timestamp), ResultColumn(name: "plays", kind: .integer),
    ]
    let drawn = try chart(
      .init(.line, x: "at", y: "plays"), columns, [[times[0], "1"], [times[1], "2"]])
    let text = drawn.text(width: 70, glyphs: .unicode)
    #expect(ticks.allSatisfy { text.contains($0) } && !text.contains(".796"), "\(text)")
    #expect(drawn.items[0].text == "at \(times[0])  plays 1")
  }

  @Test("counts values in ranges that it names")
  func histogram() throws {
    let columns = [ResultColumn(name: "v", kind: .integer)]
    let rows: [[String?]] = [["1"], ["2"], ["2"], ["9"], [nil]]
    let drawn = try chart(.init(.histogram, x: "v"), columns, rows)
    #expect(drawn.items.map(\.text).contains("v NULL  rows 1"))
    #expect(drawn.items.first { $0.text.hasPrefix("v 2 – 3") }?.rows == [1, 2])
    #expect(drawn.items.flatMap(\.rows).sorted() == [0, 1, 2, 3, 4])
  }

  @Test("keeps numbers in their order beside a NULL, which comes last")
  func missingPlace() throws {
    let columns = ["a", "b"].map { ResultColumn(name: $0, kind: .integer) }
    let rows: [[String?]] = [["10", "1"], [nil, "2"], ["9", "3"], ["11", "4"]]
    let lines = try chart(.init(.line, x: "a", y: "b"), columns, rows)
    #expect(
      lines.items.map(\.text) == ["a 9  b 3", "a 10  b 1", "a 11  b 4", "a NULL  b 2"])
    let heat = try chart(
      .init(.heat, x: "a", y: "b", value: "b"), columns, rows)
    #expect(heat.text(width: 60, glyphs: .unicode).contains("9    10   11   NULL"))
  }

  @Test("shades where two columns meet, and goes from cell to cell")
  func heat() throws {
    let columns = ["a", "b", "c"].map { ResultColumn(name: $0, kind: .integer) }
    let rows: [[String?]] = [
      ["1", "1", "0"], ["2", "1", "5"], ["1", "2", "10"], ["3", "2", "4"],
    ]
    let drawn = try chart(.init(.heat, x: "a", y: "b", value: "c"), columns, rows)
    #expect(
      drawn.text(width: 60, glyphs: .unicode) == """
        c by a and b
        b ↓  a →
           1    2    3
        1  ·····▒▒▒▒▒
        2  █████     ▒▒▒▒▒
        c:  ·· from 0  ░░ from 2  ▒▒ from 4  ▓▓ from 6  ██ from 8

        """)
    #expect(drawn.neighbour(of: 0, right: 1, down: 0) == 1)
    #expect(drawn.neighbour(of: 2, right: 1, down: 0) == 3)
    #expect(drawn.neighbour(of: 0, right: 0, down: 1) == 2)
    #expect(drawn.items[3].text == "b 2  a 3  c 4")
  }

  @Test("fits any size, and none", arguments: [(1, 1), (3, 2), (20, 5), (41, 9), (300, 90)])
  func sizes(columns: Int, rows: Int) throws {
    let names = [
      ResultColumn(name: "day", kind: .date), ResultColumn(name: "n", kind: .integer),
      ResultColumn(name: "v", kind: .number),
    ]
    let values: [[String?]] = (0..<40).map {
      ["2018-11-\(($0 % 28 + 1).padded(2))", "\($0 % 7)", $0 % 5 == 0 ? nil : "\($0)e300"]
    }
    let specs = [
      ChartSpec(.bar, x: "n", y: "v"), ChartSpec(.bar, x: "day", y: "v"),
      ChartSpec(.line, x: "day", y: "v", series: "n"), ChartSpec(.histogram, x: "v"),
      ChartSpec(.heat, x: "day", y: "n", value: "v"),
    ]
    for spec in specs {
      for rows in [values, [], [[nil, nil, nil]]] as [[[String?]]] {
        var frame = Frame(Size(columns: columns, rows: 9))
        try chart(spec, names, rows).draw(in: frame.bounds, of: &frame, selected: 3)
        _ = try chart(spec, names, rows).text(width: columns, glyphs: .unicode)
      }
    }
  }

  @Test("has ticks at 1, 2 and 5 times a power of ten")
  func ticks() {
    #expect(NiceScale([0, 97], count: 5, holdsZero: true).ticks == [0, 20, 40, 60, 80, 100])
    #expect(NiceScale([3.2, 4.1], count: 4, holdsZero: false).step == 0.5)
    #expect(NiceScale([5, 5], count: 4, holdsZero: false).ticks.count >= 2)
    #expect(NiceScale([], count: 4, holdsZero: true).ticks.first == 0)
    let scale = NiceScale([0, 1_500_000], count: 3, holdsZero: true)
    #expect(scale.ticks.map { scale.label($0) } == ["0", "500k", "1.0M", "1.5M"])
    #expect(ChartNumber.text(1234.5) == "1,234.5")
    #expect(ChartNumber.text(.nan) == "?")
  }

  private static let series = ["level", "day", "plays"].map {
    ResultColumn(
      name: $0, kind: $0 == "day" ? .date : $0 == "plays" ? .integer : .text)
  }

  @Test("draws a sparkline for each series over one axis, with gaps, and what it ends with")
  func sparklines() throws {
    let rows: [[String?]] = [
      ["paid", "2018-11-01", "10"], ["paid", "2018-11-02", "1200"], ["paid", "2018-11-04", "40"],
      ["free", "2018-11-02", "7"], ["free", "2018-11-03", "7"],
    ]
    let spec = try #require(
      try ChartSpec(header: "sparkline x=day y=plays series=level", columns: Self.series))
    let drawn = try chart(spec, Self.series, rows)
    #expect(
      drawn.text(width: 40, glyphs: .unicode, showsValues: true) == """
        plays over day, by level
        level  pla…  last  least   most
        paid   ▁█ ▁    40     10  1,200
        free    ▄▄      7      7      7
        each line between its own least and mos…

        """)
    #expect(drawn.items[1].rows == [3, 4])
    #expect(drawn.items[0].text == "level paid  plays: last 40  least 10  most 1,200")
  }

  @Test("is a grid of sparklines, too: a row for each series, with gaps, last, least and most")
  func sparklineGrid() throws {
    let rows: [[String?]] = [
      ["paid", "2018-11-01", "10"], ["paid", "2018-11-02", "1200"], ["paid", "2018-11-04", "40"],
      [nil, "2018-11-03", "7"],
    ]
    let spec = ChartSpec(.sparkline, x: "day", y: "plays", series: "level")
    let drawn = try chart(spec, Self.series, rows)
    let grid = try #require(drawn.table)
    #expect(grid.columns.map(\.title) == ["level", "plays over day", "last", "least", "most"])
    #expect(
      grid.rows == [["paid", "10,1200,,40", "40", "10", "1200"], ["NULL", ",,7,", "7", "7", "7"]])
    #expect(drawn.series(named: "NULL") == 1)
  }

  @Test("refuses sparklines of more values than can be held")
  func tooManySeries() {
    let rows: [[String?]] = (0..<2000).map { ["\($0)", "2018-11-01 00:00:\($0)", "1"] }
    let columns = [
      ResultColumn(name: "level", kind: .text), ResultColumn(name: "at", kind: .text),
      ResultColumn(name: "plays", kind: .integer),
    ]
    #expect(throws: WarehouseError.self) {
      try chart(.init(.sparkline, x: "at", y: "plays", series: "level"), columns, rows)
    }
  }

  @Test("tells what is measured: as its header says, or as the column's name does")
  func units() throws {
    let columns = ["day", "paid_share", "mean_minutes"].map {
      ResultColumn(name: $0, kind: $0 == "day" ? .date : .number)
    }
    let rows: [[String?]] = [["2018-11-01", "78.3", "12"], ["2018-11-02", nil, "3.5"]]
    let spec = try #require(
      try ChartSpec(header: "line x=day y=paid_share unit=%", columns: columns))
    let lines = try chart(spec, columns, rows)
    #expect(
      lines.text(width: 40, glyphs: .unicode).hasPrefix("paid_share, % over day\npaid_share, %"))
    #expect(lines.item(0)?.text == "day 2018-11-01  paid_share 78.3 %")
    #expect(lines.item(1)?.text == "day 2018-11-02  paid_share NULL")
    let bars = try chart(.init(.bar, x: "day", y: "mean_minutes"), columns, rows)
    #expect(bars.title == "mean_minutes by day")
    #expect(bars.item(1)?.text == "day 2018-11-02  mean_minutes 3.5 min")
  }

  @Test("offers only what its columns can mean")
  func offers() {
    func kinds(_ columns: (String, ColumnKind)...) -> [ChartSpec.Kind] {
      let columns = columns.map { ResultColumn(name: $0.0, kind: $0.1) }
      return ChartSpec.Kind.allCases.filter { ChartSpec.best($0, for: columns) != nil }
    }
    #expect(
      kinds(("location", .text), ("plays", .integer), ("listeners", .integer))
        == [.bar, .line, .histogram])
    #expect(
      kinds(("weekday", .integer), ("hour", .integer), ("plays", .integer))
        == [.bar, .line, .histogram, .heat, .sparkline])
    #expect(
      kinds(("day", .date), ("plays", .integer), ("sessions", .integer))
        == [.bar, .line, .histogram])
  }

  @Test("writes values on request: over bars where they fit, at points, into cells")
  func values() throws {
    let columns = ["hour", "plays"].map { ResultColumn(name: $0, kind: .integer) }
    let rows: [[String?]] = (0..<6).map { ["\($0)", "\(($0 + 1) * 111)"] }
    for kind in [ChartSpec.Kind.bar, .line] {
      let drawn = try chart(.init(kind, x: "hour", y: "plays"), columns, rows)
      #expect(!drawn.text(width: 70, glyphs: .unicode).contains("666"))
      #expect(drawn.text(width: 70, glyphs: .unicode, showsValues: true).contains("666"))
    }
    // Where they do not fit above, the bars lie down.
    let wide = try chart(.init(.bar, x: "hour", y: "plays"), columns, rows)
    #expect(wide.text(width: 24, glyphs: .unicode, showsValues: true).contains("0       111  "))
    let three = ["a", "b", "c"].map { ResultColumn(name: $0, kind: .integer) }
    let heat = try chart(
      .init(.heat, x: "a", y: "b", value: "c"), three, [["1", "1", "1234"], ["2", "1", "5"]])
    #expect(heat.text(width: 40, glyphs: .unicode, showsValues: true).contains("1  1,234     5"))
  }

  @Test("draws a row of values in a cell")
  func sparkline() {
    #expect(Sparkline.text([0, 1, nil, 7]) == "▁▂ █")
    #expect(Sparkline.text([0, 7], glyphs: .ascii) == "_#")
  }
}

@Suite("What a chart is made of")
struct ChartSpecTests {
  private let columns = [
    ResultColumn(name: "user_id", kind: .integer), ResultColumn(name: "day", kind: .date),
    ResultColumn(name: "plays", kind: .integer),
  ]

  @Test("comes from the header, or suits the columns")
  func header() throws {
    #expect(
      try ChartSpec(header: "heatmap x=day y=user_id value=plays", columns: columns)
        == ChartSpec(.heat, x: "day", y: "user_id", value: "plays"))
    #expect(
      try ChartSpec(header: nil, columns: columns) == ChartSpec(.line, x: "day", y: "plays"))
    #expect(try ChartSpec(header: "none", columns: columns) == nil)
    #expect(try ChartSpec(header: nil, columns: [columns[0]]) == nil)
  }

  @Test("says what is wrong with a header")
  func wrong() {
    #expect(throws: WarehouseError.self) {
      try ChartSpec(header: "pie x=day", columns: columns)
    }
    #expect(throws: WarehouseError.self) {
      try ChartSpec(header: "bar x=day y=nothing", columns: columns)
    }
  }

  @Test("may add what is beyond its bars where the header says so")
  func rest() throws {
    #expect(try ChartSpec(header: "bar x=day y=plays other=sum", columns: columns)?.addsUp == true)
    #expect(try ChartSpec(header: "bar x=day y=plays", columns: columns)?.addsUp == false)
    #expect(throws: WarehouseError.self) {
      try ChartSpec(header: "bar x=day y=plays other=mean", columns: columns)
    }
  }

  @Test("a header can be checked before there is a result")
  func check() throws {
    try ChartSpec.check(header: "none")
    try ChartSpec.check(header: "heatmap x=a y=b value=c")
    #expect(throws: WarehouseError.self) { try ChartSpec.check(header: "pie x=a") }
  }

  @Test("knows the day of a number")
  func dayNumbers() {
    for number in stride(from: 700_000, to: 760_000, by: 17) {
      #expect(ChartAxis.days(Timestamp(axisSecond: number * 86_400).dateText) == Double(number))
    }
    let monday = ChartAxis.days("2018-11-05").map { Int($0) % 7 }
    #expect(monday == TimeTicks.monday)
  }

  @Test("writes a mean with six significant digits")
  func significant() {
    #expect(ChartNumber.significant("1360.5122851772287863") == "1,360.51")
    #expect(ChartNumber.significant("0.000123456789") == "0.000123457")
    #expect(ChartNumber.significant("-12.5000") == "-12.5")
    #expect(ChartNumber.significant("12345678.9") == "12,345,679")
    #expect(ChartNumber.significant("NaN") == "NaN")
  }

  @Test("counts days through leap years")
  func days() {
    let days = ["2000-02-28", "2000-02-29", "2000-03-01", "2001-03-01"].compactMap(ChartAxis.days)
    #expect(zip(days, days.dropFirst()).map { $1 - $0 } == [1, 1, 365])
    #expect(
      ChartAxis.days("2018-11-30 12:00:00").map { $0.truncatingRemainder(dividingBy: 1) } == 0.5)
    #expect(ChartAxis.days("infinity") == nil)
  }
}

extension Chart {
  /// All that can be pointed at.
  fileprivate var items: [Item] { (0..<itemCount).compactMap { item($0) } }
}
