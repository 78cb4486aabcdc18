import Warehouse

/// A record as indented JSON, for reading.
enum RecordText {
  /// Its lines. A record that is no object stands as it is.
  static func lines(_ record: SampledRecord) -> [Line] {
    let refusal = refusal(record)
    guard !record.members.isEmpty else { return refusal + TextPane.lines(record.rawText) }
    let last = record.members.count - 1
    let members = record.members.enumerated().flatMap { index, member in
      lines(member, isRefused: false, end: index == last ? "" : ",")
    }
    return refusal + [Line("{", .muted)] + members + [Line("}", .muted)]
  }

  private static func refusal(_ record: SampledRecord) -> [Line] {
    guard let reason = record.refusal else { return [] }
    let column = record.refusedColumn.map { "\($0): " } ?? ""
    return [Line("✗ would be refused: \(column)\(reason)", .failure)]
  }

  private static func lines(_ member: SampledMember, isRefused: Bool, end: String) -> [Line] {
    let head = Line("  " + quoted(member.name), .accent) + Line(": ", .muted)
    let rows = value(member)
    return rows.enumerated().map { index, row in
      let line = (index == 0 ? head : Line("  ")) + row
      return (index == rows.count - 1 ? line + Line(end, .muted) : line).hanging(4)
    }
  }

  private static func value(_ member: SampledMember) -> [Line] {
    // A string's text is without its escapes, so a cut one says so by its length.
    let cut =
      member.byteCount > member.text.utf8.count + 3
      ? [Line("… \(Quantity.bytes(member.byteCount))", .warning)] : []
    switch member.type {
    case .null: return [Line("null", .muted)]
    case .boolean, .integer, .number: return [Line(member.text, .bold)]
    case .text: return [Line(quoted(member.text))] + cut
    case .nested: return indented(member.text).map { Line($0) } + cut
    }
  }

  /// With quotes, controls escaped: what cannot be seen can be read.
  private static func quoted(_ text: String) -> String {
    var json = JSONText()
    json.string(text)
    return json.text
  }

  /// An array or object over several lines, two blanks a level.
  private static func indented(_ text: String) -> [String] {
    var (lines, line, depth) = ([String](), "", 0)
    var (isInString, isEscaped) = (false, false)
    func indent() -> String { String(repeating: "  ", count: min(depth, 20)) }
    for character in text {
      if isInString {
        line.append(character)
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isInString = false
        }
        continue
      }
      switch character {
      case "{", "[":
        line.append(character)
        lines.append(line)
        depth += 1
        line = indent()
      case "}", "]":
        if line.contains(where: { $0 != " " }) { lines.append(line) }
        depth = max(0, depth - 1)
        line = indent() + String(character)
      case ",":
        lines.append(line + ",")
        line = indent()
      case " ", "\n", "\r", "\t", "\r\n": continue
      case ":": line += ": "
      case "\"":
        isInString = true
        line.append(character)
      default: line.append(character)
      }
    }
    return lines + (line.isEmpty ? [] : [line])
  }
}
