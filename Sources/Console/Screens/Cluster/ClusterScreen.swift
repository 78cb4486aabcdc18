import Warehouse

/// The warehouse itself: its configuration, what the server says, whether it can be reached.
struct ClusterScreen: Screen {
  /// A part of the screen that keys can go to.
  enum Part: CaseIterable, Sendable { case reachability, configuration, facts, operation }

  var status = Loadable<WarehouseStatus>()
  /// How the warehouse in the cloud stands, asked for by itself while it changes.
  var look = Loadable<CloudStatus?>()
  /// What others do on it, asked for before it is paused by itself.
  var work = Loadable<OtherWork>()
  /// When the status came.
  var loadedAt: Timestamp?
  /// What is being done to the warehouse in the cloud, until Esc closes it.
  var operation: CloudProgress?
  private(set) var focus = Part.configuration
  private(set) var positions: [Part: ListPosition] = [:]

  /// Settings that contain this are shown.
  private var settingFilter = ""
  var filter: String? {
    get { settingFilter }
    set {
      settingFilter = newValue ?? ""
      focus = .configuration
    }
  }

  /// The rows of the configuration that are shown.
  var settings: [ConfigurationRow] {
    guard let status = status.value else { return [] }
    let rows =
      status.findings.map(ConfigurationRow.finding)
      + status.configuration.map(ConfigurationRow.value)
    return settingFilter.isEmpty
      ? rows : rows.filter { contains(settingFilter, $0.cells.map(\.text)) }
  }

  /// How many rows a part has.
  func count(of part: Part, _ context: Context) -> Int {
    switch part {
    case .reachability: status.value?.reachability.count ?? 0
    case .configuration: settings.count
    case .facts: facts(context).count
    case .operation: operation?.rows.count ?? 0
    }
  }

  func position(of part: Part) -> ListPosition { positions[part] ?? ListPosition() }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement):
      let height = height(of: focus, context)
      positions[focus, default: ListPosition()].move(
        movement, count: count(of: focus, context), height: height)
    case .right: focus = neighbour(1)
    case .left: focus = neighbour(-1)
    case .open: return viewer(context).map { [.overlay(.viewer($0))] } ?? []
    case .copy: return selectedText(context).map { [.effect(.copy($0))] } ?? []
    case .editConfiguration:
      return editConfiguration()
    case .reload: return [.effect(.reloadConfiguration)]
    case .cluster(let action): return perform(action, context)
    case .back: closeOperation()
    default: break
    }
    return []
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .editConfiguration:
      if context.isRunning { return "a run goes on with this configuration" }
      return status.value?.configurationPath == nil && status.value?.newConfigurationPath == nil
        ? "no configuration file is known" : nil
    case .reload: return context.isRunning ? "a run goes on with this configuration" : nil
    case .provision: return refusalToProvision(context)
    case .cluster(let action): return refusal(of: action, context)
    case .open, .copy: return viewer(context) == nil ? "nothing is selected" : nil
    default: return nil
    }
  }

  /// Opens the configuration; asks before one is made.
  private func editConfiguration() -> [Request] {
    if let path = status.value?.configurationPath { return [.effect(.edit(path))] }
    guard let path = status.value?.newConfigurationPath else { return [] }
    let choice = Choice(
      title: "There is no dwh.cfg",
      text:
        "One can be made from the shipped example, which explains every setting and changes none: "
        + path,
      answers: [
        .init(key: "y", title: "make it and open it", meaning: .createConfiguration(path)),
        .init(key: .escape, title: "leave it", meaning: .stay),
      ])
    return [.overlay(.choice(choice))]
  }

  private func neighbour(_ step: Int) -> Part {
    let parts = order
    guard let index = parts.firstIndex(of: focus) else { return focus }
    return parts[(index + step + parts.count) % parts.count]
  }

  /// As they lie on the screen, so that the keys go the way that the eye does.
  var order: [Part] {
    [.facts, operation == nil ? .reachability : .operation, .configuration]
  }

  mutating func focusOnOperation() {
    focus = .operation
    positions[.operation] = ListPosition()
  }

  /// Takes in what is told of what is being done, and keeps its last step in sight.
  mutating func take(_ event: CloudEvent, _ context: Context) {
    operation?.take(event, at: context.moment.uptime)
    guard case .started = event else { return }
    let count = count(of: .operation, context)
    positions[.operation, default: ListPosition()].select(
      count - 1, count: count, height: height(of: .operation, context))
  }

  private mutating func closeOperation() {
    guard !isChanging else { return }
    operation = nil
    if focus == .operation { focus = .reachability }
  }

  // MARK: Over sessions

  var saved: [String: JSONValue] {
    ["part": .string("\(focus)"), "filter": .string(settingFilter)]
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    settingFilter = saved["filter"]?.text ?? ""
    focus = order.first { "\($0)" == saved["part"]?.text } ?? focus
  }

  // MARK: Selection

  private func selectedIndex(_ context: Context) -> Int? {
    let count = count(of: focus, context)
    let index = position(of: focus).selection(count: count)
    return index < count ? index : nil
  }

  private func selectedText(_ context: Context) -> String? {
    guard let value = status.value, let index = selectedIndex(context) else { return nil }
    switch focus {
    case .reachability: return value.reachability[index].detail
    case .configuration: return settings[index].copiedText
    case .facts: return facts(context)[index].value
    case .operation: return operation?.rows[index].note
    }
  }

  private func viewer(_ context: Context) -> TextViewer? {
    guard let value = status.value, let index = selectedIndex(context) else { return nil }
    switch focus {
    case .reachability: return value.reachability[index].viewer
    case .configuration: return settings[index].viewer
    case .facts:
      let fact = facts(context)[index]
      return TextViewer(title: fact.label, lines: TextPane.lines(fact.value), copy: fact.value)
    case .operation: return operation?.rows[index].viewer
    }
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return false }
    let wasSelected = focus == part && item == selectedIndex(context)
    focus = part
    if let item {
      let height = height(of: part, context)
      positions[part, default: ListPosition()].select(
        item, count: count(of: part, context), height: height)
    }
    return wasSelected
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return }
    let height = height(of: part, context)
    positions[part, default: ListPosition()].scroll(
      rows, count: count(of: part, context), height: height)
  }
}

extension ClusterScreen.Part {
  var title: String {
    switch self {
    case .reachability: "Reachability"
    case .configuration: "Configuration"
    case .facts: "Server"
    case .operation: "Cloud"
    }
  }

  var pane: Pane {
    switch self {
    case .reachability: "reachability"
    case .configuration: "configuration"
    case .facts: "facts"
    case .operation: "operation"
    }
  }
}

extension ReachabilityStep {
  fileprivate var viewer: TextViewer {
    var lines = [outcome.look.line, Line()] + TextPane.lines(detail)
    if let remedy { lines += [Line(), Line("→ " + remedy, .accent)] }
    return TextViewer(title: name, lines: lines, copy: lines.map(\.text).joined(separator: "\n"))
  }
}

extension ReachabilityStep.Outcome {
  var look: StateLook {
    switch self {
    case .passed: StateLook(glyph: "✓", word: "ok", style: .success)
    case .warning: StateLook(glyph: "!", word: "warning", style: .warning)
    case .failed: .failed
    case .skipped: StateLook(glyph: "·", word: "skipped", style: .muted)
    }
  }
}
