extension Grid {
  /// Changes the column under the cursor.
  private mutating func changeColumn(_ change: (inout GridColumn) -> Void) {
    let index = column
    guard columns.indices.contains(index) else { return }
    setColumns { change(&$0[index]) }
  }

  /// Makes the column wider or narrower by so many cells than it is drawn in a place.
  mutating func widen(_ cells: Int, in place: Rect) {
    let drawn = layout(room: place.columns).columns.first { $0.index == column }?.width ?? 0
    changeColumn {
      let width = max($0.width, drawn) + cells
      $0.width = min(max(GridColumn.leastWidth, width), GridColumn.greatestWidth)
      $0.isWidthChosen = true
    }
  }

  /// Makes the column as wide as its widest value here, or as narrow as it was when it is that.
  mutating func fit() {
    guard let current = currentColumn else { return }
    let grid = self
    let widest = Grid.width(
      of: rows.lazy.map { grid.value($0, current).map(current.text) }, cap: GridColumn.greatestWidth
    )
    let full = max(GridColumn.leastWidth, widest, current.titleWidth)
    if current.width == full, full > GridColumn.sampleCap {
      changeColumn { $0.isWidthChosen = false }
      takeSample()
    } else {
      changeColumn { ($0.width, $0.isWidthChosen) = (full, true) }
    }
  }

  /// Hides the column, and goes to its neighbour; `false` when it is the last one.
  mutating func hide(in place: Rect) -> Bool {
    let shown = displayOrder(room: place.columns)
    guard shown.count > 1, let index = shown.firstIndex(of: column) else { return false }
    changeColumn { $0.isHidden = true }
    setColumn(shown.indices.contains(index + 1) ? shown[index + 1] : shown[index - 1])
    return true
  }

  /// Shows all columns again.
  mutating func showAll() {
    setColumns { columns in columns.indices.forEach { columns[$0].isHidden = false } }
  }

  /// Moves the column past its shown neighbour at its left (-1) or right (1).
  mutating func moveCurrentColumn(_ step: Int, in place: Rect) {
    let shown = displayOrder(room: place.columns)
    guard let index = shown.firstIndex(of: column), shown.indices.contains(index + step) else {
      return
    }
    let target = shown[index + step]
    guard columns[target].isFrozen == columns[column].isFrozen else { return }
    let origin = column
    setColumns { columns in
      let moved = columns.remove(at: origin)
      columns.insert(moved, at: target)
    }
    setColumn(target)
    setLeft(layout(room: place.columns).left)
  }

  /// Freezes the column, or lets it go.
  ///
  /// - Returns: whether there was room: frozen columns never take more than half the width.
  mutating func toggleFrozen(in place: Rect) -> Bool {
    changeColumn { $0.isFrozen.toggle() }
    guard let current = currentColumn, current.isFrozen else { return true }
    if layout(room: place.columns).columns.contains(where: { $0.index == column && $0.isFrozen }) {
      return true
    }
    changeColumn { $0.isFrozen = false }
    return false
  }
}
