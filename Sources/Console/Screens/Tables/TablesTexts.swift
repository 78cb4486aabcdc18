import Warehouse

extension ColumnProfile {
  /// The profile as a text for so many columns; what is copied is cut nowhere.
  func viewer(glyphs: GlyphSet, columns: Int) -> TextViewer {
    TextViewer(
      title: "Profile of \(column.name)", lines: lines(glyphs, columns: columns),
      copy: lines(glyphs, columns: nil).map(\.text).joined(separator: "\n"))
  }

  private func lines(_ glyphs: GlyphSet, columns: Int?) -> [Line] {
    let about = isSample ? "about " : ""
    var facts = [
      Fact("type", column.type),
      Fact("rows", Quantity.count(rows) + (isSample ? " (a sample: no figure is exact)" : "")),
      Fact("NULL", Quantity.count(nulls) + ColumnProfile.share(nulls, of: rows)),
    ]
    if let distinct { facts.append(Fact("different", about + Quantity.count(distinct))) }
    if let least { facts.append(Fact("least", ColumnProfile.shown(least, glyphs))) }
    if let greatest { facts.append(Fact("greatest", ColumnProfile.shown(greatest, glyphs))) }
    if let mean { facts.append(Fact("mean", ChartNumber.significant(mean))) }
    var lines = FactList.lines(facts)
    if !top.isEmpty {
      lines += [Line(), Line("Most frequent", .accent.bold)]
      lines += ProfileBars(
        names: top.map { ColumnProfile.shown($0.value, glyphs) }, counts: top.map(\.count),
        isRight: isNumeric
      ).lines(columns: columns, glyphs: glyphs)
    }
    if !histogram.isEmpty {
      lines += [Line(), Line("From least to greatest", .accent.bold)]
      lines += ProfileBars(names: histogram.indices.map { rangeStart($0) }, counts: histogram)
        .lines(columns: columns, glyphs: glyphs)
    }
    return lines
  }

  private static func share(_ count: Int, of total: Int) -> String {
    total > 0 ? " (\(Quantity.fixed(100 * Double(count) / Double(total), 1)) %)" : ""
  }

  private static func shown(_ value: String?, _ glyphs: GlyphSet) -> String {
    guard let value else { return Grid.null(glyphs) }
    return value.isEmpty ? "(empty)" : value
  }

  private var isNumeric: Bool { column.kind.isNumeric }

  /// Where a range begins.
  private func rangeStart(_ index: Int) -> String {
    guard let low = ChartAxis.number(least, column.kind),
      let high = ChartAxis.number(greatest, column.kind)
    else { return "" }
    let start = low + (high - low) * Double(index) / Double(max(1, histogram.count))
    if isNumeric { return "from " + ChartNumber.text((start * 100).rounded() / 100) }
    return "from "
      + ChartAxis.time(start, hasClock: column.kind == .timestamp, hasSeconds: high - low < 0.1)
  }
}

/// Names with a count and a bar each, of a profile.
private struct ProfileBars {
  var names: [String]
  var counts: [Int]
  var isRight = false

  /// Indent, count and the gaps between.
  private static let fixed = 15

  /// Lines for so many columns: names come before bars, and end with an ellipsis where they are cut.
  /// nil cuts nothing.
  func lines(columns: Int?, glyphs: GlyphSet) -> [Line] {
    let widest = names.map { CellText.width(of: $0) }.max() ?? 0
    let room = columns.map { max(10, $0 - ProfileBars.fixed) } ?? widest + 30
    let barWidth = min(30, max(10, room - widest))
    let width = max(4, min(widest, room - barWidth))
    let greatest = counts.max() ?? 0
    return zip(names, counts).map { name, count in
      var text = CellText(name, limit: width)
      text.closeWithEllipsis(limit: width, glyphs: glyphs)
      let gap = String(repeating: " ", count: max(0, width - text.width))
      let shown = text.plainText
      let number = Quantity.count(count)
      let indent = String(repeating: " ", count: max(0, 11 - number.count))
      return Line("  " + (isRight ? gap + shown : shown + gap))
        + Line(indent + number + "  ", .muted)
        + Line(ProfileBars.bar(count, of: greatest, width: barWidth), .active)
    }
  }

  private static func bar(_ count: Int, of greatest: Int, width: Int) -> String {
    guard greatest > 0 else { return "" }
    let length = Int((Double(count) * Double(width) / Double(greatest)).rounded(.up))
    return String(repeating: "█", count: min(max(0, length), width))
  }
}

extension PlayOrigin {
  /// Where the play came from, as a text.
  func viewer(glyphs: GlyphSet) -> TextViewer {
    let place = (path ?? "(unknown file)") + (line.map { ", line \($0)" } ?? "")
    var lines = [Line("Source", .accent.bold), Line(place), Line()]
    if deliveries > 1 {
      lines += [Line("\(deliveries) staged events fit; this is the first.", .warning), Line()]
    }
    lines.append(Line("Staged event", .accent.bold))
    lines += FactList.lines(
      event.map { Fact($0.name, $0.value.map { Line($0) } ?? Line(Grid.null(glyphs), .muted)) })
    return TextViewer(title: "Where this play came from", lines: lines, copy: place)
  }
}
