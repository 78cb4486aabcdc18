import Testing
import Warehouse

@testable import Console

@Suite("Widgets")
struct WidgetTests {
  @Test("a list scrolls only as far as the selection needs")
  func listPosition() {
    var position = ListPosition()
    for _ in 0..<4 { position.move(.down, count: 10, height: 3) }
    #expect((position.selected, position.top) == (4, 2))
    position.move(.up, count: 10, height: 3)
    #expect((position.selected, position.top) == (3, 2))
    position.move(.last, count: 10, height: 3)
    #expect((position.selected, position.top) == (9, 7))
    position.move(.pageUp, count: 10, height: 3)
    #expect((position.selected, position.top) == (7, 5))
    position.move(.first, count: 10, height: 3)
    #expect((position.selected, position.top) == (0, 0))
  }

  @Test("a list that became shorter or lower still shows its selection")
  func listShrinks() {
    var position = ListPosition()
    position.move(.last, count: 100, height: 10)
    #expect(position.selection(count: 5) == 4)
    #expect(position.firstRow(count: 5, height: 10) == 0)
    #expect(position.firstRow(count: 100, height: 4) == 96)
    #expect(position.firstRow(count: 0, height: 4) == 0)
    #expect(position.firstRow(count: 100, height: 0) == 0)
  }

  @Test("the wheel moves the list, and the selection only to stay in it")
  func wheel() {
    var position = ListPosition()
    position.scroll(3, count: 20, height: 5)
    #expect((position.selected, position.top) == (3, 3))
    position.scroll(-99, count: 20, height: 5)
    #expect((position.selected, position.top) == (3, 0))
  }

  @Test("a table has a header, columns that keep their places, and a scroll bar")
  func table() {
    let names = ["one", "東京都渋谷区", "three", "four", "five"]
    let table = Table(
      columns: [
        .init(title: "Name", width: .flexible()), .init(title: "", width: .fixed(0)),
        .init(title: "Rows", width: .fixed(5), alignment: .right),
      ],
      count: names.count, position: ListPosition(), pane: "names"
    ) { .init(cells: [Line(names[$0]), Line("hidden"), Line("\($0 * 100)")]) }
    let frame = Frame(Size(columns: 22, rows: 6)).with {
      let inner = $0.box($0.bounds)
      table.draw(in: inner, of: &$0)
    }
    #expect(
      frame.text == """
        ┌────────────────────┐
        │ Name          Rows │
        │ one              0 ┃
        │ 東京都渋谷…    100 │
        │ three          200 │
        └────────────────────┘
        """)
    #expect(frame[2, 2].style.role == .selection)
    #expect(frame.target(row: 3, column: 4) == .item("names", 1))
  }

  @Test(
    "a bar is exact to an eighth, and there is none without a total",
    arguments: [
      (0.0, "╌╌╌╌"), (0.5, "██╌╌"), (0.54, "██▏╌"), (1.0, "████"), (7.0, "████"), (-1.0, "╌╌╌╌"),
      (nil, ""),
    ] as [(Double?, String)])
  func progressBar(fraction: Double?, picture: String) {
    let frame = Frame(Size(columns: 4, rows: 1)).with {
      ProgressBar(fraction: fraction).draw(in: $0.bounds, of: &$0)
    }
    #expect(frame.text == picture)
  }

  @Test("a text is broken between words, behind its indent, and long words anywhere")
  func breaking() {
    func broken(_ text: String, _ columns: Int) -> [String] {
      TextPane.broken([Line(text)], columns: columns).map(\.text)
    }
    #expect(broken("one two three", 8) == ["one two ", "three"])
    #expect(broken("  one two three", 9) == ["  one two", "  three"])
    #expect(broken("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(broken("東京都渋谷区", 5) == ["東京", "都渋", "谷区"])
    #expect(broken("", 5) == [""])
    #expect(
      TextPane.broken([Line("key  a long value").hanging(5)], columns: 11).map(\.text) == [
        "key  a long", "     value",
      ])
    #expect(TextPane.lines("a\tb\nc").map(\.text) == ["a   b", "c"])
  }

  @Test("a word of a megabyte is broken in one pass, and not again for each frame")
  func longWord() {
    let word = String(repeating: "0123456789", count: 100_000)
    let lines = TextPane.broken([Line("key  ") + Line(word)], columns: 110)
    #expect(lines.map(\.text).joined().filter { $0 != " " } == "key" + word)
    #expect(lines.dropLast().allSatisfy { $0.width == 110 })
    let place = Rect(row: 0, column: 0, rows: 20, columns: 114)
    var viewer = TextViewer(title: "Row 1", lines: [Line(word)])
    viewer.lay(in: place)
    let laid = viewer.laid
    viewer.move(.last, in: place)
    viewer.search = "89"
    viewer.find(-1, from: -1, in: place)
    #expect(viewer.top > 9000 && viewer.laid == laid)
    viewer.lay(in: Rect(row: 0, column: 0, rows: 20, columns: 64))
    #expect(viewer.laid?.lines.first?.width == 60)
  }

  @Test("a field edits its line like a shell")
  func inputField() {
    var field = InputField("one two")
    func press(_ keys: Key...) -> String {
      for key in keys where !field.take(key) { return "refused" }
      return field.text
    }
    #expect(press(.control("w")) == "one ")
    #expect(press(.control("a"), "X") == "Xone ")
    #expect(press(.delete, .right, .backspace) == "Xe ")
    #expect(press(.control("k"), .left, .left, .backspace) == "X")
    #expect(field.cursor == 0)
    field.insert("a\nb")
    #expect(field.text == "a bX")
    #expect(press(.enter) == "refused")
    #expect(press(.up) == "refused")
    #expect(press(.control("u")) == "X")
  }

  @Test("a field shows its cursor, scrolled when it must")
  func fieldCursor() {
    let frame = Frame(Size(columns: 6, rows: 1)).with {
      InputField("東京 tokyo").draw(in: $0.bounds, of: &$0)
    }
    #expect(frame.text == "tokyo")
    #expect(frame.cursor?.column == 5)
  }
}

@Suite("Quantities")
struct QuantityTests {
  @Test("read as people write them")
  func texts() {
    #expect(Quantity.count(1_234_567) == "1,234,567")
    #expect(Quantity.count(-1_000) == "-1,000")
    #expect(Quantity.count(.min) == "-9,223,372,036,854,775,808")
    #expect(
      [0, 999, 1000, 9_960, 38_100_000, 932_000_000].map { Quantity.bytes($0) } == [
        "0 B", "999 B", "1.0 kB", "10 kB", "38 MB", "932 MB",
      ])
    #expect(Quantity.short(412_345) == "412k")
    #expect(Quantity.short(.infinity) == "?")
    #expect(Quantity.duration(.microseconds(412)) == "0.4 ms")
    #expect(Quantity.duration(.milliseconds(41)) == "41 ms")
    #expect(Quantity.duration(.milliseconds(4_940)) == "4.9 s")
    #expect(Quantity.duration(.seconds(125)) == "2 min 5 s")
    #expect(Quantity.duration(.seconds(3 * 3600 + 120)) == "3 h 2 min")
    #expect(Quantity.clock(.seconds(7)) == "00:07")
    #expect(Quantity.clock(.seconds(3723)) == "1:02:03")
    #expect(Quantity.estimate(.milliseconds(1_700)) == "~2 s")
    #expect(Quantity.counted(1, "row") == "1 row")
    #expect(Quantity.ago(3 * 86_400_000) == "3 days ago")
    #expect(Duration.seconds(Int64.max).milliseconds > 0)
  }
}
