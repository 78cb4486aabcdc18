import Warehouse

/// How a state is shown: a glyph, a word and a colour, so that none of them is needed alone.
struct StateLook: Equatable, Sendable {
  var glyph: String
  var word: String
  var style: Style

  static let waiting = StateLook(glyph: "○", word: "waiting", style: .muted)
  static let running = StateLook(glyph: "▶", word: "running", style: .active)
  static let done = StateLook(glyph: "✓", word: "done", style: .success)
  static let failed = StateLook(glyph: "✗", word: "failed", style: .failure)
  static let cancelled = StateLook(glyph: "■", word: "cancelled", style: .warning)
  static let interrupted = StateLook(glyph: "!", word: "interrupted", style: .warning)
  static let skipped = StateLook(glyph: "·", word: "not run", style: .muted)

  /// For a recorded run or stage.
  init(_ state: RunState) {
    switch state {
    case .running: self = .running
    case .succeeded: self = .done
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    case .interrupted: self = .interrupted
    }
  }

  /// For a stage on the Pipeline screen.
  init(_ state: StageState) {
    switch state {
    case .waiting: self = .waiting
    case .running: self = .running
    case .done: self = .done
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    case .skipped: self = .skipped
    }
  }

  /// For a check.
  init(_ verdict: CheckResult.Verdict) {
    switch verdict {
    case .passed: self = StateLook(glyph: "✓", word: "passed", style: .success)
    case .noted: self = StateLook(glyph: "!", word: "noted", style: .warning)
    case .failed: self = .failed
    }
  }

  init(glyph: String, word: String, style: Style) {
    self.glyph = glyph
    self.word = word
    self.style = style
  }

  /// Glyph and word.
  var line: Line { Line(glyph + " " + word, style) }
}
