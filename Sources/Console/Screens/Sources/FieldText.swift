import Warehouse

/// The columns of the table of fields, as many as there is room for.
struct FieldColumns {
  let all: [Table.Column]

  init(room: Int) {
    let isWide = room >= 104
    let hasRange = room >= 128
    all = [
      .init(title: "Field", width: .fixed(room < 60 ? 13 : 17)),
      .init(title: "Types", width: .fixed(isWide ? 18 : 10)),
      .init(title: "Nulls", width: .fixed(room < 60 ? 0 : 7), alignment: .right),
      .init(title: "Missing", width: .fixed(isWide ? 7 : 0), alignment: .right),
      .init(title: "Distinct", width: .fixed(room < 60 ? 0 : 9), alignment: .right),
      .init(title: "Widest", width: .fixed(isWide ? 6 : 0), alignment: .right),
      .init(title: isWide ? "Column" : "Bytes", width: .fixed(isWide ? 25 : 13)),
      .init(title: "Least … greatest", width: hasRange ? .flexible() : .fixed(0)),
      .init(title: "", width: hasRange ? .fixed(14) : .flexible()),
    ]
  }
}

extension FieldProfile {
  /// Its row in the table of fields.
  func cells(isWide: Bool) -> [Line] {
    let isText = textLimit != nil
    let width = widestBytes > 0 ? Quantity.count(widestBytes) : ""
    let fits = (textLimit ?? .max) > widestBytes
    let short = textLimit.map { "\(width.isEmpty ? "–" : width) of \(Quantity.count($0))" } ?? ""
    return [
      Line(name, isAbsent ? .muted : .bold), Line(typeText),
      Line(nullCount > 0 ? Quantity.count(nullCount) : "", .muted),
      Line(missingCount > 0 ? Quantity.count(missingCount) : "", .warning),
      Line(distinct.text), Line(isText ? width : "", fits ? .plain : .failure),
      isWide ? Line(declaration, .muted) : Line(short, fits ? .muted : .failure),
      Line(range, .muted), verdict,
    ]
  }

  /// The types of its values, the most frequent first: "text", "text, integer".
  var typeText: String {
    let ranked = types.filter { $0.key != .null }.sorted {
      ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue)
    }
    if ranked.isEmpty { return isAbsent ? "–" : "null" }
    return ranked.map { $0.key.rawValue }.joined(separator: ", ")
  }

  private var range: String {
    guard let minimum, let maximum else { return "" }
    return minimum == maximum ? minimum : "\(minimum.prefix(20)) … \(maximum.prefix(20))"
  }

  /// What takes it: `BIGINT, TIMESTAMP`.
  var declaration: String {
    guard !columns.isEmpty else { return "" }
    let types = columns.map(\.type.declaration).joined(separator: ", ")
    return types + (isRequired ? " NOT NULL" : "")
  }

  /// What loading would say.
  var verdict: Line {
    if refusedCount > 0 { return Line("✗ \(Quantity.count(refusedCount)) refused", .failure) }
    if columns.isEmpty { return Line("· not loaded", .muted) }
    return isAbsent ? Line("! never there", .warning) : Line("✓ fits", .success)
  }

  /// Everything about it.
  var viewer: TextViewer {
    var facts = [Fact("verdict", verdict)]
    let kinds = MemberType.allCases.compactMap { type in
      types[type].map { "\(type.rawValue) \(Quantity.count($0))" }
    }
    facts.append(Fact("values", kinds.isEmpty ? "none" : kinds.joined(separator: ", ")))
    facts.append(Fact("missing in", Quantity.counted(missingCount, "record")))
    if emptyCount > 0 { facts.append(Fact("empty", Quantity.counted(emptyCount, "text"))) }
    facts.append(Fact("distinct", distinct.text))
    if let minimum { facts.append(Fact("least", shown(minimum))) }
    if let maximum { facts.append(Fact("greatest", shown(maximum))) }
    if let place = widestPlace {
      facts.append(Fact("widest", Quantity.counted(widestBytes, "byte")))
      facts.append(Fact("  in", place.file))
      facts.append(Fact("  at", place.longText))
    }
    for column in columns {
      facts.append(
        Fact(
          "column",
          "\(column.name) \(column.type.declaration)\(column.isRequired ? " NOT NULL" : "")"))
    }
    if columns.isEmpty { facts.append(Fact("column", "none: it is not loaded")) }
    let lines = FactList.lines(facts)
    return TextViewer(
      title: "Field \(name)", lines: lines, copy: lines.map(\.text).joined(separator: "\n"))
  }

  /// A value, with its time when it goes into a timestamp.
  private func shown(_ value: String) -> String {
    guard columns.contains(where: { $0.type == .timestamp }), let time = Int64(value),
      time >= 0, time < 253_402_300_800_000
    else { return value }
    return "\(value) = \(Timestamp(milliseconds: time).text)"
  }
}

extension DistinctCount {
  /// `1,234`, or `10,000+` when there may be more.
  var text: String {
    switch self {
    case .exactly(let count): Quantity.count(count)
    case .atLeast(let count): Quantity.count(count) + "+"
    }
  }
}

extension SourcePlace {
  /// The line, or the byte where the line is not known.
  var shortText: String {
    line.map { Quantity.count($0) } ?? "byte \(Quantity.short(Double(byteOffset)))"
  }

  /// Line and byte.
  var longText: String {
    (line.map { "line \(Quantity.count($0)), " } ?? "") + "byte \(Quantity.count(byteOffset))"
  }
}
