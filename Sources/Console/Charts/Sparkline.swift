/// A row of values in a cell of text: eight heights, scaled from the least to the most.
enum Sparkline {
  private static let heights = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let plain = ["_", ".", "-", "=", "+", "*", "%", "#"]

  /// A character for each value; a blank for NULL.
  ///
  /// - Parameter scale: what the least and the greatest height stand for; nil for the least and the
  ///   greatest of these values.
  static func text(
    _ values: [Double?], scale: ClosedRange<Double>? = nil, glyphs: GlyphSet = .unicode
  ) -> String {
    guard let scale = scale ?? range(of: values) else {
      return String(repeating: " ", count: values.count)
    }
    let (low, high) = (scale.lowerBound, scale.upperBound)
    let set = glyphs == .unicode ? heights : plain
    return values.map { value in
      guard let value else { return " " }
      guard high > low else { return set[3] }
      let step = Int((min(max(0, (value - low) / (high - low)), 1) * 7).rounded())
      return set.indices.contains(step) ? set[step] : set[0]
    }.joined()
  }

  /// From the least to the greatest value; nil when there is none.
  static func range(of values: [Double?]) -> ClosedRange<Double>? {
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return nil }
    return low...high
  }

  /// As many values as there are cells: the mean of those that share one.
  static func fitted(_ values: [Double?], _ room: Int) -> [Double?] {
    guard values.count > room, room > 0 else { return values }
    return (0..<room).map { cell in
      let known = values[(cell * values.count / room)..<((cell + 1) * values.count / room)]
        .compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }

  // MARK: As a value of a grid

  /// Values as the text of one cell, which is also what leaves a grid: numbers between commas, and
  /// nothing for NULL.
  static func cell(_ values: [Double?]) -> String {
    values.map { $0.map { ChartNumber.plain($0) } ?? "" }.joined(separator: ",")
  }

  /// The values of such a cell.
  static func values(_ cell: String) -> [Double?] {
    cell.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }
}
