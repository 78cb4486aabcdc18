import Testing
import Warehouse

@testable import Console

/// The grid as a picture and as a value.
@Suite struct GridTests {
  private static let columns = [
    ResultColumn(name: "id", kind: .integer), ResultColumn(name: "title", kind: .text),
    ResultColumn(name: "length", kind: .number), ResultColumn(name: "extra", kind: .json),
  ]
  private static let rows: [[String?]] = [
    ["1", "Halo", "3.5", nil], ["20", "", "12.25", "{\"a\":[1,{}]}"],
    ["300", "東京\u{1B}[2J", nil, "{}"],
    ["4", "A title that is far too long for its column", "1", nil],
  ]

  private func place(_ columns: Int, _ rows: Int) -> Rect {
    Rect(row: 0, column: 0, rows: rows, columns: columns)
  }

  private func picture(_ grid: Grid, _ columns: Int, _ rows: Int, glyphs: GlyphSet = .unicode)
    -> String
  {
    var frame = Frame(Size(columns: columns, rows: rows), glyphs: glyphs)
    grid.draw(in: place(columns, rows), of: &frame, pane: "grid")
    return frame.text
  }

  private func numbered(_ range: Range<Int>, total: Int) -> Grid {
    Grid(
      columns: [ResultColumn(name: "n", kind: .integer)], rows: range.map { ["\($0)"] },
      extent: GridExtent(
        first: range.lowerBound, total: .exact(total), hasBefore: range.lowerBound > 0,
        hasAfter: range.upperBound < total), keySources: [0])
  }

