extension Model {
  /// The part of the screen above the caption: all of it where there is none.
  var bounds: Rect {
    Rect(row: 0, column: 0, rows: max(0, size.rows - captionRows), columns: size.columns)
  }

  /// The rows that the demo's caption takes: the same at every step, so that nothing jumps.
  private var captionRows: Int {
    guard demo != nil else { return 0 }
    let columns = max(1, size.columns - 4)
    // Lines break between words, so that a tenth of them stays empty.
    let needed = (DemoStep.longestText * 11 / 10 + columns - 1) / columns
    return min(needed, max(1, size.rows / 6)) + 2
  }

  /// Draws the caption above the footer.
  func drawCaption(into frame: inout Frame) {
    guard let demo, let step = demo.step else { return }
    let place = Rect(
      row: bounds.rows - 1, column: 0, rows: captionRows, columns: size.columns)
    frame.clear(place)
    let (mark, words) = state(of: demo, step)
    let number = "\(demo.index + 1) of \(demo.steps.count) "
    let inner = frame.box(
      place,
      title: mark + Line(" Demo ", .accent.bold) + Line(number, .muted) + Line(step.title, .bold),
      trailing: words, style: Style(role: .accent))
    let lines = TextPane.broken([Line(step.text(self))], columns: inner.columns)
    for (index, line) in lines.prefix(inner.rows).enumerated() {
      let isCut = index == inner.rows - 1 && lines.count > inner.rows
      frame.write(
        isCut ? line + Line(" …") : line, row: inner.row + index, column: inner.column,
        width: inner.columns)
    }
    drawKeys(of: demo, in: place.line(place.rows - 1), into: &frame)
  }

  /// How the caption stands: a mark that stands first, and words.
  private func state(of demo: DemoWalk, _ step: DemoStep) -> (mark: Line, words: Line) {
    if step.hasFailed(self) {
      return (Line("✗", .failure), Line("it did not work", .failure))
    }
    guard demo.shownAt != nil else {
      let spinner = Spinner.picture(at: moment.uptime, glyphs: glyphs)
      return (Line(spinner, .active), Line(step.waitsFor, .active))
    }
    return demo.isPlaying
      ? (Line("▶", .active), Line("plays by itself", .active)) : (Line("✓", .success), Line())
  }

  /// The demo's keys on the caption's lower edge.
  private func drawKeys(of demo: DemoWalk, in edge: Rect, into frame: inout Frame) {
    var column = edge.column + 2
    for binding in Keymap.bindings(of: .demo) {
      guard let key = binding.keys.first, let hint = binding.hint else { continue }
      let title = binding.action == .demo(.togglePlay) && demo.isPlaying ? "stop" : hint
      let line = Line(" " + key.title, .key.bold) + Line(" " + title + " ")
      guard column + line.width < edge.endColumn - 1 else { return }
      let start = column
      column = frame.write(line, row: edge.row, column: column)
      frame.mark(
        Rect(row: edge.row, column: start, rows: 1, columns: column - start), as: .key(key))
      column += 1
    }
  }
}
