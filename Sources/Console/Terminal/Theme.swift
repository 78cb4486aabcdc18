/// How roles look. Nothing else in the program knows a colour.
enum Theme: String, CaseIterable, Sendable {
  /// For light text on a dark background.
  case dark
  /// For dark text on a light background.
  case light
  /// For a background that nobody knows: to be read on both, at the price of strength.
  case neutral
  /// No colour: bold, reverse and underline only, as `NO_COLOR` asks.
  case monochrome

  /// The terminal's colour for a role: 0 to 15 are the user's own sixteen, nil is the default.
  ///
  /// On a light background the sixteen are often too pale, so that the fixed ones of a terminal
  /// with 256 colours are taken where it has them; each has a contrast of 4.5 to 1 against white.
  func color(_ role: Role, of available: Int) -> Int16? {
    switch self {
    case .dark: available >= 16 ? Theme.bright(role) : Theme.basic(role)
    case .light: available >= 256 ? Theme.deep(role) : Theme.basic(role)
    case .neutral: available >= 256 ? Theme.middle(role) : Theme.dark.color(role, of: available)
    case .monochrome: nil
    }
  }

  /// The two colours of the selected line, which read well on any background; nil where the
  /// terminal has too few: then front and back are exchanged.
  func selection(of available: Int) -> (text: Int16, back: Int16)? {
    self != .monochrome && available >= 256 ? (231, 24) : nil
  }

  /// Attributes that stand in for a colour when there is none.
  func attributes(_ role: Role) -> Attributes {
    guard self == .monochrome else { return [] }
    switch role {
    case .normal, .muted, .border, .success: return []
    case .accent, .focus, .key, .active, .warning: return .bold
    case .failure: return [.bold, .underline]
    case .selection: return [.bold, .reverse]
    }
  }

  private static func basic(_ role: Role) -> Int16? {
    switch role {
    case .normal, .muted, .border: nil
    case .accent, .focus, .key: 6
    case .success: 2
    case .active: 4
    case .warning: 3
    case .failure: 1
    case .selection: nil
    }
  }

  private static func bright(_ role: Role) -> Int16? {
    switch role {
    case .normal: nil
    case .muted, .border: 8
    case .accent, .focus, .key: 14
    case .success: 10
    case .active: 12
    case .warning: 11
    case .failure: 9
    case .selection: nil
    }
  }

  private static func deep(_ role: Role) -> Int16? {
    switch role {
    case .normal: nil
    case .muted, .border: 242
    case .accent, .focus, .key: 24
    case .success: 22
    case .active: 25
    case .warning: 94
    case .failure: 124
    case .selection: nil
    }
  }

  /// Each has a contrast of 3.3 to 1 or more against white, and of 4.4 to 1 or more against black.
  private static func middle(_ role: Role) -> Int16? {
    switch role {
    case .normal: nil
    case .muted, .border: 244
    case .accent, .focus, .key: 31
    case .success: 28
    case .active: 32
    case .warning: 136
    case .failure: 196
    case .selection: nil
    }
  }

  /// The theme for an environment: `NO_COLOR` (any value but an empty one), then what the
  /// terminal says of its background in `COLORFGBG`, else the one for any background.
  static func preferred(by environment: (String) -> String?) -> Theme {
    if let value = environment("NO_COLOR"), !value.isEmpty { return .monochrome }
    guard let colors = environment("COLORFGBG"),
      let background = colors.split(separator: ";").last.flatMap({ Int($0) })
    else { return .neutral }
    return background == 7 || background == 15 ? .light : .dark
  }
}
