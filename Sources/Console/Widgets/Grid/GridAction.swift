import Warehouse

/// What a person can do with any grid.
enum GridAction: Hashable, Sendable {
  case left, right, firstColumn, lastColumn
  case narrow, widen, fit, hide, showAll, moveLeft, moveRight, freeze
  case mark, unmarkAll
  /// Writes the value to a file.
  case exportCell
  case copyCell, copyRow(RowFormat), copyColumn, copyRows(RowFormat)
  case detail
  /// All sparklines on one scale, or each on its own.
  case toggleScale
}

extension Grid {
  /// Does an action in the grid's place.
  mutating func perform(_ action: GridAction, in place: Rect, glyphs: GlyphSet) -> [Request] {
    switch action {
    case .left: moveColumn(-1, in: place)
    case .right: moveColumn(1, in: place)
    case .firstColumn: moveColumn(toEnd: false, in: place)
    case .lastColumn: moveColumn(toEnd: true, in: place)
    case .narrow: widen(-2, in: place)
    case .widen: widen(2, in: place)
    case .fit: fit()
    case .hide:
      if !hide(in: place) { return [.notice("the last column stays")] }
    case .showAll: showAll()
    case .moveLeft: moveCurrentColumn(-1, in: place)
    case .moveRight: moveCurrentColumn(1, in: place)
    case .freeze:
      if !toggleFrozen(in: place) {
        return [.notice("frozen columns take half the width at most: narrow it with < first")]
      }
    case .mark: return mark(in: place)
    case .unmarkAll: setMarks { $0.removeAll() }
    case .copyCell, .copyRow, .copyColumn, .copyRows: return copy(action)
    case .exportCell: return exportCell()
    case .toggleScale: _ = toggleScale()
    case .detail:
      return detail(title: "Row", glyphs: glyphs).map { [.overlay(.viewer($0))] } ?? []
    }
    return []
  }

  /// Why an action cannot be done now; nil when it can.
  func refusal(of action: GridAction) -> String? {
    switch action {
    case .left, .right, .firstColumn, .lastColumn, .narrow, .widen, .fit, .hide, .moveLeft,
      .moveRight, .freeze:
      columns.isEmpty ? "there is no column" : nil
    case .showAll: columns.contains(where: \.isHidden) ? nil : "no column is hidden"
    case .toggleScale: scaleText == nil ? "there are no sparklines" : nil
    case .unmarkAll: marks.isEmpty ? "no row is marked" : nil
    case .mark, .exportCell, .copyCell, .copyRow, .copyColumn, .copyRows, .detail:
      hasCell ? nil : "there is no row"
    }
  }

  private mutating func mark(in place: Rect) -> [Request] {
    guard let id = identity(row), let values = currentRow else { return [] }
    var fits = true
    setMarks { fits = $0.toggle(id, values) }
    guard fits else {
      return [.notice("\(Quantity.count(GridMarks.limit)) rows can be marked at most")]
    }
    step(1, height: Grid.height(in: place))
    return []
  }

  private func exportCell() -> [Request] {
    guard let column = currentColumn, let value = currentValue else { return [] }
    let offer = ExportOffer(title: "the value", name: column.title, text: value ?? "")
    return [.overlay(.form(offer.form))]
  }

  private func copy(_ action: GridAction) -> [Request] {
    let text: String?
    switch action {
    case .copyCell: text = currentValue.map { $0 ?? "" }
    case .copyRow(let format): text = rowText(format)
    case .copyColumn: text = columnText
    case .copyRows(let format): text = Grid.text(outgoing, format)
    default: text = nil
    }
    return text.map { [.effect(.copy($0))] } ?? []
  }
}
