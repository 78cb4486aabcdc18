import Glibc
import Testing

@testable import Console

@Suite("A frame")
struct FrameTests {
  private let small = Frame(Size(columns: 12, rows: 3))

  @Test("aligns by cells")
  func alignment() {
    let frame = small.with {
      $0.write("京", row: 0, column: 0, width: 6, align: .right)
      $0.write("京", row: 1, column: 0, width: 6, align: .center)
      $0.write("|", row: 0, column: 6)
    }
    #expect(frame.text == "    京|\n  京\n")
  }

  @Test("takes no harm from drawing outside of it")
  func outside() {
    let frame = small.with {
      $0.write("above", row: -1, column: 0)
      $0.write("below", row: 3, column: 0)
      $0.write("left", row: 0, column: -2)
      $0.write("right", row: 1, column: 10)
      $0.box(Rect(row: 2, column: 8, rows: 9, columns: 9))
      $0.restyle(Rect(row: -5, column: -5, rows: 50, columns: 50)) { $0.bold }
      $0.clear(Rect(row: 2, column: 11, rows: 4, columns: 4))
    }
    #expect(frame.text == "ft\n          r…\n        ┌──")
    #expect(frame[9, 9] == .blank)
  }

  @Test("a wide character that loses a half becomes a space")
  func halves() {
    let frame = small.with {
      $0.write("東京", row: 0, column: 0)
      $0.write("x", row: 0, column: 1)
      $0.write("東京", row: 1, column: 0)
      $0.write("y", row: 1, column: 2)
    }
    #expect(frame.text == " x京\n東y\n")
    #expect(frame.row(0).allSatisfy { $0.width > 0 || $0.scalar == " " })
  }

  @Test("a box has its title at the left and the rest at the right, while both fit")
  func boxes() {
    let wide = Frame(Size(columns: 30, rows: 2)).with {
      $0.box($0.bounds, title: "Runs", trailing: "14 runs")
    }
    #expect(wide.text == "┌─ Runs ─────────── 14 runs ─┐\n└────────────────────────────┘")
    let narrow = Frame(Size(columns: 12, rows: 2)).with {
      $0.box($0.bounds, title: "Pipeline", trailing: "14 runs")
    }
    #expect(narrow.text == "┌─ Pipeli…─┐\n└──────────┘")
  }

  @Test("a line of several styles is cut where the room ends")
  func lines() {
    let line = Line("ab", .bold) + Line("cd") + Line("ef", .muted)
    let frame = small.with { $0.write(line, row: 0, column: 0, width: 5) }
    #expect(frame.text.hasPrefix("abcd…"))
    #expect(frame[0, 0].style == .bold)
    #expect(frame[0, 2].style == .plain)
  }

  @Test("knows what lies below the pointer, the topmost first")
  func pointing() {
    let frame = small.with {
      $0.mark(Rect(row: 0, column: 0, rows: 3, columns: 12), as: .pane("list"))
      $0.mark(Rect(row: 1, column: 0, rows: 1, columns: 12), as: .item("list", 4))
    }
    #expect(frame.target(row: 1, column: 3) == .item("list", 4))
    #expect(frame.target(row: 2, column: 3) == .pane("list"))
    #expect(frame.target(row: 7, column: 3) == nil)
  }
}

@Suite("Room is parted")
struct RectTests {
  private let whole = Rect(row: 1, column: 2, rows: 10, columns: 20)

  @Test("into fixed and flexible parts that fill it")
  func splitting() {
    #expect(whole.splitRows([.fixed(3), .flexible(), .fixed(2)]).map(\.rows) == [3, 5, 2])
    #expect(whole.splitColumns([.flexible(1), .flexible(2)]).map(\.columns) == [6, 14])
    #expect(whole.splitColumns([.fixed(8), .flexible()]).map(\.column) == [2, 10])
  }

  @Test("and parts get less when there is too little")
  func tooLittle() {
    #expect(whole.splitRows([.fixed(8), .fixed(8), .flexible()]).map(\.rows) == [8, 2, 0])
    #expect(Rect(row: 0, column: 0, rows: 1, columns: 1).inset(rows: 3, columns: 3).isEmpty)
    #expect(whole.line(10).isEmpty)
  }
}

@Suite("A theme")
struct ThemeTests {
  @Test("is monochrome when NO_COLOR is set to anything but nothing")
  func noColor() {
    #expect(Theme.preferred { ["NO_COLOR": "1"][$0] } == .monochrome)
    #expect(Theme.preferred { ["NO_COLOR": ""][$0] } == .neutral)
  }

  @Test("goes by the terminal's background where it is told")
  func background() {
    #expect(Theme.preferred { ["COLORFGBG": "0;15"][$0] } == .light)
    #expect(Theme.preferred { ["COLORFGBG": "15;default;0"][$0] } == .dark)
    #expect(Theme.preferred { _ in nil } == .neutral)
  }

  /// The contrast of one of the 256 colours' cube or greys against white and against black (WCAG 2).
  private func contrasts(_ color: Int16) -> (white: Double, black: Double) {
    let steps = [0, 95, 135, 175, 215, 255]
    let place = Int(color) - 16
    let parts =
      color >= 232
      ? Array(repeating: 8 + (Int(color) - 232) * 10, count: 3)
      : [steps[place / 36], steps[place / 6 % 6], steps[place % 6]]
    let linear = parts.map { part -> Double in
      let share = Double(part) / 255
      return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    let light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (1.05 / (light + 0.05), (light + 0.05) / 0.05)
  }

  @Test("can be read on the background that it is for")
  func contrast() {
    for role in Role.allCases {
      if let color = Theme.light.color(role, of: 256) { #expect(contrasts(color).white >= 4.5) }
      guard let color = Theme.neutral.color(role, of: 256) else { continue }
      #expect(contrasts(color).white >= 3.3 && contrasts(color).black >= 4.4, "\(role)")
    }
  }

  @Test("keeps to the terminal's own sixteen colours on a dark background")
  func sixteen() {
    let colors = Role.allCases.compactMap { Theme.dark.color($0, of: 256) }
    #expect(colors.allSatisfy { $0 < 16 })
    #expect(Role.allCases.allSatisfy { Theme.monochrome.color($0, of: 256) == nil })
    #expect(Role.allCases.allSatisfy { (Theme.dark.color($0, of: 8) ?? 0) < 8 })
  }

  @Test("copies as base64")
  func clipboard() {
    #expect(
      ["", "f", "fo", "foo", "foob"].map { base64(Array($0.utf8)) } == [
        "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==",
      ])
  }
}
