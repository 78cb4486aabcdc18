/// Where a value was set.
public enum ConfigurationOrigin: Sendable, Hashable {
  /// Nowhere: it is ours.
  case standard
  /// In a file: its path as people would write it here, and the line from 1.
  case file(String, line: Int)
  /// In the environment, under this name.
  case environment(String)
  /// On the command line, with this flag.
  case flag(String)
  /// In the console, for as long as it is open.
  case session

  /// What a screen shows: `default`, `dwh.cfg:4`, `$PGHOST`, `--set`,
  /// `this session`.
  public var text: String {
    switch self {
    case .standard: "default"
    case .file(let path, let line): line > 0 ? "\(path):\(line)" : path
    case .environment(let name): "$\(name)"
    case .flag(let name): name
    case .session: "this session"
    }
  }
}

/// Something in the configuration that a person should know.
public struct ConfigurationFinding: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: Int, Sendable, Comparable, CaseIterable {
    /// Read in a way that is worth knowing.
    case note
    /// Probably not what was meant.
    case warning
    /// Nothing runs before it is put right.
    case error

    /// The milder is less.
    public static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// How bad it is.
  public var severity: Severity
  /// Where it is.
  public var origin: ConfigurationOrigin
  /// The setting that it is about; nil when it is about a line or a file.
  public var key: ConfigurationKey?
  /// What is there, one line, lower case. Never holds a secret or a control character.
  public var message: String
  /// What would be right, a whole sentence.
  public var hint: String?

  init(
    _ severity: Severity, _ origin: ConfigurationOrigin, _ message: String, hint: String? = nil,
    key: ConfigurationKey? = nil
  ) {
    self.severity = severity
    self.origin = origin
    self.message = message
    self.hint = hint
    self.key = key
  }

  /// All of it on one line: `dwh.cfg:4: error: … Hint.`
  public var text: String {
    let head = "\(origin.text): \(severity): \(message)"
    return hint.map { "\(head). \($0)" } ?? head
  }
}

extension String {
  /// As a message may show it: printable, on one line, at most 60 characters.
  var shown: String {
    let cut = unicodeScalars.prefix(60).map { $0.isPrintable ? $0 : "\u{FFFD}" }
    return cut.text + (unicodeScalars.count > 60 ? "…" : "")
  }
}

extension Unicode.Scalar {
  /// Whether it can stand in a message: no control, format or line separator.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      false
    default: true
    }
  }

  /// Whether it is trimmed: blanks, the no-break space and the byte order mark among them.
  var isBlank: Bool { properties.isWhitespace || self == "\u{FEFF}" }
}
