/// What the mouse did.
struct Pointer: Hashable, Sendable {
  /// What with.
  enum Kind: Hashable, Sendable { case press, wheelUp, wheelDown }
  var kind: Kind
  /// The cell, from 0.
  var row: Int
  var column: Int
}

/// What a person does at the terminal.
enum Input: Equatable, Sendable {
  case key(Key)
  /// Text that came as a bracketed paste: never commands.
  case paste(String)
  case pointer(Pointer)
}

/// What happened to the program from outside.
enum Signal: Equatable, Sendable {
  /// The terminal has another size.
  case resized
  /// Somebody asks it to stop for a while: Ctrl-Z from another process.
  case stopped
  /// It goes on after a stop.
  case continued
  /// It shall end with this exit status.
  case ended(Int32)
}

/// The screen and the keyboard. One thread uses it.
protocol Terminal: ~Copyable {
  /// Columns and rows.
  var size: Size { get }
  /// The characters that it can show.
  var glyphs: GlyphSet { get }
  /// Descriptors that become readable when there is input or a signal.
  var descriptors: [Int32] { get }
  /// How roles look.
  var theme: Theme { get set }

  /// The next key, paste or click; nil when none waits, or has come in part only. Never blocks.
  mutating func nextInput() -> Input?
  /// How long until `nextInput` has something though nobody does anything, such as the part of a
  /// paste that never ends; nil when only input can bring it.
  var inputTimeLeft: Duration? { get }
  /// The signals that came since the last call.
  mutating func takeSignals() -> [Signal]
  /// Shows a frame: only what differs from the last one goes out.
  mutating func show(_ frame: Frame)
  /// Forgets what the terminal shows, so that the next frame goes out whole.
  mutating func repaint()
  /// Takes the terminal's new size.
  mutating func resize()
  /// Puts the terminal into the program's modes again, whatever others did to it meanwhile.
  mutating func takeBack()
  /// Gives the terminal back, stops the program as Ctrl-Z does, and takes it again when it goes on.
  mutating func suspend(wholeGroup: Bool)
  /// Gives the terminal back while `child` runs, and takes it again. The child may stop the
  /// program, as Ctrl-Z would, with the function that it is given. An interrupt is the child's own.
  mutating func lend<Value>(to child: (_ stop: () -> Void) -> Value) -> Value
  /// Asks the terminal to put text on the clipboard (OSC 52).
  mutating func copy(_ text: String)
}
