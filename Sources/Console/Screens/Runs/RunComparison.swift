import Warehouse

/// Two runs, what differs marked: one row for each thing that can be compared.
struct RunComparison {
  /// One thing.
  struct Row: Equatable {
    var label: String
    var left: String
    var right: String
    /// The difference, where one can be told in figures.
    var difference = ""
    var isHeading = false
    /// Whether the two are not the same, in a way that matters: times always differ.
    var differs = false
  }

  let rows: [Row]

  init(_ left: RunDetail, _ right: RunDetail) {
    rows =
      RunComparison.overview(left.run, right.run) + RunComparison.stages(left, right)
      + RunComparison.checks(left, right) + RunComparison.configuration(left.run, right.run)
  }

  private static func row(_ label: String, _ left: String, _ right: String) -> Row {
    Row(label: label, left: left, right: right, differs: left != right)
  }

  private static func overview(_ left: RunRecord, _ right: RunRecord) -> [Row] {
    [
      row("state", StateLook(left.state).word, StateLook(right.state).word),
      row("asked for", left.selection, right.selection),
      Row(label: "started", left: left.startedAt.minuteText, right: right.startedAt.minuteText),
      row("by", left.startedBy, right.startedBy),
      Row(
        label: "took", left: text(left.duration), right: text(right.duration),
        difference: change(left.duration, right.duration)),
    ]
      + (left.error == nil && right.error == nil
        ? [] : [row("error", left.error?.inOneLine ?? "—", right.error?.inOneLine ?? "—")])
  }

  private static func stages(_ left: RunDetail, _ right: RunDetail) -> [Row] {
    let ids = Set((left.stages + right.stages).map(\.stage)).sorted()
    let rows = ids.flatMap { id -> [Row] in
      let one = left.stages.first { $0.stage == id }
      let other = right.stages.first { $0.stage == id }
      return stage(id, one, other)
    }
    return [Row(label: "Stages", left: "", right: "", isHeading: true)] + rows
  }

  private static func stage(_ id: StageID, _ left: StageRecord?, _ right: StageRecord?) -> [Row] {
    let rows = (left?.summary?.rows, right?.summary?.rows)
    let times = (left?.summary?.duration, right?.summary?.duration)
    var result = [
      Row(
        label: id.rawValue, left: text(left), right: text(right),
        difference: rows.0 == rows.1 ? change(times.0, times.1) : change(rows.0, rows.1),
        differs: left?.state != right?.state || rows.0 != rows.1)
    ]
    let rejects = (left?.summary?.rejects ?? 0, right?.summary?.rejects ?? 0)
    if rejects.0 + rejects.1 > 0 {
      result.append(
        Row(
          label: "  rejects", left: Quantity.count(rejects.0), right: Quantity.count(rejects.1),
          difference: change(rejects.0, rejects.1), differs: rejects.0 != rejects.1))
    }
    return result
  }

  private static func text(_ record: StageRecord?) -> String {
    guard let record else { return "—" }
    guard record.state == .succeeded, let summary = record.summary else {
      return StateLook(record.state).word
    }
    let rows = summary.rows.map { Quantity.counted($0, "row") + ", " } ?? ""
    return rows + Quantity.duration(summary.duration)
  }

  private static func checks(_ left: RunDetail, _ right: RunDetail) -> [Row] {
    var names: [String] = []
    for check in left.checks + right.checks where !names.contains(check.name) {
      names.append(check.name)
    }
    guard !names.isEmpty else { return [] }
    let rows = names.map { name in
      let one = left.checks.first { $0.name == name }
      let other = right.checks.first { $0.name == name }
      return Row(
        label: name, left: text(one), right: text(other),
        difference: change(one?.count, other?.count),
        differs: one?.verdict != other?.verdict || one?.count != other?.count)
    }
    return [Row(label: "Checks", left: "", right: "", isHeading: true)] + rows
  }

  private static func text(_ check: CheckResult?) -> String {
    guard let check else { return "—" }
    return StateLook(check.verdict).word + ", " + Quantity.count(check.count)
  }

  /// Only what differs: the rest is the same twice.
  private static func configuration(_ left: RunRecord, _ right: RunRecord) -> [Row] {
    var keys: [String] = []
    for entry in left.configuration + right.configuration where !keys.contains(entry.key) {
      keys.append(entry.key)
    }
    let rows = keys.compactMap { key -> Row? in
      let one = left.configuration.first { $0.key == key }?.value
      let other = right.configuration.first { $0.key == key }?.value
      return one == other ? nil : row(key, one ?? "—", other ?? "—")
    }
    let heading = rows.isEmpty ? "Configuration: the same" : "Configuration: what differs"
    return [Row(label: heading, left: "", right: "", isHeading: true)] + rows
  }

  private static func text(_ duration: Duration?) -> String {
    duration.map { Quantity.duration($0) } ?? "—"
  }

  private static func change(_ left: Duration?, _ right: Duration?) -> String {
    guard let left, let right, left.milliseconds > 0 else { return "" }
    let percent = 100 * (right.inSeconds / left.inSeconds - 1)
    let rounded = Int(exactly: percent.rounded()) ?? 0
    return rounded == 0 ? "±0 %" : (rounded > 0 ? "+" : "") + "\(rounded) %"
  }

  private static func change(_ left: Int?, _ right: Int?) -> String {
    guard let left, let right, left != right else { return "" }
    return (right > left ? "+" : "") + Quantity.count(right - left)
  }
}
