import Warehouse

extension ColumnProfile {
  /// The profile as a text.
  func viewer(glyphs: GlyphSet) -> TextViewer {
    let about = isSample ? "about " : ""
    var facts = [
      Fact("type", column.type),
      Fact("rows", Quantity.count(rows) + (isSample ? " (a sample: no figure is exact)" : "")),
      Fact("NULL", Quantity.count(nulls) + ColumnProfile.share(nulls, of: rows)),
    ]
    if let distinct { facts.append(Fact("different", about + Quantity.count(distinct))) }
    if let least { facts.append(Fact("least", ColumnProfile.shown(least, glyphs))) }
    if let greatest { facts.append(Fact("greatest", ColumnProfile.shown(greatest, glyphs))) }
    if let mean { facts.append(Fact("mean", mean)) }
    var lines = FactList.lines(facts)
    if !top.isEmpty { lines += [Line(), Line("Most frequent", .accent.bold)] + topLines(glyphs) }
    if !histogram.isEmpty {
      lines += [Line(), Line("From least to greatest", .accent.bold)] + histogramLines
    }
    return TextViewer(
      title: "Profile of \(column.name)", lines: lines,
      copy: lines.map(\.text).joined(separator: "\n"))
  }

  private static func share(_ count: Int, of total: Int) -> String {
    total > 0 ? " (\(Quantity.fixed(100 * Double(count) / Double(total), 1)) %)" : ""
  }

  private static let barWidth = 30

  private static func bar(_ count: Int, of greatest: Int) -> String {
    guard greatest > 0 else { return "" }
    let length = (count * barWidth + greatest - 1) / greatest
    return String(repeating: "█", count: min(max(0, length), barWidth))
  }

  private func topLines(_ glyphs: GlyphSet) -> [Line] {
    let greatest = top.first?.count ?? 0
    let values = top.map { ColumnProfile.shown($0.value, glyphs) }
    let width = min(32, values.map { CellText.width(of: $0) }.max() ?? 0)
    return zip(values, top).map { value, item in
      ColumnProfile.line(value, item.count, of: greatest, width: width, isRight: isNumeric)
    }
  }

  private static func shown(_ value: String?, _ glyphs: GlyphSet) -> String {
    guard let value else { return Grid.null(glyphs) }
    return value.isEmpty ? "(empty)" : value
  }

  private var isNumeric: Bool { column.kind.isNumeric }

  /// A name, a count, and a bar.
  private static func line(
    _ name: String, _ count: Int, of greatest: Int, width: Int, isRight: Bool = false
  ) -> Line {
    let text = CellText(name, limit: width).plainText
    let gap = String(repeating: " ", count: max(0, width - CellText.width(of: text)))
    let number = Quantity.count(count)
    let indent = String(repeating: " ", count: max(0, 11 - number.count))
    return Line("  " + (isRight ? gap + text : text + gap)) + Line(indent + number + "  ", .muted)
      + Line(bar(count, of: greatest), .active)
  }

  /// What stands before a bar: where its range begins, of numbers; else the ends alone.
  private func rangeStart(_ index: Int) -> String {
    if isNumeric, let low = least.flatMap({ Double($0) }),
      let high = greatest.flatMap({ Double($0) })
    {
      let start = low + (high - low) * Double(index) / Double(max(1, histogram.count))
      return "from " + ChartNumber.text((start * 100).rounded() / 100)
    }
    if index == 0 { return least ?? "" }
    return index == histogram.count - 1 ? "to " + (greatest ?? "") : ""
  }

  private var histogramLines: [Line] {
    let greatest = histogram.max() ?? 0
    let names = histogram.indices.map { rangeStart($0) }
    let width = min(32, names.map { CellText.width(of: $0) }.max() ?? 0)
    return zip(names, histogram).map { name, count in
      ColumnProfile.line(name, count, of: greatest, width: width)
    }
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
