/// Turns the values of a file, as typed, into what was meant: quotes, comments, `%`.
struct ConfigurationValues {
  let path: String
  private(set) var options: [ConfigurationFile.Option]
  private(set) var findings: [ConfigurationFinding] = []

  /// `configparser` follows a reference ten deep (`MAX_INTERPOLATION_DEPTH`); so do we.
  private static let deepest = 10

  init(path: String, options: [ConfigurationFile.Option]) {
    self.path = path
    self.options = options
  }

  /// Fills in `text` and `holdsSecret` of every option.
  mutating func resolve() {
    for index in options.indices { unquote(index) }
    let unquoted = Dictionary(
      options.map { ($0.folded, $0) }, uniquingKeysWith: { first, _ in first })
    for index in options.indices { expand(index, among: unquoted) }
  }

  private mutating func unquote(_ index: Int) {
    let option = options[index]
    let value = QuotedValue(option.raw.reveal(), isSecret: option.holdsSecret)
    options[index].text = Secret(value.text)
    if value.quotes == .curly {
      report(
        .warning, option, "typographic quotes around the value of \(option.key.shown)",
        "Use ' or \", or none.")
    }
    switch value.comment {
    case .none: break
    case .cut:
      report(
        .warning, option, "the comment after the value of \(option.key.shown) is left out",
        "Put the comment on a line of its own: Python takes it for a part of the value.")
    case .kept:
      report(
        .warning, option,
        "what follows # or ; is read as a part of the value of \(option.key.shown)",
        "Put a comment on a line of its own.")
    }
  }

  private mutating func expand(
    _ index: Int, among unquoted: [String: ConfigurationFile.Option]
  ) {
    let option = options[index]
    guard option.text.reveal().unicodeScalars.contains("%") else { return }
    var expansion = Interpolation(section: option.section, options: unquoted)
    let text = expansion.expand(option.text.reveal(), depth: Self.deepest)
    options[index].text = Secret(text)
    options[index].holdsSecret = option.holdsSecret || expansion.touchedSecret
    let key = option.key.shown
    if expansion.keptPercent {
      report(
        .note, option, "the % in the value of \(key) is kept as typed",
        "Python refuses the file: write %% for one %.")
    }
    if expansion.halved { report(.note, option, "%% in the value of \(key) is read as one %", nil) }
  }

  private mutating func report(
    _ severity: ConfigurationFinding.Severity, _ option: ConfigurationFile.Option,
    _ message: String, _ hint: String?
  ) {
    // A key that nobody reads has one finding: that it is unknown.
    guard let match = option.match else { return }
    findings.append(
      ConfigurationFinding(
        severity, .file(path, line: option.line), message, hint: hint, key: match.key))
  }
}

/// `%(name)s` and `%%`, as Python's basic interpolation knows them.
private struct Interpolation {
  let section: String
  let options: [String: ConfigurationFile.Option]
  /// References can multiply: a value that follows more than these, or grows longer, is kept as
  /// typed from there on.
  private var remaining = (references: 1000, bytes: 64 << 10)
  var keptPercent = false
  var halved = false
  var touchedSecret = false

  init(section: String, options: [String: ConfigurationFile.Option]) {
    self.section = section
    self.options = options
  }

  mutating func expand(_ text: String, depth: Int) -> String {
    var result = ""
    var rest = text.unicodeScalars[...]
    while let percent = rest.firstIndex(of: "%") {
      result += String(rest[..<percent])
      rest = rest[percent...].dropFirst()
      if rest.first == "%" {
        halved = true
        result += "%"
        rest = rest.dropFirst()
      } else if let (value, after) = reference(rest, depth: depth) {
        result += value
        rest = after
      } else {
        keptPercent = true
        result += "%"
      }
    }
    return result + String(rest)
  }

  /// The value of `(name)s` at the start of `rest`, and what follows; nil when it names nothing.
  private mutating func reference(
    _ rest: Substring.UnicodeScalarView, depth: Int
  ) -> (String, Substring.UnicodeScalarView)? {
    guard depth > 0, rest.first == "(", let close = rest.firstIndex(of: ")") else { return nil }
    let after = rest[close...].dropFirst()
    guard after.first == "s" else { return nil }
    let name = String(rest[..<close].dropFirst())
    guard
      let option = options["\(section).\(name)".uppercased()]
        ?? options["DEFAULT.\(name)".uppercased()]
    else { return nil }
    let text = option.text.reveal()
    remaining = (remaining.references - 1, remaining.bytes - text.utf8.count)
    guard remaining.references >= 0, remaining.bytes >= 0 else { return nil }
    let value = expand(text, depth: depth - 1)
    touchedSecret = touchedSecret || option.holdsSecret
    return (value, after.dropFirst())
  }
}
