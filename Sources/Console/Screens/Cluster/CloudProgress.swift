import Warehouse

/// Something that is being done to the warehouse in the cloud, or was done last.
struct CloudProgress: Equatable, Sendable {
  /// A step of it.
  struct Row: Equatable, Sendable {
    enum State: Equatable, Sendable {
      case running
      case done(CloudChange)
      case failed
      case stopped
    }
    var step: CloudStep
    var state: State
    /// How it stands, or what came of it.
    var note: String
    var startedAt: Duration
    var endedAt: Duration?
    var warnings: [String] = []
  }

  let operation: CloudOperation
  let startedAt: Duration
  private(set) var rows: [Row] = []
  private(set) var endedAt: Duration?
  /// What came of it; nil while it goes on.
  private(set) var outcome: Result<[String], WarehouseError>?
  var isCancelled = false

  init(_ operation: CloudOperation, at moment: Duration) {
    self.operation = operation
    startedAt = moment
  }

  var isRunning: Bool { outcome == nil }

  /// Takes in what is told.
  mutating func take(_ event: CloudEvent, at moment: Duration) {
    switch event {
    case .started(let step):
      rows.append(Row(step: step, state: .running, note: "", startedAt: moment))
    case .progressed(let step, let words): edit(step) { $0.note = words }
    case .warned(let step, let words): edit(step) { $0.warnings.append(words) }
    case .finished(let step, let change, let words):
      edit(step) { row in
        row.state = .done(change)
        row.note = words
        row.endedAt = moment
      }
    case .failed(let step, let error):
      edit(step) { row in
        row.state = .failed
        row.note = [error.message, error.detail].compactMap { $0 }.joined(separator: ": ")
        row.endedAt = moment
      }
    }
  }

  private mutating func edit(_ step: CloudStep, _ body: (inout Row) -> Void) {
    guard let index = rows.lastIndex(where: { $0.step == step }) else { return }
    body(&rows[index])
  }

  /// It is over.
  mutating func end(_ answer: Result<[String], WarehouseError>, at moment: Duration) {
    outcome = answer
    endedAt = moment
    for index in rows.indices where rows[index].state == .running {
      rows[index].state = .stopped
      rows[index].endedAt = moment
    }
  }

  /// How long it has taken.
  func elapsed(at moment: Duration) -> Duration { (endedAt ?? moment) - startedAt }

  /// How it stands, for the edge of its box.
  func headline(at moment: Duration) -> Line {
    let time = Quantity.clock(elapsed(at: moment))
    let close = Line(" · Esc closes", .muted)
    switch outcome {
    case nil: return Line((isCancelled ? "stopping · " : "") + "\(time) elapsed", .active)
    case .success?: return Line("✓ \(time)", .success) + close
    case .failure(let error)? where error.kind == .cancelled:
      return Line("■ stopped", .warning) + close
    case .failure?: return Line("✗ failed", .failure) + close
    }
  }
}

extension CloudProgress.Row {
  var look: StateLook {
    switch state {
    case .running: .running
    case .done(let change):
      StateLook(glyph: "✓", word: change.rawValue, style: .success)
    case .failed: .failed
    case .stopped: StateLook(glyph: "■", word: "stopped", style: .warning)
    }
  }

  /// The note, after what should be known.
  var line: Line {
    let note = Line(note, state == .failed ? .failure : .plain)
    guard let warning = warnings.last else { return note }
    return Line("! \(warning)  ", .warning) + note
  }

  func time(at moment: Duration) -> String {
    let took = (endedAt ?? moment) - startedAt
    return endedAt == nil ? Quantity.clock(took) : Quantity.duration(took)
  }

  /// Everything about it.
  var viewer: TextViewer {
    var lines = [look.line, Line()] + TextPane.lines(note)
    for warning in warnings { lines += [Line(), Line("! " + warning, .warning)] }
    return TextViewer(
      title: step.rawValue, lines: lines, copy: lines.map(\.text).joined(separator: "\n"))
  }
}
