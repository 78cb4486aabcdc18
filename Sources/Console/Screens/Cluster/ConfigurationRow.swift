import Warehouse

/// One row of the configuration: what was found out about a line or a file, or a value.
enum ConfigurationRow: Equatable, Sendable {
  case finding(ConfigurationFinding)
  case value(ConfigurationEntry)

  /// Key, value, origin and verdict.
  var cells: [Line] {
    switch self {
    case .finding(let finding):
      [Line("–", .muted), Line(finding.message), Line(finding.origin.text, .muted), finding.line]
    case .value(let entry):
      [
        Line(entry.id.rawValue), entry.shownValue,
        Line(entry.value == nil ? "" : entry.origin.text, .muted), entry.verdictLine,
      ]
    }
  }

  /// What is copied of it.
  var copiedText: String {
    switch self {
    case .finding(let finding): finding.text
    case .value(let entry): entry.value ?? ""
    }
  }

  /// All of it.
  var viewer: TextViewer {
    switch self {
    case .finding(let finding):
      TextViewer(
        title: finding.origin.text,
        lines: FactList.lines([Fact("found", finding.message), Fact("verdict", finding.line)]),
        copy: finding.text)
    case .value(let entry):
      TextViewer(
        title: entry.id.rawValue,
        lines: FactList.lines([
          Fact("value", entry.shownValue),
          Fact("from", entry.value == nil ? "nowhere" : entry.origin.text),
          Fact("verdict", entry.verdictLine),
        ]), copy: entry.value)
    }
  }
}

extension WarehouseStatus {
  /// How many errors and warnings there are, for a title; empty when there are none.
  var configurationNote: Line {
    let severities = findings.map(\.severity)
    let wrong =
      configuration.count { if case .error = $0.verdict { true } else { false } }
      + severities.count { $0 == .error }
    guard wrong == 0 else {
      return Line("✗ " + Quantity.counted(wrong, "wrong value"), .failure)
    }
    let odd =
      configuration.count { if case .warning = $0.verdict { true } else { false } }
      + severities.count { $0 == .warning }
    return odd == 0 ? Line() : Line("! " + Quantity.counted(odd, "warning"), .warning)
  }
}

extension ConfigurationFinding {
  /// How bad it is, and what would be right where that is known.
  fileprivate var line: Line {
    let text = hint ?? "\(severity)"
    return switch severity {
    case .note: Line("· " + text, .muted)
    case .warning: ConfigurationEntry.Verdict.warning(text).line
    case .error: ConfigurationEntry.Verdict.error(text).line
    }
  }
}

extension ConfigurationEntry {
  /// The value, or that there is none.
  var shownValue: Line { value.map { Line($0, .bold) } ?? Line("not set", .muted) }

  /// What is thought of the value; of one that is not set only what is wrong with that.
  var verdictLine: Line {
    value == nil && verdict == .right ? Line("–", .muted) : verdict.line
  }
}

extension ConfigurationEntry.Verdict {
  var line: Line {
    switch self {
    case .right: Line("✓ ok", .success)
    case .warning(let text): Line("! " + text, .warning)
    case .error(let text): Line("✗ " + text, .failure)
    }
  }
}
