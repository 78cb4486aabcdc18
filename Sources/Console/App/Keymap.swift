/// Where a key counts.
enum Place: Hashable, Sendable {
  case everywhere
  /// Lists and texts of all kinds.
  case lists
  /// The demo, over any screen.
  case demo
  case screen(ScreenID)
  /// Where text is written, on the SQL screen.
  case editor
  case overlay(OverlayKind)

  /// The heading in the help.
  var title: String {
    switch self {
    case .everywhere: "Everywhere"
    case .lists: "Lists and texts"
    case .demo: "Demo"
    case .screen(let screen): screen.title
    case .editor: "Editor"
    case .overlay(let kind): kind.title
    }
  }

  /// The screen that it is a part of; nil when it is of no one screen.
  var screenID: ScreenID? {
    switch self {
    case .screen(let screen): screen
    case .editor: .sql
    case .everywhere, .lists, .demo, .overlay: nil
    }
  }
}

/// A key and what it does. Footer, help and palette are made from these.
struct Binding: Sendable {
  var place: Place
  /// All that do it; the first is shown. None: by the palette only.
  var keys: [Key]
  var action: Action
  /// In the palette: a verb, two words or three.
  var title: String
  /// In the help: what happens.
  var help: String
  /// In the footer; nil keeps it out of there.
  var hint: String?
}

/// All keys, once.
enum Keymap {
  /// In the order of the footer and the help.
  static let bindings: [Binding] =
    pipeline + cluster + tables + queries + sql + editor + sources + runs + demo + lists
    + everywhere + overlays + grid(.overlay(.checkRows))

  /// The bindings of a place.
  static func bindings(of place: Place) -> [Binding] { bindings.filter { $0.place == place } }

  /// What a key does where the first place counts most.
  static func action(for key: Key, in places: [Place]) -> Action? {
    for place in places {
      if let found = bindings.first(where: { $0.place == place && $0.keys.contains(key) }) {
        return found.action
      }
    }
    return nil
  }

  /// Whether a screen has a key for an action.
  static func offers(_ action: Action, in screen: ScreenID) -> Bool {
    bindings.contains { $0.place == .screen(screen) && $0.action == action }
  }

  static func at(
    _ place: Place, _ keys: [Key], _ action: Action, _ title: String, _ help: String,
    hint: String? = nil
  ) -> Binding {
    Binding(
      place: place, keys: keys, action: action, title: title, help: help, hint: hint)
  }

  private static let pipeline: [Binding] = [
    at(.screen(.pipeline), ["r"], .runStage, "run stage", "Run the selected stage.", hint: "run"),
    at(.screen(.pipeline), ["a"], .runAll, "run all", "Run all stages.", hint: "run all"),
    at(
      .screen(.pipeline), ["f"], .runFromHere, "from here",
      "Run the selected stage and all after it.", hint: "from here"),
    at(
      .screen(.pipeline), ["c"], .cancelRun, "cancel",
      "Cancel the run, and say when the server has stopped.", hint: "cancel"),
    at(
      .screen(.pipeline), ["s"], .showSQL, "SQL", "Show the stage's statements.",
      hint: "SQL"),
    at(
      .screen(.pipeline), [.enter], .open, "details",
      "What the stage does, what it waits for, its past runs, its error.", hint: "details"),
    at(
      .screen(.pipeline), ["x"], .showRejects, "rejects",
      "The records that could not be stored, with file, line and reason; on check, the rows that its "
        + "checks are about.", hint: "rejects"),
    at(
      .screen(.pipeline), ["m"], .setMaxRejects, "max rejects",
      "How many rejects a stage may have before it fails."),
    at(
      .screen(.pipeline), ["."], .followRun, "follow the run",
      "Select the stage that runs, and go on with the run."),
    at(
      .screen(.pipeline), ["K", .shift(.up)], .logUp, "log up", "Scroll the stage's log back."),
    at(
      .screen(.pipeline), ["J", .shift(.down)], .logDown, "log down",
      "Scroll the stage's log on."),
  ]

  private static let runs: [Binding] = [
    at(
      .screen(.runs), [.enter], .open, "open",
      "Everything about the run; on one of its checks, the rows that it is about.", hint: "open"),
    at(.screen(.runs), [.space], .mark, "mark", "Mark a run, to compare two.", hint: "mark"),
    at(
      .screen(.runs), ["v"], .compare, "compare", "The two marked runs side by side.",
      hint: "compare"),
    at(
      .screen(.runs), ["x"], .showRejects, "rejects",
      "The records that the run could not store.", hint: "rejects"),
    at(.screen(.runs), ["R"], .refresh, "refresh", "Read the runs again.", hint: "refresh"),
    at(.screen(.runs), [.right, "l"], .right, "next part", "Stages, checks, configuration."),
    at(.screen(.runs), [.left, "h"], .left, "part before", "Stages, checks, configuration."),
  ]

  private static let lists: [Binding] = [
    at(.lists, [.up, "k"], .move(.up), "up", "One up."),
    at(.lists, [.down, "j"], .move(.down), "down", "One down."),
    at(.lists, [.pageUp, .control("b")], .move(.pageUp), "page up", "One page up."),
    at(.lists, [.pageDown, .control("f")], .move(.pageDown), "page down", "One page down."),
    at(.lists, [.control("u")], .move(.halfPageUp), "half a page up", "Half a page up."),
    at(.lists, [.control("d")], .move(.halfPageDown), "half a page down", "Half a page down."),
    at(
      .lists, ["/"], .filter, "filter",
      "Show only the rows that contain a text; in a text, find it."),
    at(.lists, ["n"], .findNext, "find next", "In a text: the next place."),
    at(.lists, ["N"], .findPrevious, "find before", "In a text: the place before."),
    at(.lists, ["g", .home], .move(.first), "to the start", "To the first one."),
    at(.lists, ["G", .end], .move(.last), "to the end", "To the last one."),
  ]

