/// What a piece of text means. The theme decides how that looks.
enum Role: UInt8, CaseIterable, Sendable {
  /// Ordinary text.
  case normal
  /// Text that matters less: labels, units, hints.
  case muted
  /// Names and headings that lead the eye.
  case accent
  /// Frames that are not in focus.
  case border
  /// The frame in focus.
  case focus
  /// A key that can be pressed.
  case key
  /// Done, good.
  case success
  /// Going on.
  case active
  /// Worth a look.
  case warning
  /// Failed, wrong.
  case failure
  /// The selected line, whatever its parts meant before.
  case selection
}

/// How text is drawn besides its colour.
struct Attributes: OptionSet, Hashable, Sendable {
  let rawValue: UInt8
  static let bold = Attributes(rawValue: 1)
  static let dim = Attributes(rawValue: 2)
  static let reverse = Attributes(rawValue: 4)
  static let underline = Attributes(rawValue: 8)
}

/// A role and attributes: all that a cell knows of its looks.
struct Style: Hashable, Sendable {
  var role: Role = .normal
  var attributes: Attributes = []

  static let plain = Style()
  static let muted = Style(role: .muted)
  static let accent = Style(role: .accent)
  static let border = Style(role: .border)
  static let key = Style(role: .key)
  static let success = Style(role: .success)
  static let active = Style(role: .active)
  static let warning = Style(role: .warning)
  static let failure = Style(role: .failure)
  static let bold = Style(attributes: .bold)

  /// The same in bold.
  var bold: Style { with(.bold) }
  /// The same with front and back exchanged.
  var reversed: Style { with(.reverse) }
  /// The same with `more` attributes.
  func with(_ more: Attributes) -> Style {
    Style(role: role, attributes: attributes.union(more))
  }
}
