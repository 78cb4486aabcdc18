/// Tells which sections and keys of a file mean nothing, and what was probably meant.
struct ConfigurationNames {
  private(set) var findings: [ConfigurationFinding] = []
  private let path: String

  init(
    path: String, options: [ConfigurationFile.Option],
    sections: [String: ConfigurationParser.Section]
  ) {
    self.path = path
    let bySection = Dictionary(grouping: options) { $0.section.uppercased() }
    for (section, options) in bySection.sorted(by: { $0.key < $1.key }) where section != "DEFAULT" {
      check(options, of: section, header: sections[section])
    }
  }

  private mutating func check(
    _ options: [ConfigurationFile.Option], of section: String,
    header: ConfigurationParser.Section?
  ) {
    guard ConfigurationKey.sections.contains(section) else {
      return reportUnknownSection(options, of: section, line: header?.line ?? 0)
    }
    let unknown = options.filter { $0.match == nil }
    if section == "CLUSTER", options.count == 5, unknown.count == 5 {
      findings.append(
        ConfigurationFinding(
          .error, .file(path, line: header?.line ?? 0),
          "[CLUSTER] holds five keys, and none of their names is known",
          hint: "Name them HOST, DB_NAME, DB_USER, DB_PASSWORD and DB_PORT: programs that go by "
            + "the position of a value do not agree on the order.", key: .host))
      return
    }
    unknown.forEach { reportUnknownKey($0, in: section) }
  }

  private mutating func reportUnknownSection(
    _ options: [ConfigurationFile.Option], of section: String, line: Int
  ) {
    let nearest = section.nearest(among: ConfigurationKey.sections.sorted())
    let keys = options.count == 1 ? "its key is" : "its \(options.count) keys are"
    findings.append(
      ConfigurationFinding(
        .warning, .file(path, line: line),
        "unknown section [\(options.first?.section.shown ?? section.shown)]; \(keys) not read",
        hint: nearest.map { "Perhaps [\($0)] was meant." }))
  }

  private mutating func reportUnknownKey(_ option: ConfigurationFile.Option, in section: String) {
    findings.append(
      ConfigurationFinding(
        .warning, .file(path, line: option.line),
        "unknown key \(option.key.shown) in [\(option.section.shown)]",
        hint: Self.suggestion(for: option.key, in: section)))
  }

  /// A sentence with the name that was probably meant; nil when none is near.
  static func suggestion(for key: String, in section: String) -> String? {
    let key = key.uppercased()
    if let near = key.nearest(among: ConfigurationKey.names(in: section)) {
      return "Perhaps \(near) was meant."
    }
    if let home = ConfigurationKey.onlySection(of: key) {
      return "\(key) is read in [\(home)]."
    }
    return nil
  }
}

extension String {
  /// The candidate that takes the fewest edits; nil when that is more than a third of the name.
  func nearest(among candidates: [String]) -> String? {
    let mine = Array(unicodeScalars.prefix(64))
    let limit = Swift.max(1, mine.count / 3)
    return candidates.map { (name: $0, edits: edits(mine, Array($0.unicodeScalars))) }
      .filter { $0.edits <= limit }
      .min { ($0.edits, $0.name) < ($1.edits, $1.name) }?.name
  }

  /// Levenshtein's distance.
  private func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let changed = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(changed, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
