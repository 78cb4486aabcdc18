/// A key as the terminal tells it.
struct Key: Hashable, Sendable {
  /// Which key.
  enum Code: Hashable, Sendable {
    case character(Character)
    case up, down, left, right, home, end, pageUp, pageDown
    case enter, escape, tab, backspace, delete, insert
    case function(Int)
  }

  /// What is held down with it.
  struct Modifiers: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let shift = Modifiers(rawValue: 1)
    static let alt = Modifiers(rawValue: 2)
    static let control = Modifiers(rawValue: 4)
  }

  var code: Code
  var modifiers: Modifiers = []

  static func character(_ character: Character) -> Key { Key(code: .character(character)) }
  /// Control and a letter: `control("c")`.
  static func control(_ letter: Character) -> Key {
    Key(code: .character(letter), modifiers: .control)
  }
  static func alt(_ letter: Character) -> Key {
    Key(code: .character(letter), modifiers: .alt)
  }
  static func control(_ code: Code) -> Key { Key(code: code, modifiers: .control) }
  static func alt(_ code: Code) -> Key { Key(code: code, modifiers: .alt) }
  static func shift(_ code: Code) -> Key { Key(code: code, modifiers: .shift) }
  static let up = Key(code: .up)
  static let down = Key(code: .down)
  static let left = Key(code: .left)
  static let right = Key(code: .right)
  static let home = Key(code: .home)
  static let end = Key(code: .end)
  static let pageUp = Key(code: .pageUp)
  static let pageDown = Key(code: .pageDown)
  static let enter = Key(code: .enter)
  static let escape = Key(code: .escape)
  static let tab = Key(code: .tab)
  static let backTab = Key(code: .tab, modifiers: .shift)
  static let backspace = Key(code: .backspace)
  static let delete = Key(code: .delete)
  static let space = Key.character(" ")

  /// The text that it types; nil when it types none.
  var typed: Character? {
    guard modifiers.isEmpty, case .character(let character) = code else { return nil }
    return character
  }

  /// How it is written in footer and help.
  var title: String {
    var text = ""
    if modifiers.contains(.control) { text += "Ctrl-" }
    if modifiers.contains(.alt) { text += "Alt-" }
    if modifiers.contains(.shift) { text += "Shift-" }
    guard case .character(let character) = code, modifiers.contains(.control) else {
      return text + code.title
    }
    return text + character.uppercased()
  }
}

extension Key.Code {
  /// The key's name.
  var title: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .insert: "Ins"
    case .function(let number): "F\(number)"
    }
  }
}
