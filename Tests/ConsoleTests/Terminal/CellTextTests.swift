import Testing

@testable import Console

@Suite("Text becomes cells")
struct CellTextTests {
  @Test(
    "each kind of character has its width",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("ｱ", 1), ("Ａ", 2), ("😀", 2), ("…", 1),
      ("│", 1), ("각", 2), ("\u{1100}\u{1161}", 2), ("👩‍👩‍👧", 6), ("👍🏽", 2), ("❤\u{FE0F}", 1),
      ("\u{200B}", 0),
      ("\u{AD}", 0),
    ] as [(String, Int)])
  func widths(text: String, width: Int) {
    #expect(CellText.width(of: text) == width)
  }

  @Test(
    "controls and what has no picture are shown by a stand-in",
    arguments: [
      ("\u{1B}[31m", "␛[31m"), ("a\nb", "a␊b"), ("\t", "␉"), ("\0", "␀"), ("\u{7F}", "␡"),
      ("\u{9B}31m", "\u{FFFD}31m"), ("\u{378}", "\u{FFFD}"), ("\u{2028}", "\u{FFFD}"),
    ])
  func controls(text: String, shown: String) {
    #expect(text.inCells == shown)
  }

  @Test(
    "what reorders, joins or selects is left out",
    arguments: [
      "\u{202E}", "\u{2066}", "\u{200D}", "\u{200F}", "\u{FEFF}", "\u{FE0F}", "\u{E0001}",
    ])
  func dropped(text: String) {
    #expect("a\(text)b".inCells == "ab")
  }

  @Test("marks stay with their character, four at most; one without a character is left out")
  func marks() {
    #expect("e\u{301}".inCells == "e\u{301}")
    let many = "a" + String(repeating: "\u{301}", count: 50)
    #expect(CellText(many).elements.first?.marks.scalars.count == 4)
    #expect(CellText("\u{301}a").elements.map(\.scalar) == ["a"])
  }

  @Test("text that does not fit ends with an ellipsis, and a wide character is never halved")
  func cutting() {
    #expect("abcdef".written(in: 4) == "abc…")
    #expect("abcd".written(in: 4) == "abcd")
    #expect("東京都".written(in: 5) == "東京…")
    #expect("東京都".written(in: 4) == "東…")
    #expect("東京".written(in: 1) == "…")
    #expect("path/to/file".written(in: 6, clip: .start) == "…/file")
    #expect("file".written(in: 6, clip: .start) == "file")
  }

  @Test("in ASCII every character has a likeness, and nothing else gets out")
  func ascii() {
    let frame = Frame(Size(columns: 24, rows: 1), glyphs: .ascii).with {
      $0.write("┌─✓é東█▌·…\u{1B}", row: 0, column: 0)
    }
    #expect(frame.text == "+-+e??##-~.")
    #expect(frame.text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test("a scalar never takes other cells than the C library gives it, or it is replaced")
  func agreesWithTheLibrary() {
    let wide = (0x1100...0x3FFFF as ClosedRange<UInt32>).lazy.compactMap { Unicode.Scalar($0) }
      .filter { CellWidth($0) == .wide }
    #expect(wide.count > 100_000)
    #expect(wide.allSatisfy { $0.properties.generalCategory != .unassigned })
  }
}

extension String {
  /// What is left of it in cells.
  fileprivate var inCells: String {
    var text = String.UnicodeScalarView()
    for element in CellText(self).elements {
      text.append(element.scalar)
      text.append(contentsOf: element.marks.scalars)
    }
    return String(text)
  }

  fileprivate func written(in columns: Int, clip: Frame.Clipping = .end) -> String {
    Frame(Size(columns: 40, rows: 1)).with {
      $0.write(self, row: 0, column: 0, width: columns, clip: clip)
    }.text
  }
}

extension Frame {
  /// The frame after something was drawn.
  func with(_ draw: (inout Frame) -> Void) -> Frame {
    var frame = self
    draw(&frame)
    return frame
  }
}
