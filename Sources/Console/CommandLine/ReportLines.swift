import Synchronization
import Warehouse

/// What a command tells while it works: lines, a line of progress that is written over on a
/// terminal, or a JSON object a line.
final class ReportLines: Sendable {
  private let output: Output
  private let hasProgress = Mutex(false)

  init(_ output: Output) { self.output = output }

  /// Whether progress is written over, and so may come often.
  var isTerminal: Bool { output.canWriteOver }

  /// A line, in place of the progress that stands there.
  func line(_ text: String) {
    clearProgress()
    output.line(output.words(text))
    output.flush()
  }

  /// Progress: over the last on a terminal, a line of its own elsewhere.
  ///
  /// On a terminal it is cut to its width: of a line that goes on in the next row only that one could
  /// be written over. The last column stays free, as some terminals go on behind it at once.
  func progress(_ text: String) {
    guard isTerminal else { return line(text) }
    hasProgress.withLock { $0 = true }
    let limit = max(1, output.talkColumns - 1)
    var cells = CellText(text, limit: limit, glyphs: output.glyphs)
    cells.closeWithEllipsis(limit: limit, glyphs: output.glyphs)
    output.control("\r\u{1B}[K" + cells.plainText)
  }

  /// Takes away the progress that stands there.
  func clearProgress() {
    let had = hasProgress.withLock { hasProgress in
      defer { hasProgress = false }
      return hasProgress
    }
    if had { output.control("\r\u{1B}[K") }
  }

  /// An event for machines.
  func json(_ event: String, _ members: [(String, JSONValue)]) {
    var json = JSONText()
    json.object([("event", .string(event))] + members)
    output.line(json.text)
    output.flush()
  }
}
