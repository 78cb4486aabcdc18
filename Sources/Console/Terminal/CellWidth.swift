/// How many cells a character takes, and what is shown for those that must not reach a terminal.
///
/// Unknown here: a `String`'s `count` or a cluster's looks. Terminals disagree about clusters
/// (joined emoji, skin tones, variation selectors), so that they are taken apart and what joins
/// them is left out; scalar by scalar all agree with the C library's `wcwidth`.
enum CellWidth: Equatable, Sendable {
  /// One cell.
  case narrow
  /// Two cells.
  case wide
  /// None: it combines with the character before it.
  case mark
  /// Left out: it would join, select, tint or reorder other characters.
  case dropped
  /// One cell, shown as another character: a control, or one that is not assigned.
  case replaced(Unicode.Scalar)

  /// U+FFFD, for what has no picture.
  static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// What becomes of a scalar.
  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value >= 0x20 && value < 0x7F {
      self = .narrow
    } else if value < 0xA0 {
      self = .replaced(CellWidth.picture(ofControl: value))
    } else if value < 0x300 {
      self = value == 0xAD ? .dropped : .narrow
    } else {
      self = CellWidth.classify(scalar)
    }
  }

  /// Control pictures (U+2400 and on) for C0 and DEL; C1 controls have none.
  private static func picture(ofControl value: UInt32) -> Unicode.Scalar {
    if value < 0x20 { return Unicode.Scalar(0x2400 + value) ?? replacement }
    return value == 0x7F ? "\u{2421}" : replacement
  }

  private static func classify(_ scalar: Unicode.Scalar) -> CellWidth {
    let value = scalar.value
    if isVariationSelector(value) { return .dropped }
    if isHangulVowelOrFinal(value) { return .mark }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return .mark
    case .format: return .dropped
    case .control, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
      return .replaced(replacement)
    default: return isWide(value) ? .wide : .narrow
    }
  }

  private static func isVariationSelector(_ value: UInt32) -> Bool {
    (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value)
      || (0x180B...0x180F).contains(value)
  }

  /// Jamo that follow a leading consonant: they are drawn into its two cells.
  private static func isHangulVowelOrFinal(_ value: UInt32) -> Bool {
    (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value)
  }

  /// Skin tones: left out when they follow an emoji, since some terminals tint it with them.
  static func isSkinTone(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F3FB...0x1F3FF).contains(scalar.value)
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      let range = wideRanges[middle]
      if range.contains(value) { return true }
      if value < range.lowerBound { high = middle } else { low = middle + 1 }
    }
    return false
  }
}
