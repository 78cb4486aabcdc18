extension Grid {
  /// Draws the values of a column as sparklines: they are numbers between commas.
  mutating func showSparklines(inColumn index: Int) {
    setColumns { columns in
      guard columns.indices.contains(index) else { return }
      columns[index].look = .sparkline(scale: nil)
    }
    takeSample()
  }

  /// Puts all sparklines of a column on one scale, or each on its own again; `false` when the grid has
  /// none.
  mutating func toggleScale() -> Bool {
    guard let index = columns.firstIndex(where: \.hasSparklines) else { return false }
    let column = columns[index]
    let values = rows.flatMap { Sparkline.values(value($0, column) ?? "") }
    let isOwn = column.look == .sparkline(scale: nil)
    setColumns { $0[index].look = .sparkline(scale: isOwn ? Sparkline.range(of: values) : nil) }
    return true
  }

  /// What the heights of its sparklines stand for; nil when it has none.
  var scaleText: String? {
    guard case .sparkline(let scale)? = columns.first(where: \.hasSparklines)?.look else {
      return nil
    }
    guard let scale else { return "each on its own scale" }
    return "one scale: \(ChartNumber.text(scale.lowerBound)) to "
      + ChartNumber.text(scale.upperBound)
  }
}
