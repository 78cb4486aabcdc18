/// Takes a configuration file apart into sections and options, line by line.
struct ConfigurationParser {
  typealias Option = ConfigurationFile.Option

  /// A section as first written.
  struct Section {
    let name: String
    let line: Int
  }

  /// The path that findings name.
  let path: String
  private(set) var options: [Option] = []
  private(set) var findings: [ConfigurationFinding] = []
  /// By folded name.
  private(set) var sections: [String: Section] = [:]

  private var place = Place.top
  /// Columns before the key of the last option: what stands deeper continues its value.
  private var indent = 0
  /// The option that a deeper line continues; nil after a section or a line in error.
  private var current: Int?
  /// By folded section and key.
  private var seen: [String: Int] = [:]

  /// Where the next option belongs.
  private enum Place {
    case top
    case section(String)
    /// After a header that could not be read: its options would only repeat the error.
    case unreadable
  }

  /// What some editors put in front of UTF-8.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(path: String) { self.path = path }

  /// Reads a whole file.
  mutating func read(_ bytes: [UInt8]) {
    guard !bytes.contains(0) else {
      return error(0, "not a text file in UTF-8", "Save the file as UTF-8 text.")
    }
    for (index, line) in Self.lines(of: bytes).enumerated() {
      guard let text = String(validating: line, as: UTF8.self) else {
        error(index + 1, "a line that is not UTF-8", "Save the file as UTF-8 text.")
        continue
      }
      read(Array(text.unicodeScalars), line: index + 1)
    }
  }

  /// What `[DEFAULT]` gives to the sections that are there, and to keys with one meaning only.
  func inheritedOptions() -> [Option] {
    options.filter { $0.section.uppercased() == "DEFAULT" }.flatMap { option in
      var heirs = sections.values.filter {
        ConfigurationKey.match(section: $0.name, name: option.key) != nil
      }.map(\.name).sorted()
      if heirs.isEmpty, let only = ConfigurationKey.onlySection(of: option.key) { heirs = [only] }
      return heirs.compactMap { heir -> Option? in
        var inherited = option
        inherited.section = heir
        inherited.match = ConfigurationKey.match(section: heir, name: option.key)
        return seen[inherited.folded] == nil ? inherited : nil
      }
    }
  }

