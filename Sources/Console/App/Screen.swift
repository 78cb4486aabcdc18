import Warehouse

/// What a screen may know besides its own state.
struct Context: Sendable {
  var moment: Moment
  /// The screen's part of the terminal.
  var body: Rect
  var glyphs: GlyphSet
  /// Why nothing can be asked of the warehouse; nil when it is connected.
  var notConnected: String?
  /// Why the warehouse could not be connected to; nil when it was not tried, or is.
  var connectionError: WarehouseError?
  /// Whether a run goes on in this console.
  var isRunning: Bool
  /// When the cluster will be paused, as it is not used; nil when it will not.
  var pauseDue: Duration?
}

/// What a screen asks of the model around it.
enum Request: Equatable, Sendable {
  case effect(Effect)
  case overlay(Overlay)
  /// Something to be done to the warehouse in the cloud.
  case change(CloudOperation)
  /// A few words at the foot of the screen.
  case notice(String)
  /// Something went wrong: its message at the foot, the rest on request.
  case failed(WarehouseError)
  /// That something went wrong need not be told any more: it is asked for in another way.
  case settled(WarehouseError)
}

/// One tab: its state, what its keys do, and its picture.
protocol Screen: Sendable, RestorableState {
  /// Only rows that contain this are shown; nil where there is nothing to filter.
  var filter: String? { get set }
  /// Does one of its actions, or moves in it. What it cannot do it leaves alone.
  mutating func perform(_ action: Action, _ context: Context) -> [Request]
  /// Why an action cannot be done now, as a few words; nil when it can.
  func refusal(of action: Action, _ context: Context) -> String?
  /// Whether letters are text there now, and not keys.
  var isTyping: Bool { get }
  /// Takes text that is typed or pasted before anybody else does; nil when it is not wanted.
  mutating func type(_ typing: Typing, _ context: Context) -> [Request]?
  /// Takes a click: whether it was on what is selected already, so that it opens it.
  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool
  /// Scrolls what is below the pointer.
  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context)
  /// What it needs after it was scrolled.
  mutating func scrolled(_ context: Context) -> [Request]
  /// Takes a click on a cell of a pane that marks its cells.
  mutating func click(_ pane: Pane, row: Int, column: Int, _ context: Context)
  /// What the footer shows while text is typed; nil for the screen's keys that are no letters.
  var typingHints: [(key: Key, title: String)]? { get }
  /// Draws it into `context.body`.
  func draw(into frame: inout Frame, _ context: Context)
}

/// What a person types into a screen.
enum Typing: Equatable, Sendable {
  case key(Key)
  case paste(String)
}

extension Screen {
  /// Most screens hold all that can be scrolled to.
  mutating func scrolled(_ context: Context) -> [Request] { [] }
  /// Most panes are of items.
  mutating func click(_ pane: Pane, row: Int, column: Int, _ context: Context) {}
  /// Most screens have no text to write.
  var typingHints: [(key: Key, title: String)]? { nil }
  /// Most screens have no text to write.
  var isTyping: Bool { false }
  /// Most screens have no text to write.
  mutating func type(_ typing: Typing, _ context: Context) -> [Request]? { nil }
}

/// Whether one of the texts contains what is looked for, in capitals or not.
func contains(_ wanted: String, _ texts: [String]) -> Bool {
  guard !wanted.isEmpty else { return true }
  let wanted = wanted.lowercased()
  return texts.contains { $0.lowercased().contains(wanted) }
}