  private static let everywhere: [Binding] =
    [
      at(.everywhere, ["?"], .help, "help", "The keys of this screen.", hint: "help"),
      at(.everywhere, [":"], .palette, "command", "Every action by its name.", hint: "command"),
      at(
        .everywhere, ["L"], .log, "command log",
        "Every statement that ran, with its time and its rows."),
      at(.everywhere, ["!"], .showError, "last error", "The last error in full."),
      at(.everywhere, [.tab], .nextScreen, "next screen", "Go to the next screen."),
      at(.everywhere, [.backTab], .previousScreen, "screen before", "Go to the screen before."),
    ]
    + ScreenID.allCases.map { screen in
      at(
        .everywhere, [.character(Character("\(screen.rawValue)"))], .show(screen),
        "go to \(screen.title)",
        "Go to the screen \(screen.title).")
    } + [
      at(.everywhere, [.escape], .back, "back", "One level back; never quits."),
      at(
        .everywhere, [], .demo(.start), "demo",
        "A guided walk over the screens, with captions."),
      at(
        .everywhere, [], .cancelExport, "cancel the export",
        "Stop writing the file; nothing of it stays."),
      at(.everywhere, [.control("l")], .repaint, "repaint", "Draw the whole screen again."),
      at(.everywhere, [.control("z")], .suspend, "suspend", "Stop the program; `fg` goes on."),
      at(
        .everywhere, [], .useTheme(.dark), "theme: dark", "Colours for a dark background."),
      at(
        .everywhere, [], .useTheme(.light), "theme: light", "Colours for a light background."),
      at(
        .everywhere, [], .useTheme(.neutral), "theme: any background",
        "Colours that can be read on a dark and on a light background."),
      at(
        .everywhere, [], .useTheme(.monochrome), "theme: monochrome",
        "Bold, reverse and underline only."),
      at(
        .everywhere, [.control("c")], .interrupt, "cancel or quit",
        "Cancel what runs; when nothing does, ask whether to quit."),
      at(
        .everywhere, ["q"], .quit, "quit", "Quit; asks only while a run goes on.", hint: "quit"),
    ]

  private static let overlays: [Binding] =
    OverlayKind.allCases.filter { !$0.isTyped }.map { kind in
      at(.overlay(kind), [.escape, "q"], .back, "close", "Close this.", hint: "close")
    } + [
      at(.overlay(.viewer), ["y"], .copy, "copy", "Copy all of the text.", hint: "copy"),
      at(.overlay(.log), [.enter], .open, "open", "The whole statement.", hint: "open"),
      at(.overlay(.log), ["y"], .copy, "copy", "Copy the statement.", hint: "copy"),
      at(.overlay(.rejects), [.enter], .open, "open", "The whole record.", hint: "open"),
      at(.overlay(.rejects), ["y"], .copy, "copy", "Copy the record's text.", hint: "copy"),
      at(.overlay(.checkRows), [.enter], .open, "open", "The whole row.", hint: "open"),
      at(.overlay(.checkRows), ["s"], .showSQL, "SQL", "The check and its SQL.", hint: "SQL"),
      at(.overlay(.checkRows), ["n"], .findNext, "next check", "The next check with rows."),
      at(.overlay(.checkRows), ["N"], .findPrevious, "check before", "The check before."),
      at(.overlay(.palette), [.escape, .control("c")], .back, "close", "Close.", hint: "close"),
      at(.overlay(.palette), [.enter], .accept, "do it", "Do the selected action.", hint: "do it"),
      at(.overlay(.palette), [.up, .control("p")], .move(.up), "up", "One up.", hint: "up"),
      at(
        .overlay(.palette), [.down, .control("n")], .move(.down), "down", "One down.",
        hint: "down"),
      at(.overlay(.palette), [.pageUp], .move(.pageUp), "page up", "One page up."),
      at(.overlay(.palette), [.pageDown], .move(.pageDown), "page down", "One page down."),
      at(
        .overlay(.prompt), [.escape, .control("c")], .back, "close", "Leave it as it is.",
        hint: "close"),
      at(
        .overlay(.filter), [.escape, .control("c")], .back, "show all", "Show all again.",
        hint: "show all"),
      at(.overlay(.filter), [.enter], .accept, "keep", "Keep the filter.", hint: "keep"),
      at(.overlay(.prompt), [.enter], .accept, "set", "Take what is typed.", hint: "set"),
      at(
        .overlay(.form), [.escape, .control("c")], .back, "close", "Leave it as it is.",
        hint: "close"),
      at(.overlay(.form), [.enter], .accept, "go", "Take the values.", hint: "go"),
      at(.overlay(.form), [.up, .backTab], .move(.up), "field before", "To the field before."),
      at(
        .overlay(.form), [.down, .tab], .move(.down), "next field", "To the next field.",
        hint: "next field"),
    ]
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  /// A letter stands for its key: `["r", .enter]`.
  init(unicodeScalarLiteral value: Unicode.Scalar) { self = .character(Character(value)) }
}
