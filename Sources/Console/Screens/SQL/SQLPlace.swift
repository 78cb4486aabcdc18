import Warehouse

/// Where in a statement the cursor stands: what is being written, and which tables are named.
struct SQLPlace: Equatable, Sendable {
  /// A table that the statement names.
  struct Table: Equatable, Sendable {
    var schema: String?
    var name: String
    var alias: String?
  }

  /// The part of a name before the cursor.
  var prefix: String
  /// Its place.
  var range: Range<TextPosition>
  /// The name before the dot that stands before the prefix.
  var qualifier: String?
  /// Whether a table is wanted here: after FROM, JOIN, INTO, UPDATE, TABLE.
  var wantsTable = false
  /// The tables that the statement names, before and behind the cursor.
  var tables: [Table] = []
  /// What its WITH defines.
  var commonTables: [SQLWithTable] = []
  /// Whether keywords are written in capitals here.
  var isInCapitals: Bool

  struct Word {
    var text: String
    var isQuoted = false
    /// A mark: one byte, as text.
    var isMark = false

    /// The name as the catalog holds it.
    var name: String { isQuoted ? text : text.lowercased() }
    /// Whether it can be the name of something.
    var isName: Bool { !isMark && (isQuoted || !SQLKeywords.contains(text)) }
    func isMark(_ mark: String) -> Bool { isMark && text == mark }
    func `is`(_ keyword: String) -> Bool { !isQuoted && !isMark && text.uppercased() == keyword }
  }

  /// nil in strings, comments and numbers.
  init?(in buffer: TextBuffer, at cursor: TextPosition) {
    // Where nothing is written yet, the text before and behind is the statement.
    let statement = buffer.statement(at: cursor)
    let low = min(statement?.lowerBound ?? cursor, cursor)
    let high = max(statement?.upperBound ?? cursor, cursor)
    let head = Array(buffer.text(in: low..<cursor).utf8)
    // A statement of megabytes is not looked through at every key.
    let tail = buffer.text(in: cursor..<high).utf8
    guard head.count + tail.count < 200_000 else { return nil }
    let reading = buffer.reading(low.line).state
    var lexer = SQLLexer(head, resuming: low.column == 0 ? reading : .code)
    var words: [Word] = []
    var last: SQLToken?
    while let token = lexer.next() {
      last = token
      SQLPlace.append(token, of: head, to: &words)
    }
    guard lexer.state == .code else { return nil }
    prefix = ""
    if let last {
      switch last.kind {
      case .word where last.range.upperBound == head.count:
        prefix = words.popLast()?.text ?? ""
      case .comment where head.last != UInt8(ascii: "\n"), .number, .namedParameter,
        .numberedParameter:
        return nil
      default: break
      }
    }
    let start = TextPosition(line: cursor.line, column: cursor.column - prefix.utf8.count)
    range = start..<cursor
    if words.last?.isMark == true, words.last?.text == ".", words.count > 1 {
      qualifier = words[words.count - 2].name
    }
    wantsTable = SQLPlace.wantsTable(behind: words)
    let typed = prefix.isEmpty ? words.last { SQLKeywords.contains($0.text) }?.text : prefix
    isInCapitals = typed.map { $0.uppercased() == $0 } ?? true
    for token in SQLPlace.tokens(of: Array(tail)) {
      SQLPlace.append(token, of: Array(tail), to: &words)
    }
    (tables, commonTables) = SQLPlace.tables(in: words)
  }

  private static func tokens(of bytes: [UInt8]) -> [SQLToken] {
    var lexer = SQLLexer(bytes)
    var tokens: [SQLToken] = []
    while let token = lexer.next() { tokens.append(token) }
    return tokens
  }

  private static func append(_ token: SQLToken, of bytes: [UInt8], to words: inout [Word]) {
    let text = String(decoding: bytes[token.range], as: UTF8.self)
    switch token.kind {
    case .word: words.append(Word(text: text))
    case .quotedName:
      let inner = text.dropFirst().dropLast(text.utf8.count > 1 && text.hasSuffix("\"") ? 1 : 0)
      let name = inner.split(separator: "\"\"").joined(separator: "\"")
      words.append(Word(text: name, isQuoted: true))
    case .symbol, .semicolon: words.append(Word(text: text, isMark: true))
    case .number, .string: words.append(Word(text: "", isMark: true))
    case .blank, .comment, .namedParameter, .numberedParameter: break
    }
  }

  private static let introducers = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE"]

  /// Whether what follows names a table: behind FROM and the like, or a comma in such a list.
  private static func wantsTable(behind words: [Word]) -> Bool {
    guard let last = words.last else { return false }
    if introducers.contains(where: last.is) { return true }
    guard last.isMark, last.text == "," else { return false }
    for word in words.dropLast().reversed() {
      if word.isMark, word.text != ",", word.text != "." { return false }
      if introducers.contains(where: word.is) { return true }
      if !word.isMark, !word.isQuoted, SQLKeywords.contains(word.text), !word.is("AS") {
        return false
      }
    }
    return false
  }

  /// The tables that some words name, and what their WITH defines.
  static func tables(in words: [Word]) -> ([Table], [SQLWithTable]) {
    var tables: [Table] = []
    var common: [SQLWithTable] = []
    var index = 0
    func word(_ index: Int) -> Word? { words.indices.contains(index) ? words[index] : nil }
    func isName(_ word: Word?) -> Bool { word?.isName ?? false }
    while let current = word(index) {
      index += 1
      if current.is("AS"), word(index)?.isMark("(") == true,
        let table = SQLWithTable(in: words, as: index - 1)
      {
        common.append(table)
      }
      guard introducers.contains(where: current.is) else { continue }
      repeat {
        guard isName(word(index)), let first = word(index) else { break }
        var table = Table(schema: nil, name: first.name, alias: nil)
        index += 1
        if word(index)?.text == ".", isName(word(index + 1)), let second = word(index + 1) {
          table = Table(schema: first.name, name: second.name, alias: nil)
          index += 2
        }
        if word(index)?.is("AS") == true { index += 1 }
        if isName(word(index)), let alias = word(index) {
          table.alias = alias.name
          index += 1
        }
        tables.append(table)
        guard word(index)?.text == ",", word(index)?.isMark == true else { break }
        index += 1
      } while index < words.count
    }
    return (tables, common)
  }
}