  /// Lines without their ends: LF, CR LF, or CR alone, as Python reads text.
  static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    return bytes[start...].split(separator: 0x0A, omittingEmptySubsequences: false).flatMap {
      line in
      let trimmed = line.last == 0x0D ? line.dropLast() : line
      return trimmed.split(separator: 0x0D, omittingEmptySubsequences: false)
    }
  }

  private mutating func read(_ scalars: [Unicode.Scalar], line: Int) {
    let content = scalars.trimmed
    guard let first = content.first, first != "#", first != ";" else { return }
    let depth = content.startIndex
    if let current, depth > indent {
      guard readsAsSetting(content) else { return continueValue(of: current, content, line) }
      warn(
        line, "an indented line after a value; read as a line of its own",
        "Python would take it for a part of the value above: remove the indentation.")
    } else {
      indent = depth
    }
    current = nil
    switch first {
    case "[": readSection(content, line: line)
    case ">": error(line, "a line that begins with >", "Remove the > of the quotation.")
    default: readOption(content, line: line)
    }
  }

  /// Whether an indented line is a setting that we know rather than a part of the value above.
  private func readsAsSetting(_ content: ArraySlice<Unicode.Scalar>) -> Bool {
    if content.first == "[", let end = content.firstIndex(of: "]") {
      let name = content[(content.startIndex + 1)..<end].trimmed.text
      return ConfigurationKey.sections.contains(name.uppercased())
    }
    guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      return false
    }
    let key = content[..<separator].trimmed.text
    if case .section(let section) = place,
      ConfigurationKey.match(section: section, name: key) != nil
    {
      return true
    }
    return ConfigurationKey.onlySection(of: key) != nil
  }

  private mutating func continueValue(
    of index: Int, _ content: ArraySlice<Unicode.Scalar>, _ line: Int
  ) {
    let raw = options[index].raw.reveal()
    options[index].raw = Secret(raw.isEmpty ? content.text : raw + "\n" + content.text)
    options[index].lastLine = line
  }

  private mutating func readSection(_ content: ArraySlice<Unicode.Scalar>, line: Int) {
    place = .unreadable
    guard let end = content.firstIndex(of: "]") else {
      return error(line, "a section without its ]", "A section reads like [CLUSTER].")
    }
    let name = content[(content.startIndex + 1)..<end].trimmed.text
    guard !name.isEmpty else {
      return error(line, "a section without a name", "A section reads like [CLUSTER].")
    }
    place = .section(name)
    guard let first = sections[name.uppercased()] else {
      sections[name.uppercased()] = Section(name: name, line: line)
      return
    }
    if first.name == name {
      error(
        line, "section [\(name.shown)] stands here and in line \(first.line)",
        "Put all keys of a section under one header.")
    } else {
      warn(
        line,
        "sections [\(first.name.shown)] (line \(first.line)) and [\(name.shown)] are read as one",
        "Write the section once: Python takes them for two.")
    }
  }

  private mutating func readOption(_ content: ArraySlice<Unicode.Scalar>, line: Int) {
    guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      if case .unreadable = place { return }
      return error(line, "a line without = or :", "A setting reads KEY = value.")
    }
    let key = content[..<separator].trimmed.text
    guard !key.isEmpty else {
      return error(line, "a value without a key", "A setting reads KEY = value.")
    }
    guard !key.lowercased().hasPrefix("export ") else {
      return error(line, "a line for a shell: export", "Remove the word export.")
    }
    guard let section = section(for: key, line: line) else { return }
    let value = content[(separator + 1)...].trimmed
    add(
      Option(
        section: section, key: key, line: line, lastLine: line,
        column: (value.isEmpty ? separator + 1 : value.startIndex) + 1,
        raw: Secret(value.text), text: Secret(""),
        holdsSecret: ConfigurationKey.isSecretName(key),
        match: ConfigurationKey.match(section: section, name: key)))
  }

  /// The section that an option belongs to; nil when it was refused.
  private mutating func section(for key: String, line: Int) -> String? {
    switch place {
    case .section(let name): return name
    case .unreadable: return nil
    case .top:
      guard let section = ConfigurationKey.onlySection(of: key) else {
        error(line, "a setting before the first section", "Put it under a header like [CLUSTER].")
        return nil
      }
      warn(
        line, "\(key.shown) stands before the first section; read as part of [\(section)]",
        "Put the header [\(section)] above it.")
      return section
    }
  }

  private mutating func add(_ option: Option) {
    if let index = seen[option.folded] {
      let first = options[index]
      let message = "\(option.key.shown) is set here and in line \(first.line)"
      if first.section == option.section {
        error(option.line, message, "Keep one of the two lines.", key: option.match?.key)
      } else {
        warn(
          option.line, "\(message), which counts", "Keep one of the two lines.",
          key: option.match?.key)
      }
    } else {
      seen[option.folded] = options.count
      options.append(option)
      current = options.count - 1
    }
  }

  private mutating func error(
    _ line: Int, _ message: String, _ hint: String, key: ConfigurationKey? = nil
  ) {
    findings.append(
      ConfigurationFinding(.error, .file(path, line: line), message, hint: hint, key: key))
  }

  private mutating func warn(
    _ line: Int, _ message: String, _ hint: String, key: ConfigurationKey? = nil
  ) {
    findings.append(
      ConfigurationFinding(.warning, .file(path, line: line), message, hint: hint, key: key))
  }
}

extension RandomAccessCollection where Element == Unicode.Scalar {
  /// Without the blanks around it.
  var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isBlank }),
      let last = lastIndex(where: { !$0.isBlank })
    else { return self[endIndex...] }
    return self[first...last]
  }

  /// As a string.
  var text: String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: self)
    return String(scalars)
  }
}
