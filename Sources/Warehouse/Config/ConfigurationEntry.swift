/// One setting as a screen lists it.
public struct ConfigurationEntry: Sendable, Equatable, Identifiable {
  /// What is thought of a value.
  public enum Verdict: Sendable, Equatable {
    /// Nothing is wrong with it.
    case right
    /// Probably not what was meant: why.
    case warning(String)
    /// It cannot be used: why.
    case error(String)
  }

  /// Which setting.
  public var id: ConfigurationKey
  /// What it is; nil when it is not set. A secret shows as `•••`.
  public var value: String?
  /// Who said so.
  public var origin: ConfigurationOrigin
  /// What is thought of it.
  public var verdict: Verdict

  /// The canonical section.
  public var section: String { id.section }
  /// The canonical key within the section.
  public var name: String { id.name }
}

/// Everything that was found out about a configuration, right or wrong.
public struct ConfigurationReport: Sendable {
  /// The values; a wrong one has its default here. Use them only when there is no error.
  public let configuration: Configuration
  /// All findings: by file and line, then environment, then flags.
  public let findings: [ConfigurationFinding]

  /// Whether something must be put right first.
  public var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// All errors as one; nil when there is none.
  public var error: WarehouseError? {
    let errors = findings.filter { $0.severity == .error }
    guard let first = errors.first else { return nil }
    guard errors.count > 1 else {
      return WarehouseError(
        .configuration, "could not use the configuration: \(first.message)",
        detail: first.origin.text, hint: first.hint)
    }
    return WarehouseError(
      .configuration, "could not use the configuration: \(errors.count) errors",
      detail: errors.map(\.text).joined(separator: "\n"),
      hint: "Correct these lines; `sparkify config check` lists all findings.")
  }
}
