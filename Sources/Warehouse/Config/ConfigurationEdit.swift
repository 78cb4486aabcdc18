import Glibc

extension Configuration {
  /// Writes values into a `dwh.cfg`, one line each, and leaves everything else as it is:
  /// comments, order, case, quotes, line ends. A key that is not there is added to its section.
  ///
  /// The file is replaced whole, or not at all; a symbolic link stays one. A `%` is written twice,
  /// as the Python projects that share the file need it. Blocks for one small file.
  ///
  /// - Throws: `.configuration` when a value cannot stand in such a file; `.system` when the file
  ///   cannot be read or written.
  public static func write(
    _ values: [(key: ConfigurationKey, value: String)], to path: String
  ) throws(WarehouseError) {
    var bytes = try FileSystem.read(path, limit: 1 << 20)
    for (key, value) in values {
      bytes = try ConfigurationEdit(bytes).setting(key, to: value, path: path)
    }
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
    try FileSystem.write(bytes, to: target(of: path), mode: mode)
  }

  /// The file itself, when `path` is a symbolic link.
  static func target(of path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}

/// A configuration file of which one line is to change.
struct ConfigurationEdit {
  /// The lines, each with its end.
  private var lines: [(text: [Unicode.Scalar], end: [UInt8])]
  private let file: ConfigurationFile
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    file = ConfigurationFile(parsing: bytes, path: "")
    let slices = ConfigurationParser.lines(of: bytes)
    lines = slices.indices.map { index in
      let slice = slices[index]
      let next = index + 1 < slices.count ? slices[index + 1].startIndex : bytes.endIndex
      return (
        Array(String(decoding: slice, as: UTF8.self).unicodeScalars),
        Array(bytes[slice.endIndex..<next])
      )
    }
  }

  /// The bytes with `key` set to `value`.
  consuming func setting(
    _ key: ConfigurationKey, to value: String, path: String
  ) throws(WarehouseError) -> [UInt8] {
    let written = value.unicodeScalars.flatMap { $0 == "%" ? [$0, $0] : [$0] }
    let option = file.options.filter { $0.match?.key == key }
      .min { ($0.match?.rank ?? 0) < ($1.match?.rank ?? 0) }
    if let option {
      replace(option, with: written)
    } else {
      insert(key, written)
    }
    let result = joined()
    guard Self.values(of: result)[key] == Secret(value) else {
      throw WarehouseError(
        .configuration, "could not write \(key.rawValue) into \(path.shown)",
        hint: "A value stands on one line, without quotes or comments.")
    }
    return result
  }

  /// The values of a file, the one that counts for each key.
  static func values(of bytes: [UInt8]) -> [ConfigurationKey: Secret] {
    let options = ConfigurationFile(parsing: bytes, path: "").options
    let ranked = options.sorted { ($0.match?.rank ?? 0) < ($1.match?.rank ?? 0) }
    return Dictionary(
      ranked.compactMap { option in option.match.map { ($0.key, option.text) } },
      uniquingKeysWith: { first, _ in first })
  }

  private mutating func replace(_ option: ConfigurationFile.Option, with value: [Unicode.Scalar]) {
    let index = option.line - 1
    guard lines.indices.contains(index) else { return }
    for continued in (index + 1)..<max(index + 1, option.lastLine) {
      // Comments between the parts of a value stay.
      let content = lines[continued].text.trimmed
      if content.first != "#", content.first != ";" { lines[continued] = ([], []) }
    }
    let line = lines[index].text
    let start = min(option.column - 1, line.count)
    let old = line[start...].trimmed
    guard !old.isEmpty else {
      lines[index].text = Self.filled(line, at: start, with: value)
      return
    }
    let range = QuotedValue(old.text, isSecret: option.holdsSecret).range
    lines[index].text =
      line[..<(start + range.lowerBound)] + value + line[(start + range.upperBound)...]
  }

  /// A line that had no value, with one: blanks around the separator are alike on both sides.
  private static func filled(
    _ line: [Unicode.Scalar], at start: Int, with value: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    let head = Array(line[..<start])
    let blanks = line[start...].prefix { $0.isBlank }
    let wantsBlank = blanks.isEmpty && head.dropLast().last?.isBlank == true
    return head + (wantsBlank ? [" "] : Array(blanks)) + value
  }

  private mutating func insert(_ key: ConfigurationKey, _ value: [Unicode.Scalar]) {
    let end = lines.first.map(\.end).flatMap { $0.isEmpty ? nil : $0 } ?? [0x0A]
    let text = Array("\(key.name)=".unicodeScalars) + value
    if let line = lastLine(of: key.section), lines.indices.contains(line - 1) {
      if lines[line - 1].end.isEmpty { lines[line - 1].end = end }
      lines.insert((text, end), at: line)
      return
    }
    if let last = lines.indices.last, lines[last].text.isEmpty { lines.remove(at: last) }
    if let last = lines.indices.last, lines[last].end.isEmpty { lines[last].end = end }
    if !lines.isEmpty { lines.append(([], end)) }
    lines += [(Array("[\(key.section)]".unicodeScalars), end), (text, end)]
  }

  /// The line after which a section's next key belongs, from 1; nil when there is no such section.
  private func lastLine(of section: String) -> Int? {
    guard let header = file.sections[section] else { return nil }
    let options = file.options.filter { $0.section.uppercased() == section }
    return max(header.line, options.map(\.lastLine).max() ?? 0)
  }

  private func joined() -> [UInt8] {
    let mark = ConfigurationParser.byteOrderMark
    return lines.reduce(into: bytes.starts(with: mark) ? mark : []) { result, line in
      result += Array(line.text.text.utf8) + line.end
    }
  }
}
