/// The characters that may be drawn: all, or ASCII alone where the locale is not UTF-8.
///
/// Widgets draw with the Unicode ones; the set turns each into its nearest ASCII likeness, so that
/// nothing else can get out.
enum GlyphSet: String, Sendable {
  case unicode
  case ascii

  /// Shows that text was cut.
  var ellipsis: Unicode.Scalar { self == .unicode ? "…" : "~" }

  /// What is shown for a character of one cell.
  func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if self == .unicode || scalar.isASCII { return scalar }
    if let likeness = GlyphSet.likenesses[scalar] { return likeness }
    switch scalar.value {
    case 0x2500...0x257F: return "+"
    case 0x2581...0x2584, 0x258C...0x258F: return " "
    case 0x2580...0x259F: return "#"
    case 0x2800: return " "
    case 0x2801...0x28FF: return "*"
    case 0x2400...0x2421: return "."
    default: return GlyphSet.base(of: scalar)
    }
  }

  private static let likenesses: [Unicode.Scalar: Unicode.Scalar] = [
    "─": "-", "━": "=", "│": "|", "┃": "|", "╌": "-", "·": "-", "•": "*", "…": "~",
    "✓": "+", "✗": "x", "▶": ">", "○": "o", "●": "*", "◌": ".", "■": "!", "▸": ">", "◆": "*",
    "→": ">", "←": "<", "↑": "^", "↓": "v", "›": ">", "▲": "^", "▼": "v", "█": "#", "▌": "#",
    "▋": "#",
    "▊": "#", "▉": "#", "░": ".", "▒": ":", "▓": "%", "–": "-", "—": "-", "‘": "'", "’": "'",
    "“": "\"", "”": "\"", "×": "x", "≤": "<", "≥": ">", "\u{A0}": " ", "∅": "0",
  ]

  /// The letter below an accent: `é` as `e`; `?` for all else.
  private static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    let lower = "ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖØòóôõöøÙÚÛÜùúûüÝýÿ"
    let letters = "AAAAAAaaaaaaCcEEEEeeeeIIIIiiiiNnOOOOOOooooooUUUUuuuuYyy"
    for (accented, plain) in zip(lower.unicodeScalars, letters.unicodeScalars)
    where accented == scalar { return plain }
    return "?"
  }
}