  @Test func `Numbers stand at the right, NULL is told from the empty text, controls are shown`() {
    let grid = Grid(columns: Self.columns, rows: Self.rows)
    #expect(
      picture(grid, 72, 6) == """
          id #  title                                    length .0  extra {}
             1  Halo                                           3.5  ∅
            20                                               12.25  {"a":[1,{}]}
           300  東京␛[2J                                         ∅  {}
             4  A title that is far too long for its c…          1  ∅

        """)
  }

  @Test func `Columns that cut values get the room that is left, and are widened from there`() {
    let long = "Result  (cost=0.00..0.01 rows=1 width=4) and so on"
    var grid = Grid(columns: [ResultColumn(name: "QUERY PLAN", kind: .text)], rows: [[long]])
    #expect(picture(grid, 80, 2).contains(long))
    #expect(picture(grid, 20, 2).contains("…"))
    grid.widen(2, in: place(80, 2))
    #expect(grid.currentColumn?.width == long.count + 2)
  }

  @Test func `Without Unicode NULL is a word`() {
    let grid = Grid(columns: [Self.columns[1]], rows: [[nil], [""]])
    #expect(picture(grid, 20, 3, glyphs: .ascii) == "  title\n  NULL\n")
  }

  @Test func `Columns that do not fit scroll, and arrows say that there are more`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    let small = place(24, 4)
    #expect(picture(grid, 24, 2).hasPrefix("  id #  title"))
    #expect(picture(grid, 24, 2).split(separator: "\n")[0].hasSuffix("→"))
    grid.moveColumn(toEnd: true, in: small)
    #expect(grid.currentColumn?.title == "extra")
    #expect(picture(grid, 25, 2).hasPrefix("← length .0  extra {}"))
  }

  @Test func `Frozen columns stay, and never take more than half the width`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    let small = place(34, 4)
    let isFrozen = grid.toggleFrozen(in: small)
    #expect(isFrozen)
    grid.moveColumn(toEnd: true, in: small)
    #expect(picture(grid, 34, 2).hasPrefix("← id # │ length .0  extra {}"))
    grid.moveColumn(-2, in: small)
    #expect(grid.currentColumn?.title == "title")
    let isFrozenToo = grid.toggleFrozen(in: small)
    #expect(!isFrozenToo)
    #expect(grid.currentColumn?.isFrozen == false)
  }

  @Test func `Columns are widened, fitted, hidden, moved and shown again`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    let wide = place(120, 6)
    grid.moveColumn(1, in: wide)
    grid.fit()
    #expect(grid.currentColumn?.width == 43)
    grid.fit()
    #expect(grid.currentColumn?.width == GridColumn.sampleCap)
    grid.widen(-100, in: wide)
    #expect(grid.currentColumn?.width == GridColumn.leastWidth)
    grid.moveCurrentColumn(-1, in: wide)
    #expect(grid.displayed.map(\.title) == ["title", "id", "length", "extra"])
    let isHidden = grid.hide(in: wide)
    #expect(isHidden)
    #expect(grid.displayed.map(\.title) == ["id", "length", "extra"])
    #expect(grid.currentColumn?.title == "id")
    #expect(grid.status(in: wide) == "rows 1–4 of 4 · 1 hidden")
    var other = Grid(columns: Self.columns, rows: [])
    other.arrange(grid.arrangement)
    #expect(
      other.displayed
        == grid.displayed.map { column in
          other.columns.first { $0.source == column.source } ?? column
        })
    grid.showAll()
    #expect(grid.displayed.count == 4)
  }

  @Test func `The last column cannot be hidden`() {
    var grid = Grid(columns: [Self.columns[0]], rows: [["1"]])
    let requests = grid.perform(.hide, in: place(20, 4), glyphs: .unicode)
    #expect(requests == [.notice("the last column stays")])
  }

  @Test func `A window asks for rows before it runs out, and pays the steps that had to wait`() {
    var grid = numbered(0..<20, total: 1000)
    let screen = place(20, 11)
    #expect(grid.need(in: screen) == .after)
    for _ in 0..<3 { _ = grid.move(.pageDown, in: screen) }
    #expect(grid.currentValue == "19")
    #expect(grid.owed == 8)
    grid.append((20..<60).map { ["\($0)"] }, hasAfter: true, height: 10)
    #expect(grid.currentValue == "27")
    #expect(grid.status(in: screen) == "rows 19–28 of 1,000")
    #expect(grid.need(in: screen) == nil)
  }

  @Test func `A window forgets what is far away, in both directions`() {
    var grid = numbered(0..<20, total: 100_000)
    let screen = place(20, 11)
    for start in stride(from: 20, to: 6020, by: 100) {
      _ = grid.move(.last, in: screen)
      grid.select(row: grid.rows.count - 1, height: 10)
      grid.append((start..<start + 100).map { ["\($0)"] }, hasAfter: true, height: 10)
    }
    #expect(grid.rows.count <= Grid.windowLimit + 100)
    #expect(grid.extent.hasBefore)
    let first = grid.extent.first ?? 0
    #expect(grid.rows.first == ["\(first)"])
    let seen = grid.currentValue
    grid.prepend((first - 50..<first).map { ["\($0)"] }, hasBefore: true, height: 10)
    #expect(grid.currentValue == seen)
    #expect(grid.rows.first == ["\(first - 50)"])
    #expect(grid.extent.first == first - 50)
  }

  @Test func `At the ends it asks for the ends of the table`() {
    var grid = numbered(100..<200, total: 1000)
    let first = grid.move(.first, in: place(20, 11))
    #expect(first == .first)
    let last = grid.move(.last, in: place(20, 11))
    #expect(last == .last)
    var whole = numbered(0..<50, total: 50)
    let none = whole.move(.last, in: place(20, 11))
    #expect(none == nil)
    #expect(whole.currentValue == "49")
  }

  @Test func `Marked rows keep their marks while the window moves`() {
    var grid = numbered(0..<30, total: 60)
    let screen = place(20, 11)
    _ = grid.perform(.mark, in: screen, glyphs: .unicode)
    _ = grid.perform(.mark, in: screen, glyphs: .unicode)
    grid.replace(
      (30..<60).map { ["\($0)"] }, extent: GridExtent(first: 30, hasBefore: true), height: 10)
    #expect(grid.outgoing.rows == [["0"], ["1"]])
    #expect(grid.status(in: screen) == "rows 31–40 of ? · 2 marked")
  }

  @Test func `Cells, rows and columns are copied whole`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    let screen = place(80, 10)
    _ = grid.move(.last, in: screen)
    grid.moveColumn(1, in: screen)
    func copied(_ action: GridAction) -> [Request] {
      grid.perform(action, in: screen, glyphs: .unicode)
    }
    let cell = copied(.copyCell)
    #expect(cell == [.effect(.copy("A title that is far too long for its column"))])
    let row = copied(.copyRow(.csv))
    #expect(
      row == [
        .effect(
          .copy(
            "id,title,length,extra\r\n4,A title that is far too long for its column,1,\r\n"))
      ])
    grid.moveColumn(-1, in: screen)
    let column = copied(.copyColumn)
    #expect(column == [.effect(.copy("1\n20\n300\n4\n"))])
  }

  @Test func `The detail shows values whole and JSON indented`() throws {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    _ = grid.move(.down, in: place(80, 10))
    let viewer = try #require(grid.detail(title: "Row", glyphs: .unicode))
    #expect(
      viewer.lines.map(\.text) == [
        "id      20", "title   (empty)", "length  12.25", "extra   {", "          \"a\": [",
        "            1,", "            {}", "          ]", "        }",
      ])
  }

  @Test func `Rows in memory sort by numbers and bytes, with NULL last`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    grid.moveColumn(2, in: place(120, 10))
    grid.sortRows()
    #expect(grid.rows.map { $0[2] } == ["1", "3.5", "12.25", nil])
    grid.sortRows()
    #expect(grid.rows.map { $0[2] } == [nil, "12.25", "3.5", "1"])
  }

  @Test func `Estimates are told from counts`() {
    var extent = GridExtent(first: 40, isFirstEstimate: true, total: .estimate(1_234_567))
    #expect(extent.text(top: 0, count: 40) == "rows ~41–80 of about 1.2M (estimate)")
    extent = GridExtent(first: nil, total: .moreThan(1000))
    #expect(extent.text(top: 0, count: 40) == "40 rows of more than 1,000")
    extent = GridExtent(first: nil, hasBefore: true)
    #expect(extent.text(top: 160, count: 40, held: 200) == "last 40 rows of ?")
    #expect(extent.text(top: 0, count: 40, held: 200) == "40 rows of ?")
  }

  @Test func `What is looked for and is not here is said, until other rows are`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    grid.look(for: "nowhere")
    #expect(grid.status(in: place(120, 10)).hasPrefix("nothing here is like nowhere · rows 1–"))
    #expect(grid.find(1) == [.notice("nothing here is like nowhere")])
    grid.append([["nowhere"]], hasAfter: false, height: 8)
    #expect(grid.status(in: place(120, 10)).hasPrefix("/ nowhere"))
    grid.look(for: "")
    #expect(grid.status(in: place(120, 10)).hasPrefix("rows"))
  }

  @Test func `A click goes to the cell, on the cell itself it opens`() {
    var grid = Grid(columns: Self.columns, rows: Self.rows)
    var frame = Frame(Size(columns: 80, rows: 6))
    grid.draw(in: place(80, 6), of: &frame, pane: "grid")
    guard case .item(_, let item)? = frame.target(row: 3, column: 12) else {
      Issue.record("no cell there")
      return
    }
    let opensFirst = grid.click(item, in: place(80, 6))
    #expect(!opensFirst)
    #expect(grid.currentValue == Self.rows[2][1])
    let opensThen = grid.click(item, in: place(80, 6))
    #expect(opensThen)
  }

  // MARK: Sparklines

  private func sparks() -> Grid {
    var grid = Grid(
      columns: [
        ResultColumn(name: "level", kind: .text), ResultColumn(name: "plays", kind: .text),
      ], rows: [["paid", "0,7,,3"], ["free", "70,0,35,7"], ["none", ",,,"], ["null", nil]])
    grid.showSparklines(inColumn: 1)
    return grid
  }

  @Test func `Numbers between commas are drawn as sparklines, gaps as blanks`() {
    #expect(
      picture(sparks(), 30, 5) == """
          level  plays ~
          paid   ▁█ ▄
          free   █▁▅▂
          none
          null   ∅
        """)
    #expect(picture(sparks(), 30, 3, glyphs: .ascii).hasSuffix("  free   #_+."))
  }

  @Test func `Sparklines have one scale on request, and say which`() {
    var grid = sparks()
    let room = place(30, 5)
    #expect(grid.status(in: room).hasSuffix("each on its own scale"))
    _ = grid.perform(.toggleScale, in: room, glyphs: .unicode)
    #expect(picture(grid, 30, 3).split(separator: "\n")[1] == "  paid   ▁▂ ▁")
    #expect(grid.status(in: room).hasSuffix("one scale: 0 to 70"))
    _ = grid.perform(.toggleScale, in: room, glyphs: .unicode)
    #expect(grid.status(in: room).hasSuffix("each on its own scale"))
  }

  @Test func `Sparklines sort by their last value, narrow to means, and leave as numbers`() {
    var grid = sparks()
    let room = place(30, 5)
    _ = grid.perform(.right, in: room, glyphs: .unicode)
    grid.sortRows()
    #expect(grid.rows.map { $0[0] } == ["paid", "free", "none", "null"])
    grid.sortRows()
    #expect(grid.rows.map { $0[0] } == ["none", "null", "free", "paid"])
    #expect(
      grid.perform(.copyCell, in: room, glyphs: .unicode) == [.effect(.copy(",,,"))])
    #expect(Sparkline.fitted([0, 4, nil, 8], 2) == [2, 8])
  }

  @Test func `A value too long for the clipboard is offered a file`() {
    var harness = Harness(columns: 80, rows: 24)
    let text = String(repeating: "x", count: 80_000)
    #expect(harness.model.fulfil(.effect(.copy(text))) == [])
    #expect(harness.text.contains("Write 80 kB of text"))
    guard case .export(.write(_, let request))? = harness.press(.enter).first else {
      Issue.record("nothing is written: \(harness.effects)")
      return
    }
    #expect(request.source == .text(text))
    #expect(request.path == "copied.txt")
  }
}
