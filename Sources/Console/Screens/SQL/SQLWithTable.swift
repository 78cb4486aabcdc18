/// A table that a statement's WITH defines, with its columns as far as the text tells them.
struct SQLWithTable: Equatable, Sendable {
  var name: String
  /// The columns that it names.
  var columns: [String] = []
  /// The tables whose columns it all has, where it selects `*`.
  var wholeTables: [SQLPlace.Table] = []

  /// - Parameter place: that of the AS between name and query: `name AS (`, `name (a, b) AS (`.
  init?(in words: [SQLPlace.Word], as place: Int) {
    guard place > 0 else { return nil }
    let before = words[place - 1]
    if before.isName {
      name = before.name
      readSelection(of: SQLWithTable.group(in: words, at: place + 1))
    } else {
      guard before.isMark(")"),
        let open = words[..<place].lastIndex(where: { $0.isMark("(") }), open > 0,
        words[open - 1].isName
      else { return nil }
      name = words[open - 1].name
      columns = words[open..<place].filter(\.isName).map(\.name)
    }
  }

  /// What stands between the parenthesis at a place and its end, or that of the text.
  private static func group(in words: [SQLPlace.Word], at place: Int) -> ArraySlice<SQLPlace.Word> {
    var depth = 0
    for index in place..<words.count {
      if words[index].isMark("(") { depth += 1 }
      if words[index].isMark(")") { depth -= 1 }
      if depth == 0 { return words[place + 1..<index] }
    }
    return words[min(place + 1, words.count)...]
  }

  /// Takes the names of what is selected first.
  private mutating func readSelection(of query: ArraySlice<SQLPlace.Word>) {
    guard query.first?.is("SELECT") == true else { return }
    var depth = 0
    var item: [SQLPlace.Word] = []
    for word in query.dropFirst() {
      if word.isMark("(") { depth += 1 }
      if word.isMark(")") { depth -= 1 }
      if depth == 0, word.is("FROM") { break }
      if depth == 0, item.isEmpty, word.is("DISTINCT") || word.is("ALL") { continue }
      if depth == 0, word.isMark(",") {
        add(item, of: query)
        item = []
      } else {
        item.append(word)
      }
    }
    add(item, of: query)
  }

  /// Adds what one item of a selection is called: by the name behind it, or that of the column or
  /// the function that it is.
  private mutating func add(_ item: [SQLPlace.Word], of query: ArraySlice<SQLPlace.Word>) {
    guard let last = item.last, let first = item.first else { return }
    if last.isMark("*") {
      let tables = SQLPlace.tables(in: Array(query)).0
      let isOne = item.count > 1 && first.isName
      wholeTables += isOne ? tables.filter { ($0.alias ?? $0.name) == first.name } : tables
    } else if last.isName {
      columns.append(last.name)
    } else if last.isMark(")"), item.count > 2, first.isName, item[1].isMark("(") {
      columns.append(first.name)
    }
  }
}
