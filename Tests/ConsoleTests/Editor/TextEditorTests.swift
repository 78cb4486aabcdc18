import Testing
import Warehouse

@testable import Console

@Suite("The editor")
struct TextEditorTests {
  /// Presses keys, one after the other.
  static func press(_ editor: inout TextEditor, _ keys: Key...) {
    for key in keys { _ = editor.take(key, page: 10) }
  }

  static func editor(_ text: String, line: Int, column: Int) -> TextEditor {
    var editor = TextEditor(text)
    editor.go(to: TextPosition(line: line, column: column))
    return editor
  }

  @Test("types, breaks lines with their indent, and takes a word back at a time")
  func typing() {
    var editor = TextEditor()
    for character in "  SELECT a_b" { Self.press(&editor, .character(character)) }
    Self.press(&editor, .enter, "1")
    #expect(editor.text == "  SELECT a_b\n  1")
    Self.press(&editor, .control("w"), .control("w"), .control("w"), .control("w"))
    #expect(editor.text == "  SELECT ")
  }

  @Test("goes over characters, not bytes or scalars, and up and down by cells")
  func graphemes() {
    let editor = Self.editor("日e\u{301}👨‍👩‍👧x\n123456789", line: 0, column: 0)
    var moving = editor
    for _ in 0..<3 { Self.press(&moving, .right) }
    #expect(moving.buffer.line(0).tail(moving.cursor.column) == "x")
    let cell = TextCells.cell(of: moving.cursor.column, in: moving.buffer.line(0))
    Self.press(&moving, .down)
    #expect(moving.cursor == TextPosition(line: 1, column: cell))
    Self.press(&moving, .up, .backspace)
    #expect(moving.text == "日e\u{301}x\n123456789")
    Self.press(&moving, .backspace, .alt("u"), .alt("u"))
    #expect(moving.text == editor.text)
  }

  @Test("undoes and does again, with what joins to a character before it")
  func undo() {
    var editor = Self.editor("e", line: 0, column: 1)
    editor.insert("\u{301}x\ny")
    #expect(editor.text == "e\u{301}x\ny")
    Self.press(&editor, .alt("u"))
    #expect(editor.text == "e")
    Self.press(&editor, .control("y"))
    #expect(editor.text == "e\u{301}x\ny")
    #expect(editor.cursor == editor.buffer.end)
  }

  @Test("characters in a row are one step of undo")
  func undoOfWords() {
    var editor = TextEditor()
    for character in "abc" { Self.press(&editor, .character(character)) }
    Self.press(&editor, .left, "d", .alt("u"))
    #expect(editor.text == "abc")
    Self.press(&editor, .alt("u"))
    #expect(editor.text == "")
  }

  @Test("selects with Shift, cuts, and pastes what was cut")
  func clipboard() {
    var editor = Self.editor("one two\nthree", line: 0, column: 4)
    Self.press(&editor, Key(code: .end, modifiers: .shift))
    #expect(editor.take(.control("x"), page: 10) == .copied("two"))
    Self.press(&editor, .down, .home, .control("v"))
    #expect(editor.text == "one \ntwothree")
    Self.press(&editor, .control("a"), "z")
    #expect(editor.text == "z")
    #expect(editor.take(.control("c"), page: 10) == .ignored)
  }

  @Test("moves by word, to the ends of lines and of the text")
  func movements() {
    var editor = Self.editor("  one, two_3\nx", line: 0, column: 12)
    Self.press(&editor, .alt("b"))
    #expect(editor.cursor.column == 7)
    Self.press(&editor, Key(code: .left, modifiers: .control))
    #expect(editor.cursor.column == 2)
    Self.press(&editor, .home)
    #expect(editor.cursor.column == 0)
    Self.press(&editor, .home, .alt("f"))
    #expect(editor.cursor.column == 5)
    Self.press(&editor, Key(code: .end, modifiers: .control))
    #expect(editor.cursor == TextPosition(line: 1, column: 1))
    Self.press(&editor, .backspace, .backspace)
    #expect(editor.text == "  one, two_3")
  }

  @Test("indents the selected lines and takes it back")
  func indent() {
    var editor = Self.editor("a\nb\nc", line: 0, column: 0)
    Self.press(&editor, .shift(.down), .shift(.down), .tab)
    #expect(editor.text == "  a\n  b\nc")
    Self.press(&editor, .backTab)
    #expect(editor.text == "a\nb\nc")
  }

  @Test("a paste of 10,000 lines is one step, and later keys read one line only")
  func largePaste() {
    var editor = TextEditor("x")
    let line = "SELECT 'it''s', \"n\" FROM t; -- c"
    editor.insert(Array(repeating: line, count: 10_000).joined(separator: "\r\n"))
    #expect(editor.buffer.lines.count == 10_000)
    #expect(editor.buffer.readings.allSatisfy { $0.semicolons.count == 1 && $0.state == .code })
    Self.press(&editor, .alt("u"))
    #expect(editor.text == "x")
  }

  @Test("an open comment or quote colours what follows until it is closed")
  func readings() {
    var buffer = TextBuffer("a;\nb;\n$x$ ;\n;$x$;\nc")
    #expect(buffer.readings.map(\.semicolons.count) == [1, 1, 0, 1, 0])
    buffer.replace(.start..<(.start), with: "/*")
    #expect(buffer.readings.allSatisfy { $0.semicolons.isEmpty })
    buffer.replace(
      TextPosition(line: 1, column: 0)..<TextPosition(line: 1, column: 0), with: "*/")
    #expect(buffer.readings.map(\.semicolons.count) == [0, 1, 0, 1, 0])
  }

  @Test("finds the statement at a place")
  func statements() {
    let buffer = TextBuffer("SELECT 1; SELECT ';'\n;\n\n-- c\nSELECT 3;  ")
    func statement(_ line: Int, _ column: Int) -> String? {
      buffer.statement(at: TextPosition(line: line, column: column)).map { buffer.text(in: $0) }
    }
    #expect(statement(0, 3) == "SELECT 1")
    #expect(statement(0, 12) == "SELECT ';'")
    #expect(statement(2, 0) == "-- c\nSELECT 3")
    #expect(statement(4, 10) == "-- c\nSELECT 3")
    #expect(TextBuffer("  ").statement(at: .start) == nil)
  }

  @Test("finds brackets and their partners, not those in strings")
  func brackets() {
    let buffer = TextBuffer("f(a, ')',\n (b))")
    #expect(
      buffer.brackets(at: TextPosition(line: 0, column: 1)) == [
        TextPosition(line: 0, column: 1), TextPosition(line: 1, column: 4),
      ])
    #expect(
      buffer.brackets(at: TextPosition(line: 1, column: 5)).last
        == TextPosition(line: 0, column: 1))
    #expect(buffer.brackets(at: TextPosition(line: 0, column: 6)).isEmpty)
  }
}
