import Warehouse

/// One column of a grid: what it shows, and how a person arranged it.
struct GridColumn: Equatable, Sendable {
  /// The name in the header.
  var title: String
  var kind: ColumnKind
  /// Its place in the rows' values, which never changes.
  let source: Int
  /// In cells.
  var width: Int
  /// Whether a person chose the width, so that no sample changes it.
  var isWidthChosen = false
  var isHidden = false
  /// Whether it stays at the left when the others scroll.
  var isFrozen = false

  /// No column is narrower.
  static let leastWidth = 3
  /// No column gets wider than this by itself.
  static let sampleCap = 32
  /// No column gets wider than this at all.
  static let greatestWidth = 400

  /// What stands behind the title: a hint at the type that needs no colour.
  var mark: String { kind.gridMark }

  /// The cells that title and mark take, with room for the arrow of a sort.
  var titleWidth: Int { CellText.width(of: title) + (mark.isEmpty ? 0 : mark.count + 1) }

  /// Whether values line up at the right.
  var alignment: Frame.Alignment { kind.isNumeric ? .right : .left }
}

extension ColumnKind {
  /// `#` whole numbers, `%` numbers with a fraction, `@` times, `?` booleans, `{}` JSON.
  var gridMark: String {
    switch self {
    case .integer: "#"
    case .number: "%"
    case .timestamp, .date: "@"
    case .boolean: "?"
    case .json: "{}"
    case .text, .other: ""
    }
  }
}
