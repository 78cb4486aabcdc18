import Warehouse

extension SQLScreen {
  mutating func type(_ typing: Typing, _ context: Context) -> [Request]? {
    if search != nil { return typeSearch(typing, context) }
    switch typing {
    case .paste(let text):
      startTyping()
      editor.insert(text)
      reveal(context)
      return []
    case .key(let key): return isTyping ? press(key, context) : nil
    }
  }

  private mutating func press(_ key: Key, _ context: Context) -> [Request]? {
    if let requests = pressInCompletion(key) { return requests }
    switch key {
    case .escape:
      isTyping = false
      completion = nil
      return []
    case .control("c") where isRunning: return perform(.sql(.cancel), context)
    case _ where Keymap.edit(for: key)?.action == .complete: return edit(.complete, context)
    case .tab where editor.selection == nil && isBehindName:
      complete()
      if completion?.candidates.count == 1 { acceptCompletion() }
      if completion != nil { return [] }
    default: break
    }
    let version = editor.version
    let answer = editor.take(key, page: parts(context).editor.rows)
    if answer != .ignored { reveal(context) }
    follow(key, changed: editor.version != version)
    return answer == .ignored && !isText(key) ? nil : SQLScreen.requests(answer)
  }

  /// Edits the text, typing or not.
  mutating func edit(_ action: EditAction, _ context: Context) -> [Request] {
    if action == .complete {
      startTyping()
      complete()
      return completion == nil ? [.notice("nothing fits here")] : []
    }
    completion = nil
    let answer = editor.perform(action, page: parts(context).editor.rows)
    reveal(context)
    return SQLScreen.requests(answer)
  }

  private static func requests(_ answer: TextEditor.Answer) -> [Request] {
    switch answer {
    case .ignored, .taken: []
    case .copied(let text): [.effect(.copy(text))]
    case .refused(let why): [.notice(why)]
    }
  }

  /// Whether a key would be an action elsewhere only because nobody types there.
  private func isText(_ key: Key) -> Bool { key.typed != nil }

  mutating func reveal(_ context: Context) {
    let place = parts(context).editor
    editor.reveal(rows: place.rows, columns: place.columns - editor.gutter - 1)
  }

  // MARK: Completion

  private var isBehindName: Bool {
    let head = editor.buffer.line(editor.cursor.line).head(editor.cursor.column)
    return head.last.map { $0.isWordPart || $0 == "." } ?? false
  }

  mutating func complete() {
    completion = SQLCompletion(
      in: editor.buffer, at: editor.cursor, names.value ?? CatalogNames())
  }

  /// After a letter or a dot the list comes by itself; it goes with anything else.
  private mutating func follow(_ key: Key, changed: Bool) {
    let wasOpen = completion != nil
    completion = nil
    guard changed else { return }
    if let letter = key.typed, letter.isWordPart || letter == "." {
      complete()
      let typed = completion.map { editor.buffer.text(in: $0.range) } ?? ""
      if letter != ".", typed.count < 2, !wasOpen { completion = nil }
    } else if key == .backspace, wasOpen, isBehindName {
      complete()
    }
  }

  private mutating func pressInCompletion(_ key: Key) -> [Request]? {
    guard var open = completion else { return nil }
    switch key {
    case .up, .down, .pageUp, .pageDown:
      let movement: Movement =
        key == .up ? .up : key == .down ? .down : key == .pageUp ? .pageUp : .pageDown
      open.position.move(movement, count: open.candidates.count, height: SQLScreen.popupRows)
      open.isChosen = true
      completion = open
    case .tab: acceptCompletion()
    case .enter where open.isChosen: acceptCompletion()
    case .escape: completion = nil
    default: return nil
    }
    return []
  }

  mutating func acceptCompletion() {
    guard let open = completion, let chosen = open.selected else { return }
    editor.replace(open.range, with: chosen.text)
    completion = nil
  }

  /// The rows of the list.
  static let popupRows = 8

  // MARK: History

  private mutating func typeSearch(_ typing: Typing, _ context: Context) -> [Request]? {
    guard var open = search else { return nil }
    let found = open.found(in: history)
    switch typing {
    case .paste(let text): open.field.insert(String(text.prefix(200)))
    case .key(.escape), .key(.control("c")), .key(.control("g")):
      (search, lastSearch) = (nil, open)
      return []
    case .key(.enter), .key(.tab):
      acceptSearch(context)
      return []
    case .key(.up): open.move(.up, count: found.count)
    case .key(.down), .key(.control("r")): open.move(.down, count: found.count)
    case .key(.pageUp): open.move(.pageUp, count: found.count)
    case .key(.pageDown): open.move(.pageDown, count: found.count)
    case .key(let key):
      guard open.field.take(key) else { return nil }
      open.position = ListPosition()
    }
    search = open
    return []
  }

  /// Takes the statement that the search points at.
  mutating func acceptSearch(_ context: Context) {
    guard let open = search else { return }
    let found = open.found(in: history)
    let index = open.position.selection(count: found.count)
    (search, lastSearch) = (nil, open)
    guard found.indices.contains(index) else { return }
    takeFromHistory(found[index])
    reveal(context)
  }

  /// Puts an old statement behind what is there: nothing written is lost.
  private mutating func takeFromHistory(_ sql: String) {
    startTyping()
    if let selection = editor.selection {
      editor.replace(selection, with: sql)
      return
    }
    editor.go(to: editor.buffer.end)
    let text = editor.text
    let last = text.last { !$0.isWhitespace }
    let gap = text.isEmpty ? "" : last == ";" || last == nil ? "\n\n" : ";\n\n"
    editor.insert((text.hasSuffix("\n") && gap == "\n\n" ? "" : gap) + sql)
  }
}

/// The search in what was run before.
struct HistorySearch: Equatable, Sendable {
  var field = InputField()
  var position = ListPosition()

  /// The statements that contain every word that was typed, the latest first.
  func found(in history: [String]) -> [String] {
    let words = field.text.lowercased().split(separator: " ")
    guard !words.isEmpty else { return history }
    return history.filter { statement in
      let statement = statement.lowercased()
      return words.allSatisfy { statement.contains($0) }
    }
  }

  /// Moves in the list.
  mutating func move(_ movement: Movement, count: Int) {
    position.move(movement, count: count, height: SQLScreen.popupRows)
  }
}
