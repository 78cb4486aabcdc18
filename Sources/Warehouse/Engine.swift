/// The kind of database that a warehouse is. All differences hang on this.
public enum Engine: String, Sendable, CaseIterable {
  /// PostgreSQL: embedded, or a server.
  case postgres
  /// Amazon Redshift: known by the word "Redshift" in `version()`, never by its number.
  case redshift

  /// The engine behind what `version()` answered.
  public init(version: String) {
    self = version.contains("Redshift") ? .redshift : .postgres
  }

  /// The name that people use.
  public var title: String {
    switch self {
    case .postgres: "PostgreSQL"
    case .redshift: "Amazon Redshift"
    }
  }
}
