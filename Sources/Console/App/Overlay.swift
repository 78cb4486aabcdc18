import Warehouse

/// What lies over the screens.
enum OverlayKind: String, CaseIterable, Sendable {
  case help, palette, log, viewer, rejects, checkRows, choice, prompt, form, filter

  /// The heading in the help.
  var title: String {
    switch self {
    case .help: "Help"
    case .palette: "Command palette"
    case .log: "Command log"
    case .viewer: "Text"
    case .rejects: "Rejects"
    case .checkRows: "Rows of a check"
    case .choice: "Question"
    case .prompt: "Entry"
    case .form: "Values"
    case .filter: "Filter"
    }
  }

  /// Whether letters are text there, and not keys.
  var isTyped: Bool { self == .palette || self == .prompt || self == .form || self == .filter }
}

/// One thing that lies over the screen, with its state.
enum Overlay: Equatable, Sendable {
  case help(TextViewer)
  case palette(CommandPalette)
  case log(LogView)
  case viewer(TextViewer)
  case rejects(RejectList)
  case checkRows(CheckRowList)
  case choice(Choice)
  case prompt(Prompt)
  case form(Form)
  /// Text that is looked for in what lies below.
  case filter(InputField)

  var kind: OverlayKind {
    switch self {
    case .help: .help
    case .palette: .palette
    case .log: .log
    case .viewer: .viewer
    case .rejects: .rejects
    case .checkRows: .checkRows
    case .choice: .choice
    case .prompt: .prompt
    case .form: .form
    case .filter: .filter
    }
  }

  /// Where it lies on a screen of a size.
  func place(in screen: Rect) -> Rect {
    let body = Rect(
      row: 1, column: 0, rows: max(0, screen.rows - 2), columns: screen.columns)
    switch self {
    case .help, .viewer, .log, .rejects, .checkRows:
      return body.inset(columns: TextViewer.margin(ofScreen: screen.columns))
    case .palette: return palettePlace(in: body)
    case .choice(let choice): return body.centered(choice.size(columns: screen.columns))
    case .prompt: return body.centered(Size(columns: 64, rows: 7))
    case .form(let form): return body.centered(form.size)
    case .filter: return body.line(body.rows - 1)
    }
  }

  private func palettePlace(in body: Rect) -> Rect {
    let wide = body.centered(Size(columns: 88, rows: body.rows))
    let rows = min(20, body.rows - 2)
    return Rect(row: body.row + 1, column: wide.column, rows: rows, columns: wide.columns)
  }
}

/// A text to read: statements, an error, details.
struct TextViewer: Equatable, Sendable {
  var title: String
  let lines: [Line]
  /// What `y` copies; nil when there is nothing to copy.
  var copy: String?
  var top = 0
  /// What is looked for.
  var search = ""
  /// The lines broken to a width, so that a long text is not broken again for each frame.
  private(set) var laid: Laid?

  struct Laid: Equatable, Sendable {
    var columns: Int
    var lines: [Line]
  }

  init(title: String, lines: [Line], copy: String? = nil) {
    (self.title, self.lines, self.copy) = (title, lines, copy)
  }

  /// Breaks the lines to an overlay's place, unless that is done.
  mutating func lay(in place: Rect) {
    let columns = TextViewer.room(in: place).columns
    guard laid?.columns != columns else { return }
    laid = Laid(columns: columns, lines: TextPane.broken(lines, columns: columns))
  }

  /// The lines broken to an overlay's place.
  func broken(in place: Rect) -> [Line] {
    let columns = TextViewer.room(in: place).columns
    if let laid, laid.columns == columns { return laid.lines }
    return TextPane.broken(lines, columns: columns)
  }

  /// What is free at both sides of an overlay, by the screen's columns.
  static func margin(ofScreen columns: Int) -> Int { columns < 100 ? 0 : 4 }

  /// The columns for the text on a screen of so many.
  static func columns(ofScreen columns: Int) -> Int { columns - 2 * margin(ofScreen: columns) - 4 }

  /// Rows and columns for the text in an overlay's place.
  static func room(in place: Rect) -> Rect { place.inset(rows: 1, columns: 2) }

  /// Scrolls to the next row that contains what is looked for, or the one before; `from` counts
  /// from the topmost row.
  mutating func find(_ step: Int, from start: Int, in place: Rect) {
    guard !search.isEmpty else { return }
    let wanted = search.lowercased()
    let rows = broken(in: place)
    var row = top + start
    while rows.indices.contains(row) {
      if rows[row].text.lowercased().contains(wanted) {
        top = row
        return
      }
      row += step
    }
  }

  /// Scrolls.
  mutating func move(_ movement: Movement, in place: Rect) {
    let room = TextViewer.room(in: place)
    let last = max(0, broken(in: place).count - room.rows)
    let page = max(1, room.rows - 1)
    switch movement {
    case .up: top -= 1
    case .down: top += 1
    case .pageUp: top -= page
    case .pageDown: top += page
    case .halfPageUp: top -= page / 2
    case .halfPageDown: top += page / 2
    case .first: top = 0
    case .last: top = last
    }
    top = min(max(0, top), last)
  }
}

/// A question with a few answers, each by a letter.
struct Choice: Equatable, Sendable {
  /// One answer.
  struct Answer: Equatable, Sendable {
    var key: Key
    var title: String
    var meaning: Meaning
  }

  /// What an answer means.
  enum Meaning: Equatable, Sendable {
    case quit
    /// Cancel the run, wait for it, quit.
    case stopAndQuit
    /// Let statements stop and a transaction be rolled back, and quit unless something else is to be
    /// asked.
    case stopStatementsAndQuit
    /// Do something to the warehouse in the cloud.
    case change(CloudOperation)
    /// Pause the cluster, and quit as soon as AWS was asked.
    case pauseAndQuit
    /// Write a file, and replace the one that is there.
    case write(ExportRequest)
    /// Make a configuration file, and open it.
    case createConfiguration(String)
    /// Read a sample of a place in buckets.
    case profile(SourceKind, BucketPlace)
    /// Nothing.
    case stay
  }

  var title: String
  var text: String
  var answers: [Answer]
  /// What Enter means; nil when a letter is wanted.
  var enter: Meaning?

  /// As large as its text needs.
  func size(columns: Int) -> Size {
    let width = min(64, columns - 4)
    let lines = TextPane.broken([Line(text)], columns: width - 4).count
    return Size(columns: width, rows: lines + answers.count + 3)
  }
}

/// A number or a text that is asked for.
struct Prompt: Equatable, Sendable {
  /// What becomes of what is typed.
  enum Purpose: Equatable, Sendable {
    case maxRejects
    case tables(TablesEntry)
    case resize
    case sources
    case shareOfResult
  }

  var purpose = Purpose.maxRejects
  var title: String
  var text: String
  /// What counts now; it stays when nothing is typed.
  var current: String
  var field = InputField()
  /// Why what was typed cannot be taken.
  var problem: String?
}
