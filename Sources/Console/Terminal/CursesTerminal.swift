import CNcurses
import CTerminal
import Glibc

/// What a person may want of the terminal.
struct TerminalOptions: Equatable, Sendable {
  var theme: Theme
  /// The characters to draw with; nil goes by the locale and the terminal.
  var glyphs: GlyphSet?
  /// Whether clicks and the wheel are asked for; without them the terminal selects text itself.
  var hasMouse = true
}

/// The terminal that the program was started on, through ncurses.
///
/// Its life is the screen's: it takes the terminal when it is made and gives it back when it goes.
/// A crash gives it back too, through the guard in `CTerminal`.
struct CursesTerminal: Terminal, ~Copyable {
  private(set) var size = Size(columns: 80, rows: 24)
  let glyphs: GlyphSet
  var theme: Theme { didSet { definePairs() } }
  private let signals: Int32
  private let modes: TerminalModes
  private let screen: OpaquePointer
  private var shown: Frame?
  private var isCursorShown = false
  private var input = CursesInput()
  /// Signals that came while the terminal was lent.
  private var kept: [Signal] = []

  /// Takes the terminal; nil when standard input or output is none, or `TERM` is unknown.
  init?(_ options: TerminalOptions) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    let isUTF8 = terminal_use_locale() != 0
    let modes = TerminalModes(
      terminal: String(environment: "TERM") ?? "", hasMouse: options.hasMouse)
    let signals = terminal_catch_signals()
    guard signals >= 0, !modes.isUnusable else { return nil }
    let undo = Array(modes.undo.utf8)
    terminal_arm_guard(undo, undo.count)
    guard let screen = ncurses_open() else {
      terminal_disarm_guard()
      terminal_release_signals()
      return nil
    }
    self.modes = modes
    self.signals = signals
    self.screen = screen
    theme = options.theme
    glyphs = options.glyphs ?? (isUTF8 && !modes.isPlain ? .unicode : .ascii)
    terminal_hide_errors()
    setUp()
  }

  deinit {
    modes.leave()
    endwin()
    delscreen(screen)
    terminal_show_errors()
    terminal_disarm_guard()
    terminal_release_signals()
  }

  private mutating func setUp() {
    raw()
    noecho()
    nonl()
    keypad(ncurses_screen(), true)
    nodelay(ncurses_screen(), true)
    set_escdelay(25)
    curs_set(0)
    defineKeys()
    if has_colors() {
      start_color()
      use_default_colors()
    }
    definePairs()
    modes.enter()
    size = Size(columns: Int(ncurses_columns()), rows: Int(ncurses_rows()))
  }

  // MARK: Showing

  mutating func show(_ frame: Frame) {
    let previous = shown?.size == frame.size ? shown : nil
    let rows = (0..<frame.size.rows).filter { previous?.row($0) != frame.row($0) }
    let cursorMoved =
      frame.cursor?.row != shown?.cursor?.row
      || frame.cursor?.column != shown?.cursor?.column
    guard !rows.isEmpty || cursorMoved else { return }
    for row in rows { draw(row, of: frame) }
    place(frame.cursor)
    let isLarge = rows.count > frame.size.rows / 4
    if isLarge { modes.beginUpdate() }
    wnoutrefresh(ncurses_screen())
    doupdate()
    if isLarge { modes.endUpdate() }
    shown = frame
  }

  /// Writes a row into ncurses' own picture, a run of one style at a time.
  private func draw(_ row: Int, of frame: Frame) {
    let window = ncurses_screen()
    wmove(window, Int32(row), 0)
    var text: [wchar_t] = []
    var style = Style.plain
    func flush() {
      guard !text.isEmpty else { return }
      wattr_set(window, attributes(of: style), pair(of: style), nil)
      waddnwstr(window, text, Int32(text.count))
      text.removeAll(keepingCapacity: true)
    }
    for cell in frame.row(row) where cell.width > 0 {
      if cell.style != style { flush() }
      style = cell.style
      append(cell, to: &text)
    }
    flush()
  }

  private var lacksSelection: Bool { theme.selection(of: Int(ncurses_colors())) == nil }

  /// A character whose width the C library sees differently would shift the rest of its row.
  private func append(_ cell: Cell, to text: inout [wchar_t]) {
    let value = cell.scalar.value
    if value < 0x7F || terminal_cell_width(value) == Int32(cell.width) {
      text.append(wchar_t(bitPattern: value))
      for mark in cell.marks.scalars where terminal_cell_width(mark.value) == 0 {
        text.append(wchar_t(bitPattern: mark.value))
      }
    } else {
      let stand = wchar_t(bitPattern: glyphs == .ascii ? 0x3F : CellWidth.replacement.value)
      text.append(stand)
      if cell.width == 2 { text.append(0x20) }
    }
  }

  private mutating func place(_ cursor: (row: Int, column: Int)?) {
    if (cursor != nil) != isCursorShown { curs_set(cursor == nil ? 0 : 1) }
    isCursorShown = cursor != nil
    // Hidden, it rests where it disturbs nothing and never moves.
    wmove(ncurses_screen(), Int32(cursor?.row ?? 0), Int32(cursor?.column ?? 0))
  }

  mutating func repaint() {
    shown = nil
    clearok(ncurses_screen(), true)
  }

  mutating func resize() {
    var window = winsize()
    guard ioctl(STDIN_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return }
    resizeterm(Int32(window.ws_row), Int32(window.ws_col))
    size = Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    shown = nil
    werase(ncurses_screen())
  }

  // MARK: Colour

  private func definePairs() {
    guard has_colors() else { return }
    let available = Int(ncurses_colors())
    for role in Role.allCases {
      init_pair(Int16(role.rawValue) + 1, theme.color(role, of: available) ?? -1, -1)
    }
    if let colors = theme.selection(of: available) {
      init_pair(Int16(Role.selection.rawValue) + 1, colors.text, colors.back)
    }
  }

  private func pair(of style: Style) -> Int16 {
    theme == .monochrome || !has_colors() ? 0 : Int16(style.role.rawValue) + 1
  }

  private func attributes(of style: Style) -> attr_t {
    let isColored = theme != .monochrome && has_colors()
    let extra: Attributes =
      style.role == .selection
      ? (lacksSelection ? [.bold, .reverse] : .bold)
      : (isColored ? theme : .monochrome).attributes(style.role)
    let wanted = style.attributes.union(extra)
    var result: attr_t = 0
    if wanted.contains(.bold) { result |= ncurses_bold }
    if wanted.contains(.dim), isColored { result |= ncurses_dim }
    if wanted.contains(.reverse) { result |= ncurses_reverse }
    if wanted.contains(.underline) { result |= ncurses_underline }
    return result
  }

  // MARK: Input

  var descriptors: [Int32] { [STDIN_FILENO, signals] }

  mutating func nextInput() -> Input? { input.next() }

  var inputTimeLeft: Duration? { input.timeLeft }

  mutating func takeSignals() -> [Signal] {
    defer { kept = [] }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(signals, &bytes, bytes.count)
    return kept
      + bytes.prefix(max(0, count)).compactMap { byte in
        switch Int32(byte) {
        case SIGWINCH: .resized
        case SIGTSTP: .stopped
        case SIGCONT: .continued
        case SIGINT, SIGTERM, SIGHUP: .ended(128 + Int32(byte))
        default: nil
        }
      }
  }

  // MARK: Giving the terminal away

  mutating func suspend(wholeGroup: Bool) {
    giveBack()
    terminal_stop(wholeGroup ? 1 : 0)
    terminal_hide_errors()
    takeBack()
  }

  mutating func lend<Value>(to child: (_ stop: () -> Void) -> Value) -> Value {
    giveBack()
    let value = child { terminal_stop(0) }
    terminal_hide_errors()
    takeBack()
    // Ctrl-C in the child's terminal reaches this process too.
    kept = takeSignals().filter { $0 != .ended(128 + SIGINT) && $0 != .stopped }
    return value
  }

  private func giveBack() {
    modes.leave()
    endwin()
    terminal_show_errors()
  }

  /// Puts the terminal into the program's modes again, whatever others did to it.
  mutating func takeBack() {
    reset_prog_mode()
    // The shell may have left keys in line mode for the program to read.
    modes.enter()
    curs_set(isCursorShown ? 1 : 0)
    repaint()
    resize()
  }

  mutating func copy(_ text: String) { modes.copy(text) }
}

extension String {
  /// A variable of the environment; nil when it is not set.
  init?(environment name: String) {
    guard let value = getenv(name) else { return nil }
    self.init(cString: value)
  }
}
