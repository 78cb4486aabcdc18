/// What one `dwh.cfg` says: every option with its place, and everything odd about the text.
///
/// The dialect is that of Python's `configparser`, which the public Sparkify projects read these
/// files with, but forgiving where those files are known to be odd: outer quotes are taken off,
/// a comment after a value is cut where that cannot change a password, keys before the first
/// section find their own. Nothing stops the reading: all findings come at once.
struct ConfigurationFile: Sendable {
  /// One `key = value`. Its text is hidden until somebody knows that it is no secret.
  struct Option: Sendable, Equatable {
    /// The section's name as written.
    var section: String
    /// The key as written.
    var key: String
    /// The line of the key, from 1.
    var line: Int
    /// The last line of the value; another than `line` when it is continued.
    var lastLine: Int
    /// The first character of the value, from 1, its quote included.
    var column: Int
    /// The value as typed, quotes and comment included.
    var raw: Secret
    /// The value as meant.
    var text: Secret
    /// Whether the value must not be shown: by the key's name, or for what it refers to.
    var holdsSecret: Bool
    /// Which setting it is; nil when the key is unknown.
    var match: ConfigurationKey.Match?

    /// Section and key, as looked up.
    var folded: String { "\(section.uppercased()).\(key.uppercased())" }
  }

  /// The path that findings name.
  let path: String
  /// The options, in the order of the file.
  let options: [Option]
  /// The sections by folded name, each as first written.
  let sections: [String: ConfigurationParser.Section]
  /// What is odd, in the order of the lines.
  let findings: [ConfigurationFinding]

  /// Reads the bytes of a file.
  init(parsing bytes: [UInt8], path: String) {
    var parser = ConfigurationParser(path: path)
    parser.read(bytes)
    var values = ConfigurationValues(
      path: path, options: parser.options + parser.inheritedOptions())
    values.resolve()
    let names = ConfigurationNames(path: path, options: values.options, sections: parser.sections)
    self.path = path
    options = values.options
    sections = parser.sections
    findings = (parser.findings + values.findings + names.findings).sorted { $0.line < $1.line }
  }
}

extension ConfigurationFinding {
  /// The line that it is about; 0 when it is not about a line.
  var line: Int {
    if case .file(_, let line) = origin { return line }
    return 0
  }
}
