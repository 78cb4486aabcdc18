/// JSON text over several lines, each level two cells deeper.
enum JSONLayout {
  /// The same JSON with line breaks and indents. Text that is no JSON comes out with its own
  /// characters all the same, as only blanks between them change.
  static func indented(_ text: String) -> String {
    var writer = Writer()
    for scalar in text.unicodeScalars { writer.take(scalar) }
    return String(writer.result)
  }

  private struct Writer {
    var result = String.UnicodeScalarView()
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// An opening bracket whose line break waits: an empty one gets none.
    private var isOpen = false

    mutating func take(_ scalar: Unicode.Scalar) {
      if isInString {
        result.append(scalar)
        if isEscaped { isEscaped = false } else { endString(at: scalar) }
        return
      }
      switch scalar {
      case " ", "\n", "\r", "\t": return
      case "}", "]": close(scalar)
      default:
        breakAfterOpening()
        write(scalar)
      }
    }

    private mutating func endString(at scalar: Unicode.Scalar) {
      if scalar == "\\" { isEscaped = true }
      if scalar == "\"" { isInString = false }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
      result.append(scalar)
      switch scalar {
      case "\"": isInString = true
      case "{", "[":
        depth += 1
        isOpen = true
      case ",": breakLine()
      case ":": result.append(" ")
      default: break
      }
    }

    private mutating func close(_ scalar: Unicode.Scalar) {
      depth = max(0, depth - 1)
      if !isOpen { breakLine() }
      isOpen = false
      result.append(scalar)
    }

    private mutating func breakAfterOpening() {
      guard isOpen else { return }
      isOpen = false
      breakLine()
    }

    private mutating func breakLine() {
      result.append("\n")
      // Hostile nesting must not cost more than it is worth.
      for _ in 0..<min(depth, 40) { result.append(contentsOf: "  ".unicodeScalars) }
    }
  }
}
