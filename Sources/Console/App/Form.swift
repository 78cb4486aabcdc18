/// Values that are asked for, each with a name, and some with choices.
struct Form: Equatable, Sendable {
  /// What the values are for.
  enum Purpose: Equatable, Sendable {
    case runQuery(String)
    case export(ExportOffer)
    case copyQuery(String)
    /// Of this statement.
    case createQuery(String)
    /// Of the warehouse of that name.
    case teardown(String)
  }

  /// One value.
  struct Field: Equatable, Sendable {
    var name: String
    /// What kind of value it takes: "text", "date".
    var note: String
    /// The values to choose from; empty when one is typed.
    var choices: [String] = []
    var input: InputField
    /// Why it cannot be taken.
    var problem: String?

    var value: String { input.text }
  }

  var title: String
  var purpose: Purpose
  var fields: [Field]
  private(set) var focus = 0

  init(title: String, purpose: Purpose, fields: [Field]) {
    (self.title, self.purpose, self.fields) = (title, purpose, fields)
  }

  /// The value of a field.
  func value(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

  /// Goes to another field, round at the ends.
  mutating func move(_ step: Int) {
    guard !fields.isEmpty else { return }
    focus = (focus + step + fields.count) % fields.count
  }

  /// Goes to a field.
  mutating func select(_ index: Int) { if fields.indices.contains(index) { focus = index } }

  /// Takes a key; `false` when it means nothing to the field.
  mutating func take(_ key: Key) -> Bool {
    guard fields.indices.contains(focus) else { return false }
    fields[focus].problem = nil
    guard !fields[focus].choices.isEmpty else { return fields[focus].input.take(key) }
    switch key {
    case .left: choose(-1)
    case .right, .space: choose(1)
    default: return key.typed != nil
    }
    return true
  }

  /// Inserts pasted text, unless it is too long.
  mutating func paste(_ text: String) {
    guard fields.indices.contains(focus), fields[focus].choices.isEmpty else { return }
    fields[focus].problem = fields[focus].input.paste(text) ? nil : InputField.tooLong
  }

  private mutating func choose(_ step: Int) {
    let choices = fields[focus].choices
    let current = choices.firstIndex(of: fields[focus].value) ?? 0
    let next = (current + step + choices.count) % choices.count
    fields[focus].input = InputField(choices[next])
  }

  /// Its size on the screen.
  var size: Size { Size(columns: 72, rows: fields.count * 2 + 3) }

  /// Draws it.
  func draw(in place: Rect, of frame: inout Frame) {
    let inner = frame.box(place, title: Line(title, .accent.bold), style: Style(role: .focus))
    let names = fields.map { CellText.width(of: $0.name) }.max() ?? 0
    let width = min(names, inner.columns / 3)
    // Where there is too little room, the field with the focus is seen.
    let first = max(0, min(fields.count, focus + 1) - max(1, inner.rows / 2))
    for (index, field) in fields.enumerated().dropFirst(first) {
      let row = inner.row + 1 + (index - first) * 2
      guard row < inner.endRow else { return }
      let isFocused = index == focus
      frame.write(
        isFocused ? "›" : " ", row: row, column: inner.column, style: .key.bold)
      frame.write(
        field.name, row: row, column: inner.column + 2, width: width,
        style: isFocused ? .accent.bold : .muted)
      let value = Rect(
        row: row, column: inner.column + width + 4, rows: 1, columns: inner.columns - width - 4)
      draw(field, isFocused: isFocused, in: value, of: &frame)
      frame.mark(
        Rect(row: row, column: inner.column, rows: 1, columns: inner.columns),
        as: .item("form", index))
    }
  }

  private func draw(_ field: Field, isFocused: Bool, in place: Rect, of frame: inout Frame) {
    if !field.choices.isEmpty {
      var line = Line()
      for choice in field.choices {
        let isChosen = choice == field.value
        line += Line(
          isChosen ? "[\(choice)]" : " \(choice) ",
          isChosen ? (isFocused ? .accent.bold : .bold) : .muted)
      }
      frame.write(line, row: place.row, column: place.column, width: place.columns)
    } else if isFocused {
      field.input.draw(in: place, of: &frame, placeholder: field.note)
    } else {
      frame.write(
        field.value.isEmpty ? field.note : field.value, row: place.row, column: place.column,
        width: place.columns, style: field.value.isEmpty ? .muted : .plain)
    }
    if let problem = field.problem {
      frame.write(
        problem, row: place.row + 1, column: place.column, width: place.columns, style: .failure)
    }
  }
}
