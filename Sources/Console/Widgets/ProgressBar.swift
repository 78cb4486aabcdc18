/// A bar that fills from the left, exact to an eighth of a cell.
struct ProgressBar {
  /// From 0 to 1; nil when the total is not known: then no bar pretends to one.
  var fraction: Double?
  var style: Style = .active

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// Draws it into one row.
  func draw(in place: Rect, of frame: inout Frame) {
    guard let fraction, place.columns > 0 else { return }
    let eighths = Int((min(max(0, fraction), 1) * Double(place.columns * 8)).rounded(.down))
    let full = String(repeating: "█", count: eighths / 8)
    let column = frame.write(
      full + ProgressBar.eighths[eighths % 8], row: place.row, column: place.column,
      width: place.columns, style: style)
    let rest = max(0, place.endColumn - column)
    let track = frame.glyphs == .unicode ? "╌" : "."
    frame.write(
      String(repeating: track, count: rest), row: place.row, column: column, style: .border)
  }
}

/// Turns while something goes on whose end is not known.
enum Spinner {
  private static let unicode = ["◐", "◓", "◑", "◒"]
  private static let ascii = ["|", "/", "-", "\\"]

  /// The picture for a moment; it changes ten times a second.
  static func picture(at moment: Duration, glyphs: GlyphSet) -> String {
    let pictures = glyphs == .unicode ? unicode : ascii
    let index = (moment.milliseconds / 100) % pictures.count
    return pictures.indices.contains(index) ? pictures[index] : " "
  }
}
