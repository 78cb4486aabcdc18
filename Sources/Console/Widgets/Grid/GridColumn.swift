import Warehouse

/// One column of a grid: what it shows, and how a person arranged it.
struct GridColumn: Equatable, Sendable {
  /// The name in the header.
  var title: String
  var kind: ColumnKind
  /// Its place in the rows' values, which never changes.
  let source: Int
  /// In cells; where there is room to spare it may be drawn wider.
  var width: Int
  /// The cells that the widest of the first values takes: nothing would be cut then.
  var fullWidth = 0
  /// Whether a person chose the width, so that no sample changes it.
  var isWidthChosen = false
  var isHidden = false
  var look = Look.text
  /// Whether it stays at the left when the others scroll.
  var isFrozen = false

  /// How its values are drawn.
  enum Look: Equatable, Sendable {
    case text
    /// Numbers in a row, each cell between its own least and greatest, or all on one scale.
    case sparkline(scale: ClosedRange<Double>?)
  }

  /// Whether its cells are sparklines.
  var hasSparklines: Bool { look != .text }

  /// No column is narrower.
  static let leastWidth = 3
  /// No column gets wider than this by itself.
  static let sampleCap = 32
  /// No column gets wider than this at all.
  static let greatestWidth = 400

  /// What stands behind the title: a hint at the type that needs no colour.
  var mark: String { hasSparklines ? "~" : kind.gridMark }

  /// The cells that title and mark take, with room for the arrow of a sort.
  var titleWidth: Int { CellText.width(of: title) + (mark.isEmpty ? 0 : mark.count + 1) }

  /// Whether no part of a value may be shown for the whole: a cut number is another number.
  var mustBeWhole: Bool {
    switch kind {
    case .integer, .number, .timestamp, .date, .boolean: true
    case .text, .json, .other: false
    }
  }

  /// How a value is shown: numbers with thousands parted, as in charts; those that only name
  /// something as they are.
  func text(_ value: String) -> String {
    if hasSparklines { return Sparkline.text(Sparkline.values(value)) }
    return kind.isNumeric && !ColumnName.isLabel(title) ? NumberText.grouped(value) : value
  }

  /// Whether values line up at the right.
  var alignment: Frame.Alignment { kind.isNumeric ? .right : .left }
}

/// What a column's name tells of its numbers.
enum ColumnName {
  /// What they are measured in; nil when the name does not say.
  static func unit(_ name: String) -> String? {
    let units = [
      ("percent", "%"), ("minutes", "min"), ("seconds", "s"), ("milliseconds", "ms"),
      ("bytes", "B"),
    ]
    let name = name.lowercased()
    return units.first { name == $0.0 || name.hasSuffix("_" + $0.0) }?.1
  }

  /// Whether they only name something, so that nobody adds them and a comma would be wrong in them:
  /// keys, years, times as numbers.
  static func isLabel(_ name: String) -> Bool {
    // A heading of several words, as `different user_id`, tells of numbers.
    guard !name.contains(" ") else { return false }
    let name = name.lowercased()
    return ["id", "userid", "sessionid", "year", "ts", "status", "pid", "oid"].contains(name)
      || name.hasSuffix("_id") || name.hasSuffix("_year")
  }
}

/// Numbers as a server writes them, for people.
enum NumberText {
  /// `1,234,567.891`: thousands parted, nothing rounded. What is no plain number stays as it is.
  static func grouped(_ text: String) -> String {
    let digits = text.utf8
    let isNegative = digits.first == UInt8(ascii: "-")
    let whole = digits.dropFirst(isNegative ? 1 : 0).prefix { (0x30...0x39).contains($0) }
    guard whole.count > 3 else { return text }
    let rest = digits[whole.endIndex...]
    guard rest.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) else {
      return text
    }
    var shown: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { shown.append(UInt8(ascii: ",")) }
      shown.append(digit)
    }
    return String(decoding: shown + Array(rest), as: UTF8.self)
  }
}

extension ColumnKind {
  /// `#` whole numbers, `.0` numbers with a fraction, `@` times, `?` booleans, `{}` JSON.
  var gridMark: String {
    switch self {
    case .integer: "#"
    case .number: ".0"
    case .timestamp, .date: "@"
    case .boolean: "?"
    case .json: "{}"
    case .text, .other: ""
    }
  }

  /// What the marks mean.
  static let gridMarks = [
    (ColumnKind.integer, "Whole numbers."), (.number, "Numbers with a fraction."),
    (.timestamp, "Dates and times."), (.boolean, "True or false."), (.json, "JSON."),
  ].map { ($0.0.gridMark, $0.1) }
}
